package greenwave.engine.dqn;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Reads masks u8 [R, A], 1 where an action is legal. */
final class LegalActions {
    private LegalActions() {}

    static int count(final MemorySegment legal, final int row, final int actions) {
        int count = 0;
        for (int action = 0; action < actions; action++) {
            count += isLegal(legal, row, action, actions) ? 1 : 0;
        }
        return count;
    }

    /** {@return the legal action that {@code rank} legal ones precede} */
    static int atRank(final MemorySegment legal, final int row, final int rank, final int actions) {
        int action = -1;
        for (int left = rank; left >= 0; left--) {
            do {
                action++;
            } while (!isLegal(legal, row, action, actions));
        }
        return action;
    }

    private static boolean isLegal(
            final MemorySegment legal, final int row, final int action, final int actions) {
        return legal.get(ValueLayout.JAVA_BYTE, (long) row * actions + action) != 0;
    }
}

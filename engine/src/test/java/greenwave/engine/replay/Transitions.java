package greenwave.engine.replay;

import java.lang.foreign.MemorySegment;

/** Adds transitions that have nothing in common. */
public final class Transitions {
    private Transitions() {}

    /** Stores both observations and the transition between them, from row {@code row} of each segment. */
    public static void add(
            final Replay replay,
            final int row,
            final MemorySegment obs,
            final int action,
            final float reward,
            final float discount,
            final MemorySegment nextObs,
            final MemorySegment nextLegal) {
        final int observed = replay.observe(row, obs, null);
        final int next = replay.observe(row, nextObs, null);
        replay.add(observed, action, reward, discount, next, row, nextLegal, 0);
    }
}

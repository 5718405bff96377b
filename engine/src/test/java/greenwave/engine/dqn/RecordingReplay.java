package greenwave.engine.dqn;

import greenwave.engine.replay.BatchBuffers;
import greenwave.engine.replay.Replay;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/** Keeps what is added for a test to look at; one-hot observations are kept as the index of the one. */
final class RecordingReplay implements Replay {
    /** One call of {@link #add}. */
    record Added(
            int cell, int action, float reward, float discount, int nextCell, boolean leftLegal) {}

    final List<Added> added = new ArrayList<>();

    @Override
    public int capacity() {
        return Integer.MAX_VALUE;
    }

    @Override
    public int size() {
        return 0; // never ready: nothing is learned
    }

    @Override
    public void add(
            final int row,
            final MemorySegment obs,
            final int action,
            final float reward,
            final float discount,
            final MemorySegment nextObs,
            final MemorySegment nextLegal) {
        final boolean leftLegal =
                nextLegal.get(ValueLayout.JAVA_BYTE, (long) row * CorridorEnv.ACTIONS) == 1;
        added.add(
                new Added(cell(obs, row), action, reward, discount, cell(nextObs, row), leftLegal));
    }

    private static int cell(final MemorySegment obs, final int row) {
        int cell = 0;
        while (obs.getAtIndex(ValueLayout.JAVA_FLOAT, (long) row * CorridorEnv.CELLS + cell) == 0) {
            cell++;
        }
        return cell;
    }

    @Override
    public void sample(final BatchBuffers batch, final RandomGenerator random) {
        throw new IllegalStateException("never ready");
    }

    @Override
    public void close() {}
}

package greenwave.engine.dqn;

import greenwave.engine.replay.BatchSampler;
import greenwave.kernels.BatchBuffers;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

/** Keeps what is added for a test to look at; one-hot observations are kept as the index of the one. */
final class RecordingReplay implements FakeReplay {
    /** One call of {@link #add}. */
    record Added(
            int cell, int action, float reward, float discount, int nextCell, boolean leftLegal) {}

    final List<Added> added = new ArrayList<>();
    private final List<Integer> cells = new ArrayList<>(); // by number of observation

    @Override
    public int capacity() {
        return Integer.MAX_VALUE;
    }

    @Override
    public int size() {
        return 0; // never ready: nothing is learned
    }

    @Override
    public int observe(final int row, final MemorySegment obs, final MemorySegment image) {
        cells.add(cell(obs, row));
        return cells.size() - 1;
    }

    @Override
    public void add(
            final int observed,
            final int action,
            final float reward,
            final float discount,
            final int next,
            final int row,
            final MemorySegment nextLegal,
            final int episode) {
        final boolean leftLegal =
                nextLegal.get(ValueLayout.JAVA_BYTE, (long) row * CorridorEnv.ACTIONS) == 1;
        added.add(
                new Added(
                        cells.get(observed), action, reward, discount, cells.get(next), leftLegal));
    }

    private static int cell(final MemorySegment obs, final int row) {
        int cell = 0;
        while (obs.getAtIndex(ValueLayout.JAVA_FLOAT, (long) row * CorridorEnv.CELLS + cell) == 0) {
            cell++;
        }
        return cell;
    }

    @Override
    public BatchSampler sampler(final BatchBuffers batch) {
        return null; // never ready
    }
}

package greenwave.engine.replay;

import greenwave.kernels.BatchBuffers;
import greenwave.kernels.Buffer;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.random.RandomGenerator;

/** Draws by priority from a {@link PrioritizedReplay}. */
final class PrioritizedSampler extends GatheringSampler {
    private final PrioritizedReplay replay;
    private final SumTree tree;
    private final SumTree.Sampler sampler;
    private final long[] leaf; // by row, that its slot was drawn with
    private final int[] oneSlot = new int[1];
    private final long[] oneLeaf = new long[1];
    private final MemorySegment errors;
    private final double[] priority;
    private double beta; // of the batch last drawn
    private double least; // the priority whose weight is 1
    private boolean drawn;

    PrioritizedSampler(final PrioritizedReplay replay, final BatchBuffers batch) {
        super(replay, batch);
        this.replay = replay;
        this.tree = replay.tree;
        this.sampler = tree.sampler(batch.size());
        this.leaf = new long[batch.size()];
        this.priority = new double[batch.size()];
        this.errors = Arena.ofAuto().allocate(ValueLayout.JAVA_FLOAT, batch.size());
    }

    @Override
    void draw(final RandomGenerator random, final int size) {
        sampler.sample(random, slot.length, slot, leaf);
    }

    @Override
    void draw(final RandomGenerator random, final int size, final int row) {
        sampler.sample(random, 1, oneSlot, oneLeaf);
        slot[row] = oneSlot[0];
        leaf[row] = oneLeaf[0];
    }

    @Override
    boolean stillHolds(final int row) {
        return tree.stillHolds(slot[row], leaf[row]);
    }

    /** It would only be drawn in vain again. */
    @Override
    void lost(final int row) {
        tree.update(slot[row], SumTree.generation(leaf[row]), 0);
    }

    @Override
    void drawn() {
        drawn = true;
        beta = replay.nextBeta();
        least = replay.smallest == null ? leastOfBatch() : replay.smallest.get();
    }

    private double leastOfBatch() {
        double smallest = Double.POSITIVE_INFINITY;
        for (final long word : leaf) {
            smallest = Math.min(smallest, SumTree.weight(word));
        }
        return smallest;
    }

    /** (N · P)^-beta over its largest value: N and the total cancel. */
    @Override
    float weight(final int row) {
        return (float) Math.min(1, Math.pow(least / SumTree.weight(leaf[row]), beta));
    }

    @Override
    public void update(final Buffer from) {
        replay.requireOpen("update");
        if (!drawn) {
            throw new IllegalStateException("replay.update: expected sample(...) before it");
        }
        from.download(0, errors, 0, slot.length);
        for (int row = 0; row < slot.length; row++) {
            final float error = errors.getAtIndex(ValueLayout.JAVA_FLOAT, row);
            if (!Float.isFinite(error)) {
                throw new IllegalArgumentException(
                        "replay.update: row=%d, error=%s, expected a finite one"
                                .formatted(row, error));
            }
            priority[row] = replay.priorities.of(error);
        }
        for (int row = 0; row < slot.length; row++) {
            if (tree.update(slot[row], SumTree.generation(leaf[row]), priority[row])) {
                replay.priorities.given(priority[row]);
                if (replay.smallest != null) {
                    replay.smallest.given(priority[row]);
                }
            }
        }
    }
}

package greenwave.bench.replay;

import greenwave.engine.replay.SumTree;

import java.util.random.RandomGenerator;

/** Ours. */
final class GreenwaveTree implements PriorityTree {
    private final SumTree tree;

    GreenwaveTree(final int capacity) {
        this.tree = new SumTree(capacity);
    }

    @Override
    public void set(final int slot, final double priority) {
        tree.set(slot, priority);
    }

    @Override
    public void insert(final int slot, final double priority) {
        final int generation = tree.begin(slot);
        if (generation >= 0) {
            tree.publish(slot, generation, priority);
        }
    }

    @Override
    public double total() {
        return tree.total();
    }

    @Override
    public void close() {
        tree.close();
    }

    @Override
    public Learner learner(final int maxBatch) {
        final SumTree.Sampler sampler = tree.sampler(maxBatch);
        final long[] leaves = new long[maxBatch];
        return new Learner() {
            @Override
            public void sample(final RandomGenerator random, final int n, final int[] slots) {
                sampler.sample(random, n, slots, leaves);
            }

            @Override
            public void update(final int n, final int[] slots, final double[] priorities) {
                for (int i = 0; i < n; i++) {
                    if (slots[i] != NONE) {
                        tree.update(slots[i], SumTree.generation(leaves[i]), priorities[i]);
                    }
                }
            }
        };
    }
}

package greenwave.bench.replay;

import java.util.random.RandomGenerator;

/**
 * What binary trees in heap order share: node 1 is the root, {@code 2n} and {@code 2n + 1} are the children of n, and
 * the leaf of slot i is node {@code leaves + i}.
 */
abstract class HeapOrderTree implements PriorityTree {
    /** The number of leaves: the capacity rounded up to a power of two. */
    final int leaves;

    HeapOrderTree(final int capacity) {
        this.leaves = capacity == 1 ? 1 : Integer.highestOneBit(capacity - 1) << 1;
    }

    abstract double sum(int node);

    /** {@return the slot whose interval holds {@code target}, or {@link #NONE} if its priority is 0 by now} */
    final int find(final double target) {
        double rest = target;
        int node = 1;
        while (node < leaves) {
            node <<= 1;
            final double left = sum(node);
            if (rest >= left) {
                rest -= left;
                node++;
            }
        }
        return sum(node) > 0 ? node - leaves : NONE;
    }

    final void findEach(final RandomGenerator random, final int n, final int[] slots) {
        final double width = sum(1) / n;
        for (int i = 0; i < n; i++) {
            slots[i] = find((i + random.nextDouble()) * width);
        }
    }

    @Override
    public void insert(final int slot, final double priority) {
        set(slot, priority);
    }

    @Override
    public double total() {
        return sum(1);
    }

    @Override
    public Learner learner(final int maxBatch) {
        return new Learner() {
            @Override
            public void sample(final RandomGenerator random, final int n, final int[] slots) {
                findEach(random, n, slots);
            }

            @Override
            public void update(final int n, final int[] slots, final double[] priorities) {
                for (int i = 0; i < n; i++) {
                    if (slots[i] != NONE) {
                        set(slots[i], priorities[i]);
                    }
                }
            }
        };
    }

    @Override
    public void close() {}
}

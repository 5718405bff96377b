package greenwave.bench.replay;

import java.util.Arrays;
import java.util.random.RandomGenerator;

/**
 * The segment tree of common Python replays, written as they are for NumPy: arrays over the whole batch, one level at a
 * time, each update setting leaves first and then recomputing the parents. One thread; others take turns at a monitor.
 */
final class NumpyTree extends HeapOrderTree {
    private final double[] sums;

    NumpyTree(final int capacity) {
        super(capacity);
        this.sums = new double[2 * leaves];
    }

    @Override
    double sum(final int node) {
        return sums[node];
    }

    @Override
    public synchronized double total() {
        return sums[1];
    }

    @Override
    public synchronized void set(final int slot, final double priority) {
        write(1, new int[] {slot}, new double[] {priority});
    }

    @Override
    public Learner learner(final int maxBatch) {
        return new Learner() {
            @Override
            public void sample(final RandomGenerator random, final int n, final int[] slots) {
                draw(random, n, slots);
            }

            @Override
            public void update(final int n, final int[] slots, final double[] priorities) {
                write(n, slots, priorities);
            }
        };
    }

    private synchronized void draw(final RandomGenerator random, final int n, final int[] slots) {
        if (sums[1] == 0) {
            Arrays.fill(slots, 0, n, NONE);
            return;
        }
        final double[] rest = new double[n];
        final double width = sums[1] / n;
        for (int i = 0; i < n; i++) {
            rest[i] = (i + random.nextDouble()) * width;
        }
        final int[] node = new int[n];
        Arrays.fill(node, 1);
        for (int level = 1; level < leaves; level <<= 1) {
            for (int i = 0; i < n; i++) {
                final double left = sums[2 * node[i]];
                final boolean right = rest[i] >= left;
                rest[i] -= right ? left : 0;
                node[i] = 2 * node[i] + (right ? 1 : 0);
            }
        }
        for (int i = 0; i < n; i++) {
            slots[i] = sums[node[i]] > 0 ? node[i] - leaves : NONE;
        }
    }

    private synchronized void write(final int n, final int[] slots, final double[] priorities) {
        final int[] node = new int[n];
        int size = 0;
        for (int i = 0; i < n; i++) {
            if (slots[i] != NONE) {
                sums[leaves + slots[i]] = priorities[i];
                node[size++] = leaves + slots[i];
            }
        }
        for (int level = leaves; level > 1; level >>= 1) {
            for (int i = 0; i < size; i++) {
                node[i] >>= 1;
                sums[node[i]] = sums[2 * node[i]] + sums[2 * node[i] + 1];
            }
        }
    }
}

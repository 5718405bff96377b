package greenwave.bench.replay;

import java.util.Arrays;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;

/** A binary tree of doubles under one lock, held for a whole batch by the learner; sums are taken anew, so none drifts. */
final class LockedTree extends HeapOrderTree {
    private final double[] sums;
    private final ReentrantLock lock = new ReentrantLock();

    LockedTree(final int capacity) {
        super(capacity);
        this.sums = new double[2 * leaves];
    }

    @Override
    double sum(final int node) {
        return sums[node];
    }

    @Override
    public double total() {
        lock.lock();
        try {
            return sums[1];
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void set(final int slot, final double priority) {
        lock.lock();
        try {
            write(slot, priority);
        } finally {
            lock.unlock();
        }
    }

    private void write(final int slot, final double priority) {
        int node = leaves + slot;
        sums[node] = priority;
        for (node >>= 1; node >= 1; node >>= 1) {
            sums[node] = sums[2 * node] + sums[2 * node + 1];
        }
    }

    @Override
    public Learner learner(final int maxBatch) {
        return new Learner() {
            @Override
            public void sample(final RandomGenerator random, final int n, final int[] slots) {
                lock.lock();
                try {
                    if (sums[1] > 0) {
                        findEach(random, n, slots);
                    } else {
                        Arrays.fill(slots, 0, n, NONE);
                    }
                } finally {
                    lock.unlock();
                }
            }

            @Override
            public void update(final int n, final int[] slots, final double[] priorities) {
                lock.lock();
                try {
                    for (int i = 0; i < n; i++) {
                        if (slots[i] != NONE) {
                            write(slots[i], priorities[i]);
                        }
                    }
                } finally {
                    lock.unlock();
                }
            }
        };
    }
}

package greenwave.bench.stress.broken;

import java.util.concurrent.atomic.AtomicLongArray;

/** A sum over leaves whose swap is split in a read and a write: two writers of one leaf may start from one old value. */
final class SplitSwapTree {
    private static final int SUM = 0;

    private final AtomicLongArray cells = new AtomicLongArray(3); // the sum, then two leaves

    void set(final int leaf, final long weight) {
        final long old = cells.getAcquire(1 + leaf);
        cells.setRelease(1 + leaf, weight);
        cells.getAndAdd(SUM, weight - old);
    }

    long total() {
        return cells.get(SUM);
    }
}

package greenwave.bench.replay;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/** A binary tree of floats, the difference added to each ancestor by compare-and-set. Lock-free, but its sums drift. */
final class CasFloatTree extends HeapOrderTree {
    private static final VarHandle SUM = MethodHandles.arrayElementVarHandle(float[].class);

    private final float[] sums;

    CasFloatTree(final int capacity) {
        super(capacity);
        this.sums = new float[2 * leaves];
    }

    @Override
    double sum(final int node) {
        return (float) SUM.getOpaque(sums, node);
    }

    @Override
    public void set(final int slot, final double priority) {
        int node = leaves + slot;
        final float delta = (float) priority - (float) SUM.getAndSet(sums, node, (float) priority);
        for (node >>= 1; node >= 1; node >>= 1) {
            float old = (float) SUM.getOpaque(sums, node);
            while (!SUM.weakCompareAndSet(sums, node, old, old + delta)) {
                old = (float) SUM.getOpaque(sums, node);
            }
        }
    }
}

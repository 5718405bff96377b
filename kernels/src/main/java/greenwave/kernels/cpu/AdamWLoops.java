package greenwave.kernels.cpu;

import static greenwave.kernels.cpu.ReferenceKernels.get;
import static greenwave.kernels.cpu.ReferenceKernels.set;
import static greenwave.kernels.cpu.ReferenceKernels.size;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import greenwave.kernels.Buffer;

import java.lang.foreign.MemorySegment;

/** AdamW as four small loops; one fused loop over five segments is among those that C2 does not compile for good. */
final class AdamWLoops {
    // Its last bit is worth 2^-123, and numbers are normal from 2^-126 on.
    private static final float FLUSH = 0x1p-100f;

    private AdamWLoops() {}

    static void step(
            final Buffer w,
            final Buffer g,
            final Buffer m,
            final Buffer v,
            final Buffer vMax,
            final Buffer step,
            final Buffer rate,
            final double beta1,
            final double beta2,
            final double eps,
            final double decay) {
        final int steps = step.segment().get(JAVA_INT, 0) + 1;
        step.segment().set(JAVA_INT, 0, steps);
        final double lr = get(rate.segment(), 0);
        final float keep = (float) (1 - lr * decay);
        final float stride = (float) (lr / (1 - Math.pow(beta1, steps)));
        final float unbias = (float) (1 / Math.sqrt(1 - Math.pow(beta2, steps)));
        final int n = size(w);
        updateMean(m.segment(), g.segment(), (float) beta1, (float) (1 - beta1), n);
        updateSquares(v.segment(), g.segment(), (float) beta2, (float) (1 - beta2), n);
        final MemorySegment tops = (vMax == null ? v : vMax).segment();
        if (vMax != null) {
            updateMaxima(tops, v.segment(), n);
        }
        descend(w.segment(), m.segment(), tops, keep, stride, unbias, (float) eps, n);
    }

    private static void updateMean(
            final MemorySegment m,
            final MemorySegment g,
            final float beta,
            final float rest,
            final int n) {
        for (int i = 0; i < n; i++) {
            set(m, i, normal(beta * get(m, i) + rest * get(g, i)));
        }
    }

    private static void updateSquares(
            final MemorySegment v,
            final MemorySegment g,
            final float beta,
            final float rest,
            final int n) {
        for (int i = 0; i < n; i++) {
            final float gradient = get(g, i);
            set(v, i, normal(beta * get(v, i) + rest * gradient * gradient));
        }
    }

    private static void updateMaxima(final MemorySegment vMax, final MemorySegment v, final int n) {
        for (int i = 0; i < n; i++) {
            final float old = get(vMax, i);
            final float now = get(v, i);
            set(vMax, i, Math.max(old, now));
        }
    }

    private static void descend(
            final MemorySegment w,
            final MemorySegment m,
            final MemorySegment v,
            final float keep,
            final float stride,
            final float unbias,
            final float eps,
            final int n) {
        for (int i = 0; i < n; i++) {
            final float denominator = (float) Math.sqrt(get(v, i)) * unbias + eps;
            set(w, i, get(w, i) * keep - stride * get(m, i) / denominator);
        }
    }

    /** Unused units decay into subnormals, which slow the loop several times over: rounds those to 0, without a branch. */
    private static float normal(final float x) {
        return x + FLUSH - FLUSH;
    }
}

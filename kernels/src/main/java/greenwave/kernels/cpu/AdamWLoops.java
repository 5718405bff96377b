package greenwave.kernels.cpu;

import static greenwave.kernels.cpu.ReferenceKernels.get;
import static greenwave.kernels.cpu.ReferenceKernels.set;
import static greenwave.kernels.cpu.ReferenceKernels.size;

import greenwave.kernels.AdamWRule;
import greenwave.kernels.Buffer;

import java.lang.foreign.MemorySegment;

/** AdamW as four small loops; one fused loop over five segments is among those that C2 does not compile for good. */
final class AdamWLoops {
    // Its last bit is worth 2^-123, and numbers are normal from 2^-126 on.
    static final float FLUSH = 0x1p-100f;

    private AdamWLoops() {}

    static void step(
            final AdamWRule rule,
            final int steps,
            final float rate,
            final Buffer w,
            final Buffer g,
            final Buffer m,
            final Buffer v,
            final Buffer vMax) {
        final int n = size(w);
        updateMean(m.segment(), g.segment(), (float) rule.beta1(), (float) (1 - rule.beta1()), n);
        updateSquares(
                v.segment(), g.segment(), (float) rule.beta2(), (float) (1 - rule.beta2()), n);
        final MemorySegment tops = (vMax == null ? v : vMax).segment();
        if (vMax != null) {
            updateMaxima(tops, v.segment(), n);
        }
        descend(
                w.segment(),
                m.segment(),
                tops,
                rule.keep(rate),
                rule.stride(rate, steps),
                rule.unbias(steps),
                (float) rule.eps(),
                n);
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

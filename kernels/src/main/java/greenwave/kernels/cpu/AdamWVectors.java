package greenwave.kernels.cpu;

import static greenwave.kernels.cpu.AdamWLoops.FLUSH;
import static greenwave.kernels.cpu.VectorArithmetic.LANES;
import static greenwave.kernels.cpu.VectorArithmetic.MEMORY;
import static greenwave.kernels.cpu.VectorArithmetic.ORDER;

import greenwave.kernels.AdamWRule;

import jdk.incubator.vector.FloatVector;

/** {@link AdamWLoops} with a clip before and a soft update behind, in one pass by the Vector API. */
final class AdamWVectors {
    private static final int STEP = LANES.length();

    private AdamWVectors() {}

    /** One step; the slabs, by address, are of length {@code n}, a multiple of the vector's. */
    static void step(
            final AdamWRule rule,
            final int steps,
            final float rate,
            final long w,
            final long g,
            final long m,
            final long v,
            final long vMax,
            final long target,
            final int n) {
        final float keep = rule.keep(rate);
        final float stride = rule.stride(rate, steps);
        final float unbias = rule.unbias(steps);
        final float beta1 = (float) rule.beta1();
        final float rest1 = (float) (1 - rule.beta1());
        final float beta2 = (float) rule.beta2();
        final float rest2 = (float) (1 - rule.beta2());
        final float eps = (float) rule.eps();
        final float limit = rule.limit();
        final float tau = rule.tau();
        for (int i = 0; i < n; i += STEP) {
            final FloatVector gradient =
                    FloatVector.fromMemorySegment(LANES, MEMORY, g + ((long) i << 2), ORDER)
                            .max(-limit)
                            .min(limit);
            final FloatVector mean =
                    FloatVector.fromMemorySegment(LANES, MEMORY, m + ((long) i << 2), ORDER)
                            .mul(beta1)
                            .add(gradient.mul(rest1))
                            .add(FLUSH)
                            .sub(FLUSH);
            final FloatVector squares = gradient.mul(rest2).mul(gradient);
            final FloatVector second =
                    FloatVector.fromMemorySegment(LANES, MEMORY, v + ((long) i << 2), ORDER)
                            .mul(beta2)
                            .add(squares)
                            .add(FLUSH)
                            .sub(FLUSH);
            final FloatVector top =
                    FloatVector.fromMemorySegment(LANES, MEMORY, vMax + ((long) i << 2), ORDER)
                            .max(second);
            final FloatVector denominator = top.sqrt().mul(unbias).add(eps);
            final FloatVector move = mean.mul(stride).div(denominator);
            final FloatVector weight =
                    FloatVector.fromMemorySegment(LANES, MEMORY, w + ((long) i << 2), ORDER)
                            .mul(keep)
                            .sub(move);
            mean.intoMemorySegment(MEMORY, m + ((long) i << 2), ORDER);
            second.intoMemorySegment(MEMORY, v + ((long) i << 2), ORDER);
            top.intoMemorySegment(MEMORY, vMax + ((long) i << 2), ORDER);
            weight.intoMemorySegment(MEMORY, w + ((long) i << 2), ORDER);
            weight.mul(tau)
                    .add(
                            FloatVector.fromMemorySegment(
                                            LANES, MEMORY, target + ((long) i << 2), ORDER)
                                    .mul(1 - tau))
                    .intoMemorySegment(MEMORY, target + ((long) i << 2), ORDER);
        }
    }
}

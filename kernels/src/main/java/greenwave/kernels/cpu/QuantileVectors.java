package greenwave.kernels.cpu;

import static greenwave.kernels.cpu.VectorKernels.LANES;
import static greenwave.kernels.cpu.VectorKernels.MEMORY;
import static greenwave.kernels.cpu.VectorKernels.ORDER;

import static jdk.incubator.vector.VectorOperators.ADD;
import static jdk.incubator.vector.VectorOperators.LT;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import jdk.incubator.vector.FloatVector;

/**
 * One estimate of a quantile against all draws of its row by the Vector API, in f32: what {@link ReferenceDistributions} sums
 * in f64. A Huber loss is near · (u - near/2) / kappa, near being u kept within kappa.
 */
final class QuantileVectors {
    private static final int STEP = LANES.length();

    private QuantileVectors() {}

    /**
     * {@return the sum over draws of |level - (1 if u is negative)| · near · (u - near/2)}
     *
     * @param goal the address of {@code m} draws
     */
    static float loss(
            final float quantile,
            final float level,
            final long goal,
            final int m,
            final float kappa) {
        final int whole = LANES.loopBound(m);
        FloatVector sum = FloatVector.zero(LANES);
        for (int j = 0; j < whole; j += STEP) {
            final FloatVector u =
                    FloatVector.fromMemorySegment(LANES, MEMORY, goal + ((long) j << 2), ORDER)
                            .sub(quantile);
            final FloatVector near = u.max(-kappa).min(kappa);
            final FloatVector weight =
                    FloatVector.broadcast(LANES, level).blend(1 - level, u.compare(LT, 0f));
            sum = sum.add(near.mul(u.sub(near.mul(0.5f))).mul(weight));
        }
        float rest = 0;
        for (int j = whole; j < m; j++) {
            final float u = MEMORY.get(JAVA_FLOAT, goal + ((long) j << 2)) - quantile;
            final float near = Math.min(Math.max(u, -kappa), kappa);
            rest += near * (u - near * 0.5f) * (u < 0 ? 1 - level : level);
        }
        return sum.reduceLanes(ADD) + rest;
    }

    /** {@return the sum over draws of |level - (1 if u is negative)| · near} */
    static float slope(
            final float quantile,
            final float level,
            final long goal,
            final int m,
            final float kappa) {
        final int whole = LANES.loopBound(m);
        FloatVector sum = FloatVector.zero(LANES);
        for (int j = 0; j < whole; j += STEP) {
            final FloatVector u =
                    FloatVector.fromMemorySegment(LANES, MEMORY, goal + ((long) j << 2), ORDER)
                            .sub(quantile);
            final FloatVector weight =
                    FloatVector.broadcast(LANES, level).blend(1 - level, u.compare(LT, 0f));
            sum = sum.add(u.max(-kappa).min(kappa).mul(weight));
        }
        float rest = 0;
        for (int j = whole; j < m; j++) {
            final float u = MEMORY.get(JAVA_FLOAT, goal + ((long) j << 2)) - quantile;
            rest += Math.min(Math.max(u, -kappa), kappa) * (u < 0 ? 1 - level : level);
        }
        return sum.reduceLanes(ADD) + rest;
    }
}

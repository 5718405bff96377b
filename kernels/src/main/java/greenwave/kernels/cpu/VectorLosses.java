package greenwave.kernels.cpu;

import static jdk.incubator.vector.VectorOperators.LT;

import greenwave.kernels.Buffer;

import jdk.incubator.vector.FloatVector;

/** The Huber loss and its gradient by the Vector API, under the rules of {@link VectorArithmetic}. */
abstract class VectorLosses extends VectorArithmetic {
    @Override
    public void huber(final Buffer a, final Buffer b, final float beta, final Buffer y) {
        final long as = a.address();
        final long bs = b.address();
        final long ys = y.address();
        final float half = 0.5f * beta;
        final int n = size(y);
        final int whole = LANES.loopBound(n);
        for (int i = 0; i < whole; i += STEP) {
            final FloatVector distance =
                    FloatVector.fromMemorySegment(LANES, MEMORY, as + ((long) i << 2), ORDER)
                            .sub(
                                    FloatVector.fromMemorySegment(
                                            LANES, MEMORY, bs + ((long) i << 2), ORDER))
                            .abs();
            distance.sub(half)
                    .blend(distance.mul(0.5f).mul(distance).div(beta), distance.compare(LT, beta))
                    .intoMemorySegment(MEMORY, ys + ((long) i << 2), ORDER);
        }
        for (int i = whole; i < n; i++) {
            set(ys, i, ReferenceArithmetic.huber(get(as, i) - get(bs, i), beta));
        }
    }

    @Override
    public void addHuberGradient(
            final Buffer a,
            final Buffer b,
            final float beta,
            final float scale,
            final Buffer dy,
            final Buffer dx) {
        final long as = a.address();
        final long bs = b.address();
        final long dys = dy.address();
        final long dxs = dx.address();
        final int n = size(dx);
        final int whole = LANES.loopBound(n);
        for (int i = 0; i < whole; i += STEP) {
            final FloatVector slope =
                    FloatVector.fromMemorySegment(LANES, MEMORY, as + ((long) i << 2), ORDER)
                            .sub(
                                    FloatVector.fromMemorySegment(
                                            LANES, MEMORY, bs + ((long) i << 2), ORDER))
                            .div(beta)
                            .max(-1f)
                            .min(1f);
            FloatVector.fromMemorySegment(LANES, MEMORY, dxs + ((long) i << 2), ORDER)
                    .add(
                            FloatVector.fromMemorySegment(
                                            LANES, MEMORY, dys + ((long) i << 2), ORDER)
                                    .mul(scale)
                                    .mul(slope))
                    .intoMemorySegment(MEMORY, dxs + ((long) i << 2), ORDER);
        }
        for (int i = whole; i < n; i++) {
            final float slope =
                    ReferenceArithmetic.clamp((get(as, i) - get(bs, i)) / beta, -1f, 1f);
            set(dxs, i, get(dxs, i) + scale * get(dys, i) * slope);
        }
    }
}

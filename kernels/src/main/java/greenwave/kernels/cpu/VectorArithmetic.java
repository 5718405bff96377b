package greenwave.kernels.cpu;

import static jdk.incubator.vector.VectorOperators.GT;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import greenwave.kernels.Buffer;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;

/**
 * The elementwise sweeps of {@link CpuKernels} by the Vector API, because C2 vectorises no plain loop over native memory. An
 * element is computed by the operations of the plain loop in their order, so that its bits are the same. Touched only where
 * {@link VectorModule#present}.
 *
 * <p>Memory is reached by address: where each access is checked against a segment's bounds, C2 lifts the checks out of a loop,
 * finds them failing for another segment, and compiles the loop again, for ever. Buffers are checked before, by {@link
 * greenwave.kernels.CheckedKernels}: they are open, and as long as the shapes say. No vector passes through a method of ours,
 * not even a private one: where C2 does not inline it, it boxes the vector. A zero is not a constant field for that reason, too.
 */
@SuppressWarnings("restricted") // see above
abstract class VectorArithmetic extends CpuKernels {
    static final VectorSpecies<Float> LANES = FloatVector.SPECIES_PREFERRED;
    static final int STEP = LANES.length();
    static final MemorySegment MEMORY =
            MemorySegment.NULL.reinterpret(Long.MAX_VALUE); // all of it: see above
    static final ByteOrder ORDER = ByteOrder.nativeOrder();

    static float get(final long x, final int i) {
        return MEMORY.get(JAVA_FLOAT, x + ((long) i << 2));
    }

    static void set(final long y, final int i, final float value) {
        MEMORY.set(JAVA_FLOAT, y + ((long) i << 2), value);
    }

    private static FloatVector of(final float value) {
        return FloatVector.broadcast(LANES, value);
    }

    @Override
    public void fill(final Buffer y, final float value) {
        final long ys = y.address();
        final int n = size(y);
        final int whole = LANES.loopBound(n);
        final FloatVector all = of(value);
        for (int i = 0; i < whole; i += STEP) {
            all.intoMemorySegment(MEMORY, ys + ((long) i << 2), ORDER);
        }
        for (int i = whole; i < n; i++) {
            set(ys, i, value);
        }
    }

    @Override
    public void add(final Buffer a, final Buffer b, final Buffer y) {
        final long as = a.address();
        final long bs = b.address();
        final long ys = y.address();
        final int n = size(y);
        final int whole = LANES.loopBound(n);
        for (int i = 0; i < whole; i += STEP) {
            FloatVector.fromMemorySegment(LANES, MEMORY, as + ((long) i << 2), ORDER)
                    .add(FloatVector.fromMemorySegment(LANES, MEMORY, bs + ((long) i << 2), ORDER))
                    .intoMemorySegment(MEMORY, ys + ((long) i << 2), ORDER);
        }
        for (int i = whole; i < n; i++) {
            set(ys, i, get(as, i) + get(bs, i));
        }
    }

    @Override
    public void sub(final Buffer a, final Buffer b, final Buffer y) {
        final long as = a.address();
        final long bs = b.address();
        final long ys = y.address();
        final int n = size(y);
        final int whole = LANES.loopBound(n);
        for (int i = 0; i < whole; i += STEP) {
            FloatVector.fromMemorySegment(LANES, MEMORY, as + ((long) i << 2), ORDER)
                    .sub(FloatVector.fromMemorySegment(LANES, MEMORY, bs + ((long) i << 2), ORDER))
                    .intoMemorySegment(MEMORY, ys + ((long) i << 2), ORDER);
        }
        for (int i = whole; i < n; i++) {
            set(ys, i, get(as, i) - get(bs, i));
        }
    }

    @Override
    public void mul(final Buffer a, final Buffer b, final Buffer y) {
        final long as = a.address();
        final long bs = b.address();
        final long ys = y.address();
        final int n = size(y);
        final int whole = LANES.loopBound(n);
        for (int i = 0; i < whole; i += STEP) {
            FloatVector.fromMemorySegment(LANES, MEMORY, as + ((long) i << 2), ORDER)
                    .mul(FloatVector.fromMemorySegment(LANES, MEMORY, bs + ((long) i << 2), ORDER))
                    .intoMemorySegment(MEMORY, ys + ((long) i << 2), ORDER);
        }
        for (int i = whole; i < n; i++) {
            set(ys, i, get(as, i) * get(bs, i));
        }
    }

    @Override
    public void affine(final Buffer x, final float scale, final float shift, final Buffer y) {
        final long xs = x.address();
        final long ys = y.address();
        final int n = size(y);
        final int whole = LANES.loopBound(n);
        for (int i = 0; i < whole; i += STEP) {
            FloatVector.fromMemorySegment(LANES, MEMORY, xs + ((long) i << 2), ORDER)
                    .mul(scale)
                    .add(shift)
                    .intoMemorySegment(MEMORY, ys + ((long) i << 2), ORDER);
        }
        for (int i = whole; i < n; i++) {
            set(ys, i, ReferenceArithmetic.affine(get(xs, i), scale, shift));
        }
    }

    @Override
    public void relu(final Buffer x, final Buffer y) {
        final long xs = x.address();
        final long ys = y.address();
        final int n = size(y);
        final int whole = LANES.loopBound(n);
        for (int i = 0; i < whole; i += STEP) {
            FloatVector.fromMemorySegment(LANES, MEMORY, xs + ((long) i << 2), ORDER)
                    .max(FloatVector.zero(LANES))
                    .intoMemorySegment(MEMORY, ys + ((long) i << 2), ORDER);
        }
        for (int i = whole; i < n; i++) {
            set(ys, i, Math.max(get(xs, i), 0f));
        }
    }

    @Override
    public void clamp(final Buffer x, final float low, final float high, final Buffer y) {
        final long xs = x.address();
        final long ys = y.address();
        final int n = size(y);
        final int whole = LANES.loopBound(n);
        for (int i = 0; i < whole; i += STEP) {
            FloatVector.fromMemorySegment(LANES, MEMORY, xs + ((long) i << 2), ORDER)
                    .max(low)
                    .min(high)
                    .intoMemorySegment(MEMORY, ys + ((long) i << 2), ORDER);
        }
        for (int i = whole; i < n; i++) {
            set(ys, i, ReferenceArithmetic.clamp(get(xs, i), low, high));
        }
    }

    @Override
    public void addProduct(final Buffer a, final Buffer b, final Buffer y) {
        final long as = a.address();
        final long bs = b.address();
        final long ys = y.address();
        final int n = size(y);
        final int whole = LANES.loopBound(n);
        for (int i = 0; i < whole; i += STEP) {
            FloatVector.fromMemorySegment(LANES, MEMORY, ys + ((long) i << 2), ORDER)
                    .add(
                            FloatVector.fromMemorySegment(
                                            LANES, MEMORY, as + ((long) i << 2), ORDER)
                                    .mul(
                                            FloatVector.fromMemorySegment(
                                                    LANES, MEMORY, bs + ((long) i << 2), ORDER)))
                    .intoMemorySegment(MEMORY, ys + ((long) i << 2), ORDER);
        }
        for (int i = whole; i < n; i++) {
            set(ys, i, get(ys, i) + get(as, i) * get(bs, i));
        }
    }

    @Override
    public void addScaled(final float alpha, final Buffer x, final Buffer y) {
        final long xs = x.address();
        final long ys = y.address();
        final int n = size(y);
        final int whole = LANES.loopBound(n);
        for (int i = 0; i < whole; i += STEP) {
            FloatVector.fromMemorySegment(LANES, MEMORY, ys + ((long) i << 2), ORDER)
                    .add(
                            FloatVector.fromMemorySegment(
                                            LANES, MEMORY, xs + ((long) i << 2), ORDER)
                                    .mul(alpha))
                    .intoMemorySegment(MEMORY, ys + ((long) i << 2), ORDER);
        }
        for (int i = whole; i < n; i++) {
            set(ys, i, get(ys, i) + alpha * get(xs, i));
        }
    }

    @Override
    void addRun(
            final float alpha,
            final Buffer x,
            final int from,
            final Buffer y,
            final int to,
            final int n) {
        final long xs = x.address() + (long) from * Float.BYTES;
        final long ys = y.address() + (long) to * Float.BYTES;
        final int whole = LANES.loopBound(n);
        for (int i = 0; i < whole; i += STEP) {
            FloatVector.fromMemorySegment(LANES, MEMORY, ys + ((long) i << 2), ORDER)
                    .add(
                            FloatVector.fromMemorySegment(
                                            LANES, MEMORY, xs + ((long) i << 2), ORDER)
                                    .mul(alpha))
                    .intoMemorySegment(MEMORY, ys + ((long) i << 2), ORDER);
        }
        for (int i = whole; i < n; i++) {
            set(ys, i, get(ys, i) + alpha * get(xs, i));
        }
    }

    @Override
    public void lerp(final Buffer x, final float t, final Buffer y) {
        final long xs = x.address();
        final long ys = y.address();
        final float rest = 1 - t;
        final int n = size(y);
        final int whole = LANES.loopBound(n);
        for (int i = 0; i < whole; i += STEP) {
            FloatVector.fromMemorySegment(LANES, MEMORY, xs + ((long) i << 2), ORDER)
                    .mul(t)
                    .add(
                            FloatVector.fromMemorySegment(
                                            LANES, MEMORY, ys + ((long) i << 2), ORDER)
                                    .mul(rest))
                    .intoMemorySegment(MEMORY, ys + ((long) i << 2), ORDER);
        }
        for (int i = whole; i < n; i++) {
            set(ys, i, ReferenceArithmetic.lerp(get(xs, i), t, get(ys, i)));
        }
    }

    @Override
    public void addReluGradient(final Buffer x, final Buffer dy, final Buffer dx) {
        final long xs = x.address();
        final long dys = dy.address();
        final long dxs = dx.address();
        final int n = size(dx);
        final int whole = LANES.loopBound(n);
        for (int i = 0; i < whole; i += STEP) {
            final VectorMask<Float> positive =
                    FloatVector.fromMemorySegment(LANES, MEMORY, xs + ((long) i << 2), ORDER)
                            .compare(GT, FloatVector.zero(LANES));
            FloatVector.fromMemorySegment(LANES, MEMORY, dxs + ((long) i << 2), ORDER)
                    .add(
                            FloatVector.zero(LANES)
                                    .blend(
                                            FloatVector.fromMemorySegment(
                                                    LANES, MEMORY, dys + ((long) i << 2), ORDER),
                                            positive))
                    .intoMemorySegment(MEMORY, dxs + ((long) i << 2), ORDER);
        }
        for (int i = whole; i < n; i++) {
            final float slope = get(dys, i);
            set(dxs, i, get(dxs, i) + ReferenceArithmetic.wherePositive(get(xs, i), slope));
        }
    }

    @Override
    public void maskByPositive(final Buffer y, final Buffer dy) {
        final long ys = y.address();
        final long dys = dy.address();
        final int n = size(dy);
        final int whole = LANES.loopBound(n);
        for (int i = 0; i < whole; i += STEP) {
            final VectorMask<Float> positive =
                    FloatVector.fromMemorySegment(LANES, MEMORY, ys + ((long) i << 2), ORDER)
                            .compare(GT, FloatVector.zero(LANES));
            FloatVector.zero(LANES)
                    .blend(
                            FloatVector.fromMemorySegment(
                                    LANES, MEMORY, dys + ((long) i << 2), ORDER),
                            positive)
                    .intoMemorySegment(MEMORY, dys + ((long) i << 2), ORDER);
        }
        for (int i = whole; i < n; i++) {
            final float slope = get(dys, i);
            set(dys, i, ReferenceArithmetic.wherePositive(get(ys, i), slope));
        }
    }
}

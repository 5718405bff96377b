package greenwave.kernels.cpu;

import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.I2F;
import static jdk.incubator.vector.VectorOperators.ZERO_EXTEND_B2I;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import greenwave.kernels.AdamWRule;
import greenwave.kernels.Buffer;

import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;

/**
 * The sweeps of {@link CpuKernels} by the Vector API, because C2 vectorises no plain loop over native memory. An element is
 * computed by the operations of the plain loop in their order, so that its bits are the same; sums by column are f32 here and
 * may differ in the last. Touched only where {@link VectorModule#present}.
 *
 * <p>Memory is reached by address: where each access is checked against a segment's bounds, C2 lifts the checks out of a loop,
 * finds them failing for another segment, and compiles the loop again, for ever. Buffers are checked before, by {@link
 * greenwave.kernels.CheckedKernels}: they are open, and as long as the shapes say. No vector passes through a method of ours,
 * not even a private one: where C2 does not inline it, it boxes the vector. A zero is not a constant field for that reason, too.
 */
@SuppressWarnings("restricted") // see above
final class VectorKernels extends CpuKernels {
    static final VectorSpecies<Float> LANES = FloatVector.SPECIES_PREFERRED;
    private static final VectorSpecies<Integer> INTS = IntVector.SPECIES_PREFERRED;
    private static final int STEP = LANES.length();
    private static final VectorSpecies<Byte> BYTES = // as many lanes, or the fewest there are
            VectorSpecies.of(
                    byte.class, VectorShape.forBitSize(Math.max(Long.SIZE, STEP * Byte.SIZE)));
    static final MemorySegment MEMORY =
            MemorySegment.NULL.reinterpret(Long.MAX_VALUE); // all of it: see above
    static final ByteOrder ORDER = ByteOrder.nativeOrder();

    private static float get(final long x, final int i) {
        return MEMORY.get(JAVA_FLOAT, x + ((long) i << 2));
    }

    private static void set(final long y, final int i, final float value) {
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
            set(ys, i, scale * get(xs, i) + shift);
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
            set(ys, i, Math.min(Math.max(get(xs, i), low), high));
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
            set(ys, i, t * get(xs, i) + rest * get(ys, i));
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
            set(dxs, i, get(dxs, i) + (get(xs, i) > 0 ? slope : 0));
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
            set(dys, i, get(ys, i) > 0 ? slope : 0);
        }
    }

    @Override
    public void addColumnSums(final Buffer x, final Buffer y, final int rows, final int cols) {
        final long xs = x.address();
        final long ys = y.address();
        final int whole = LANES.loopBound(cols);
        for (int c = 0; c < whole; c += STEP) {
            FloatVector.fromMemorySegment(LANES, MEMORY, ys + ((long) c << 2), ORDER)
                    .add(columnSums(xs, c, rows, cols))
                    .intoMemorySegment(MEMORY, ys + ((long) c << 2), ORDER);
        }
        for (int c = whole; c < cols; c++) {
            set(ys, c, get(ys, c) + columnSum(xs, c, rows, cols));
        }
    }

    /** Four chains of additions, because one would wait for itself. */
    private static FloatVector columnSums(
            final long x, final int column, final int rows, final int cols) {
        FloatVector sum0 = FloatVector.zero(LANES);
        FloatVector sum1 = FloatVector.zero(LANES);
        FloatVector sum2 = FloatVector.zero(LANES);
        FloatVector sum3 = FloatVector.zero(LANES);
        final int whole = rows & -4;
        for (int r = 0; r < whole; r += 4) {
            final int at = r * cols + column;
            sum0 =
                    sum0.add(
                            FloatVector.fromMemorySegment(
                                    LANES, MEMORY, x + ((long) at << 2), ORDER));
            sum1 =
                    sum1.add(
                            FloatVector.fromMemorySegment(
                                    LANES, MEMORY, x + ((long) (at + cols) << 2), ORDER));
            sum2 =
                    sum2.add(
                            FloatVector.fromMemorySegment(
                                    LANES, MEMORY, x + ((long) (at + 2 * cols) << 2), ORDER));
            sum3 =
                    sum3.add(
                            FloatVector.fromMemorySegment(
                                    LANES, MEMORY, x + ((long) (at + 3 * cols) << 2), ORDER));
        }
        for (int r = whole; r < rows; r++) {
            sum0 =
                    sum0.add(
                            FloatVector.fromMemorySegment(
                                    LANES, MEMORY, x + ((long) (r * cols + column) << 2), ORDER));
        }
        return sum0.add(sum1).add(sum2.add(sum3));
    }

    private static float columnSum(final long x, final int column, final int rows, final int cols) {
        double sum = 0;
        for (int r = 0; r < rows; r++) {
            sum += get(x, r * cols + column);
        }
        return (float) sum;
    }

    @Override
    public void fromBytes(final Buffer x, final float scale, final Buffer y) {
        final long xs = x.address();
        final long ys = y.address();
        final int n = size(y);
        final int whole = LANES.loopBound(Math.max(0, n - (BYTES.length() - STEP)));
        for (int i = 0; i < whole; i += STEP) {
            final ByteVector packed = ByteVector.fromMemorySegment(BYTES, MEMORY, xs + i, ORDER);
            final var numbers = packed.convertShape(ZERO_EXTEND_B2I, INTS, 0);
            ((FloatVector) numbers.convertShape(I2F, LANES, 0))
                    .mul(scale)
                    .intoMemorySegment(MEMORY, ys + ((long) i << 2), ORDER);
        }
        for (int i = whole; i < n; i++) {
            set(ys, i, scale * Byte.toUnsignedInt(MEMORY.get(JAVA_BYTE, xs + i)));
        }
    }

    @Override
    public void adamW(
            final AdamWRule rule,
            final Buffer w,
            final Buffer g,
            final Buffer m,
            final Buffer v,
            final Buffer vMax,
            final Buffer target,
            final Buffer step,
            final Buffer rate) {
        final int n = size(w);
        if (vMax == null
                || target == null
                || LANES.loopBound(n) < n) { // slabs are padded; the rest is rare
            super.adamW(rule, w, g, m, v, vMax, target, step, rate);
            return;
        }
        AdamWVectors.step(
                rule,
                count(step),
                get(rate.address(), 0),
                w.address(),
                g.address(),
                m.address(),
                v.address(),
                vMax.address(),
                target.address(),
                n);
    }
}

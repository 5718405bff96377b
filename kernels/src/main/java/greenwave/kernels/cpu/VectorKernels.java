package greenwave.kernels.cpu;

import static jdk.incubator.vector.VectorOperators.I2F;
import static jdk.incubator.vector.VectorOperators.ZERO_EXTEND_B2I;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import greenwave.kernels.AdamWRule;
import greenwave.kernels.Buffer;

import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * The other sweeps of {@link CpuKernels} by the Vector API, under the rules of {@link VectorArithmetic}: sums by column, which are
 * f32 here and may differ from the plain loop's in the last bit, bytes as numbers, and the optimizer. Touched only where {@link
 * VectorModule#present}.
 */
final class VectorKernels extends VectorLosses {
    private static final VectorSpecies<Integer> INTS = IntVector.SPECIES_PREFERRED;
    private static final VectorSpecies<Byte> BYTES = // as many lanes, or the fewest there are
            VectorSpecies.of(
                    byte.class, VectorShape.forBitSize(Math.max(Long.SIZE, STEP * Byte.SIZE)));

    @Override
    public void addColumnSums(final Buffer x, final Buffer y, final int rows, final int cols) {
        final long xs = x.address();
        final long ys = y.address();
        final int whole = LANES.loopBound(cols);
        for (int c = 0; c < whole; c += STEP) {
            addSums(xs, c, rows, cols, ys);
        }
        for (int c = whole; c < cols; c++) {
            set(ys, c, get(ys, c) + columnSum(xs, c, rows, cols));
        }
    }

    /**
     * For as many columns as a vector has lanes. Four chains of additions, because one would wait for itself; stored here,
     * because a vector that is returned is boxed wherever this is not inlined.
     */
    private static void addSums(
            final long x, final int column, final int rows, final int cols, final long y) {
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
        FloatVector.fromMemorySegment(LANES, MEMORY, y + ((long) column << 2), ORDER)
                .add(sum0.add(sum1).add(sum2.add(sum3)))
                .intoMemorySegment(MEMORY, y + ((long) column << 2), ORDER);
    }

    private static float columnSum(final long x, final int column, final int rows, final int cols) {
        double sum = 0;
        for (int r = 0; r < rows; r++) {
            sum += get(x, r * cols + column);
        }
        return (float) sum;
    }

    @Override
    public void quantileHuber(
            final Buffer x,
            final Buffer goal,
            final float kappa,
            final Buffer y,
            final int rows,
            final int n,
            final int m) {
        for (int r = 0; r < rows; r++) {
            final long draws = goal.address() + ((long) r * m << 2);
            double sum = 0;
            for (int i = 0; i < n; i++) {
                final float level = (2 * i + 1) / (2f * n);
                sum += QuantileVectors.loss(get(x.address(), r * n + i), level, draws, m, kappa);
            }
            set(y.address(), r, (float) (sum / ((double) kappa * m)));
        }
    }

    @Override
    public void addQuantileHuberGradient(
            final Buffer x,
            final Buffer goal,
            final float kappa,
            final Buffer dy,
            final Buffer dx,
            final int rows,
            final int n,
            final int m) {
        for (int r = 0; r < rows; r++) {
            final long draws = goal.address() + ((long) r * m << 2);
            final float slope = get(dy.address(), r) / (kappa * m);
            for (int i = 0; i < n; i++) {
                final int at = r * n + i;
                final float level = (2 * i + 1) / (2f * n);
                final float sum =
                        QuantileVectors.slope(get(x.address(), at), level, draws, m, kappa);
                set(dx.address(), at, get(dx.address(), at) - slope * sum);
            }
        }
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

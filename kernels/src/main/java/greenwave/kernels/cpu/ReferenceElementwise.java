package greenwave.kernels.cpu;

import static greenwave.kernels.cpu.ReferenceKernels.get;
import static greenwave.kernels.cpu.ReferenceKernels.set;
import static greenwave.kernels.cpu.ReferenceKernels.size;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import greenwave.kernels.Buffer;
import greenwave.kernels.ElementwiseKernels;
import greenwave.kernels.UnaryFunction;

import java.lang.foreign.MemorySegment;

/** Plain loops; functions are taken in f64. */
interface ReferenceElementwise extends ElementwiseKernels {
    @Override
    default void unary(
            final UnaryFunction f, final float a, final float b, final Buffer x, final Buffer y) {
        final MemorySegment xs = x.segment();
        final MemorySegment ys = y.segment();
        final int n = size(y);
        for (int i = 0; i < n; i++) {
            set(ys, i, (float) value(f, a, b, get(xs, i)));
        }
    }

    private static double value(
            final UnaryFunction f, final float a, final float b, final double x) {
        return switch (f) {
            case ABS -> Math.abs(x);
            case EXP -> Math.exp(x);
            case LOG -> Math.log(x);
            case SQRT -> Math.sqrt(x);
            case POW -> Math.pow(x, a);
            case CLAMP -> Math.min(Math.max(x, a), b);
            case LEAKY_RELU -> x > 0 ? x : a * x;
            case GELU -> x * normalBelow(x);
            case TANH -> Math.tanh(x);
            case SIGMOID -> 1 / (1 + Math.exp(-x));
            case SIGNED_SQRT -> Math.signum(x) * Math.sqrt(Math.abs(x));
        };
    }

    @Override
    default void addUnaryGradient(
            final UnaryFunction f,
            final float a,
            final float b,
            final Buffer x,
            final Buffer y,
            final Buffer dy,
            final Buffer dx) {
        final MemorySegment xs = x.segment();
        final MemorySegment ys = y.segment();
        final MemorySegment dys = dy.segment();
        final MemorySegment dxs = dx.segment();
        final int n = size(dx);
        for (int i = 0; i < n; i++) {
            final double slope = slope(f, a, b, get(xs, i), get(ys, i));
            set(dxs, i, (float) (get(dxs, i) + get(dys, i) * slope));
        }
    }

    private static double slope(
            final UnaryFunction f, final float a, final float b, final double x, final double y) {
        return switch (f) {
            case ABS -> Math.signum(x);
            case EXP -> y;
            case LOG -> 1 / x;
            case SQRT -> 0.5 / y;
            case POW -> a == 0 ? 0 : a * Math.pow(x, a - 1.0);
            case CLAMP -> x >= a && x <= b ? 1 : 0;
            case LEAKY_RELU -> x > 0 ? 1 : a;
            case GELU -> normalBelow(x) + x * Math.exp(-0.5 * x * x) / Math.sqrt(2 * Math.PI);
            case TANH -> 1 - y * y;
            case SIGMOID -> y * (1 - y);
            case SIGNED_SQRT -> x == 0 ? 0 : 0.5 / Math.abs(y);
        };
    }

    /**
     * The normal distribution function, by the series of erf without alternating signs (Abramowitz and Stegun 7.1.6):
     * phi(x) · (x + x³/3 + x⁵/(3·5) + ...) is its distance from 1/2.
     */
    private static double normalBelow(final double x) {
        if (!(Math.abs(x) < 9)) { // beyond, f64 knows only 0 and 1
            return 0.5 + 0.5 * Math.signum(x);
        }
        double term = x;
        double sum = x;
        for (int odd = 3; Math.abs(term) > 1e-17 * Math.abs(sum); odd += 2) {
            term *= x * x / odd;
            sum += term;
        }
        return 0.5 + sum * Math.exp(-0.5 * x * x) / Math.sqrt(2 * Math.PI);
    }

    @Override
    default void div(final Buffer a, final Buffer b, final Buffer y) {
        final MemorySegment as = a.segment();
        final MemorySegment bs = b.segment();
        final MemorySegment ys = y.segment();
        final int n = size(y);
        for (int i = 0; i < n; i++) {
            set(ys, i, get(as, i) / get(bs, i));
        }
    }

    @Override
    default void addDividendGradient(final Buffer b, final Buffer dy, final Buffer da) {
        final MemorySegment bs = b.segment();
        final MemorySegment dys = dy.segment();
        final MemorySegment das = da.segment();
        final int n = size(da);
        for (int i = 0; i < n; i++) {
            set(das, i, get(das, i) + get(dys, i) / get(bs, i));
        }
    }

    @Override
    default void addDivisorGradient(
            final Buffer b, final Buffer y, final Buffer dy, final Buffer db) {
        final MemorySegment bs = b.segment();
        final MemorySegment ys = y.segment();
        final MemorySegment dys = dy.segment();
        final MemorySegment dbs = db.segment();
        final int n = size(db);
        for (int i = 0; i < n; i++) {
            set(dbs, i, get(dbs, i) - get(dys, i) * get(ys, i) / get(bs, i));
        }
    }

    @Override
    default void fromBytes(final Buffer x, final float scale, final Buffer y) {
        final MemorySegment xs = x.segment();
        final MemorySegment ys = y.segment();
        final int n = size(y);
        for (int i = 0; i < n; i++) {
            set(ys, i, scale * Byte.toUnsignedInt(xs.get(JAVA_BYTE, i)));
        }
    }
}

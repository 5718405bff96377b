package greenwave.kernels;

/**
 * Refuses wrong dtypes and lengths, closed buffers and outputs that overlap before another implementation computes, so that no
 * call leaves its buffers. Every backend wraps its arithmetic in one.
 */
public final class CheckedKernels
        implements Kernels,
                CheckedArithmetic,
                CheckedMatrices,
                CheckedChoices,
                CheckedElementwise,
                CheckedViews,
                CheckedRows,
                CheckedDistributions,
                CheckedNorms,
                CheckedRandom,
                CheckedImages {
    private final Kernels kernels;

    /** Guards {@code kernels}. */
    public CheckedKernels(final Kernels kernels) {
        this.kernels = kernels;
    }

    /** {@return what computes once the arguments are found good} */
    @Override
    public Kernels guarded() {
        return kernels;
    }

    static void check(
            final String op,
            final String name,
            final Buffer buffer,
            final DType dtype,
            final long length) {
        open(op, name, buffer);
        if (buffer.dtype() != dtype || buffer.length() != length) {
            throw new IllegalArgumentException(
                    "%s: %s=%s[%d], expected %s[%d]"
                            .formatted(op, name, buffer.dtype(), buffer.length(), dtype, length));
        }
    }

    static void open(final String op, final String name, final Buffer buffer) {
        if (buffer.closed()) {
            throw new IllegalStateException(
                    "%s: %s=%s[%d] is closed".formatted(op, name, buffer.dtype(), buffer.length()));
        }
    }

    /** Refuses an output that shares memory with another argument, which may be null. */
    static void alone(final String op, final String name, final Buffer out, final Buffer other) {
        if (other != null && overlap(out, other)) {
            throw new IllegalArgumentException(
                    "%s: %s overlaps another buffer, expected memory of its own"
                            .formatted(op, name));
        }
    }

    static void alone(
            final String op, final String name, final Buffer out, final Buffer a, final Buffer b) {
        alone(op, name, out, a);
        alone(op, name, out, b);
    }

    static void alone(
            final String op,
            final String name,
            final Buffer out,
            final Buffer a,
            final Buffer b,
            final Buffer c) {
        alone(op, name, out, a, b);
        alone(op, name, out, c);
    }

    /** Refuses an elementwise output that shares memory with an input, unless it writes over all of it. */
    static void aloneOrOver(final String op, final String name, final Buffer out, final Buffer in) {
        if (out.address() != in.address()) {
            alone(op, name, out, in);
        }
    }

    private static boolean overlap(final Buffer a, final Buffer b) {
        return a.address() < b.address() + b.length() * b.dtype().bytes()
                && b.address() < a.address() + a.length() * a.dtype().bytes();
    }

    static void f32(final String op, final String name, final Buffer buffer, final long length) {
        check(op, name, buffer, DType.F32, length);
    }

    static long area(final String op, final int rows, final int cols) {
        if (rows < 1 || cols < 1) {
            throw new IllegalArgumentException(
                    "%s: shape=[%d, %d], expected positive dimensions".formatted(op, rows, cols));
        }
        return (long) rows * cols;
    }

    static void positive(final String op, final String name, final double value) {
        if (!(value > 0)) {
            throw new IllegalArgumentException(
                    "%s: %s=%s, expected > 0".formatted(op, name, value));
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
        f32("adamW", "w", w, w.length());
        f32("adamW", "g", g, w.length());
        f32("adamW", "m", m, w.length());
        f32("adamW", "v", v, w.length());
        if (vMax != null) {
            f32("adamW", "vMax", vMax, w.length());
        }
        if (target != null) {
            f32("adamW", "target", target, w.length());
        }
        check("adamW", "step", step, DType.I32, 1);
        f32("adamW", "rate", rate, 1);
        alone("adamW", "w", w, g, m, v);
        alone("adamW", "w", w, vMax, target, rate);
        alone("adamW", "m", m, g, v, vMax);
        alone("adamW", "m", m, target, rate);
        alone("adamW", "v", v, g, vMax, target);
        alone("adamW", "v", v, rate);
        if (vMax != null) {
            alone("adamW", "vMax", vMax, g, target, rate);
        }
        if (target != null) {
            alone("adamW", "target", target, g, rate);
        }
        alone("adamW", "g", g, rate);
        kernels.adamW(rule, w, g, m, v, vMax, target, step, rate);
    }

    @Override
    public void clipNorm(final Buffer x, final float limit, final Buffer norm) {
        f32("clipNorm", "x", x, x.length());
        positive("clipNorm", "limit", limit);
        f32("clipNorm", "norm", norm, 1);
        alone("clipNorm", "norm", norm, x);
        kernels.clipNorm(x, limit, norm);
    }

    private static void state(
            final String op, final String name, final Buffer buffer, final long length) {
        if (buffer != null) {
            f32(op, name, buffer, length);
        }
    }

    @Override
    public void sgd(
            final Buffer w,
            final Buffer g,
            final Buffer velocity,
            final Buffer rate,
            final float momentum,
            final boolean nesterov,
            final float decay) {
        f32("sgd", "w", w, w.length());
        f32("sgd", "g", g, w.length());
        state("sgd", "velocity", velocity, w.length());
        f32("sgd", "rate", rate, 1);
        alone("sgd", "w", w, g, velocity, rate);
        if (velocity != null) {
            alone("sgd", "velocity", velocity, g, rate);
        }
        kernels.sgd(w, g, velocity, rate, momentum, nesterov, decay);
    }

    @Override
    public void rmsProp(
            final Buffer w,
            final Buffer g,
            final Buffer squares,
            final Buffer mean,
            final Buffer velocity,
            final Buffer rate,
            final double alpha,
            final float eps,
            final float momentum,
            final float decay) {
        f32("rmsProp", "w", w, w.length());
        f32("rmsProp", "g", g, w.length());
        f32("rmsProp", "squares", squares, w.length());
        state("rmsProp", "mean", mean, w.length());
        state("rmsProp", "velocity", velocity, w.length());
        f32("rmsProp", "rate", rate, 1);
        alone("rmsProp", "w", w, g, squares, mean);
        alone("rmsProp", "w", w, velocity, rate);
        alone("rmsProp", "squares", squares, g, mean, velocity);
        alone("rmsProp", "squares", squares, rate);
        if (mean != null) {
            alone("rmsProp", "mean", mean, g, velocity, rate);
        }
        if (velocity != null) {
            alone("rmsProp", "velocity", velocity, g, rate);
        }
        kernels.rmsProp(w, g, squares, mean, velocity, rate, alpha, eps, momentum, decay);
    }
}

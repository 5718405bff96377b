package greenwave.kernels;

/**
 * Refuses wrong dtypes and lengths, closed buffers and outputs that overlap before another implementation computes, so that no
 * call leaves its buffers. Every backend wraps its arithmetic in one.
 */
public final class CheckedKernels
        implements Kernels,
                CheckedElementwise,
                CheckedViews,
                CheckedRows,
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

    private static void legal(final String op, final Buffer legal, final long length) {
        if (legal != null) {
            check(op, "legal", legal, DType.U8, length);
        }
    }

    @Override
    public void fill(final Buffer y, final float value) {
        f32("fill", "y", y, y.length());
        kernels.fill(y, value);
    }

    @Override
    public void copy(final Buffer x, final Buffer y) {
        open("copy", "y", y);
        check("copy", "x", x, y.dtype(), y.length());
        aloneOrOver("copy", "y", y, x);
        kernels.copy(x, y);
    }

    @Override
    public void gemm(
            final boolean transposeA,
            final boolean transposeB,
            final int m,
            final int n,
            final int k,
            final float alpha,
            final Buffer a,
            final Buffer b,
            final float beta,
            final Buffer c) {
        f32("gemm", "a", a, area("gemm", m, k));
        f32("gemm", "b", b, area("gemm", k, n));
        f32("gemm", "c", c, area("gemm", m, n));
        alone("gemm", "c", c, a, b);
        kernels.gemm(transposeA, transposeB, m, n, k, alpha, a, b, beta, c);
    }

    @Override
    public void linear(
            final Buffer x,
            final Buffer w,
            final Buffer b,
            final Buffer y,
            final int rows,
            final int in,
            final int out) {
        layer("linear", x, w, b, y, rows, in, out);
        kernels.linear(x, w, b, y, rows, in, out);
    }

    @Override
    public void linearRelu(
            final Buffer x,
            final Buffer w,
            final Buffer b,
            final Buffer y,
            final int rows,
            final int in,
            final int out) {
        layer("linearRelu", x, w, b, y, rows, in, out);
        kernels.linearRelu(x, w, b, y, rows, in, out);
    }

    private static void layer(
            final String op,
            final Buffer x,
            final Buffer w,
            final Buffer b,
            final Buffer y,
            final int rows,
            final int in,
            final int out) {
        f32(op, "x", x, area(op, rows, in));
        f32(op, "w", w, area(op, out, in));
        f32(op, "b", b, out);
        f32(op, "y", y, area(op, rows, out));
        alone(op, "y", y, x, w, b);
    }

    private static void elementwise(
            final String op, final Buffer a, final Buffer b, final Buffer y) {
        f32(op, "y", y, y.length());
        f32(op, "a", a, y.length());
        f32(op, "b", b, y.length());
        aloneOrOver(op, "y", y, a);
        aloneOrOver(op, "y", y, b);
    }

    private static void elementwise(final String op, final Buffer x, final Buffer y) {
        f32(op, "y", y, y.length());
        f32(op, "x", x, y.length());
        aloneOrOver(op, "y", y, x);
    }

    @Override
    public void add(final Buffer a, final Buffer b, final Buffer y) {
        elementwise("add", a, b, y);
        kernels.add(a, b, y);
    }

    @Override
    public void sub(final Buffer a, final Buffer b, final Buffer y) {
        elementwise("sub", a, b, y);
        kernels.sub(a, b, y);
    }

    @Override
    public void mul(final Buffer a, final Buffer b, final Buffer y) {
        elementwise("mul", a, b, y);
        kernels.mul(a, b, y);
    }

    @Override
    public void affine(final Buffer x, final float scale, final float shift, final Buffer y) {
        elementwise("affine", x, y);
        kernels.affine(x, scale, shift, y);
    }

    @Override
    public void relu(final Buffer x, final Buffer y) {
        elementwise("relu", x, y);
        kernels.relu(x, y);
    }

    @Override
    public void clamp(final Buffer x, final float low, final float high, final Buffer y) {
        elementwise("clamp", x, y);
        if (!(low <= high)) {
            throw new IllegalArgumentException(
                    "clamp: low=%s, high=%s, expected low <= high".formatted(low, high));
        }
        kernels.clamp(x, low, high, y);
    }

    @Override
    public void addScaled(final float alpha, final Buffer x, final Buffer y) {
        elementwise("addScaled", x, y);
        kernels.addScaled(alpha, x, y);
    }

    @Override
    public void addProduct(final Buffer a, final Buffer b, final Buffer y) {
        elementwise("addProduct", a, b, y);
        kernels.addProduct(a, b, y);
    }

    @Override
    public void addScalar(final float alpha, final Buffer s, final Buffer y) {
        f32("addScalar", "s", s, 1);
        f32("addScalar", "y", y, y.length());
        alone("addScalar", "y", y, s);
        kernels.addScalar(alpha, s, y);
    }

    @Override
    public void addColumnSums(final Buffer x, final Buffer y, final int rows, final int cols) {
        f32("addColumnSums", "x", x, area("addColumnSums", rows, cols));
        f32("addColumnSums", "y", y, cols);
        alone("addColumnSums", "y", y, x);
        kernels.addColumnSums(x, y, rows, cols);
    }

    @Override
    public void addReluGradient(final Buffer x, final Buffer dy, final Buffer dx) {
        elementwise("addReluGradient", x, dy, dx);
        kernels.addReluGradient(x, dy, dx);
    }

    @Override
    public void maskByPositive(final Buffer y, final Buffer dy) {
        f32("maskByPositive", "y", y, dy.length());
        f32("maskByPositive", "dy", dy, dy.length());
        aloneOrOver("maskByPositive", "dy", dy, y);
        kernels.maskByPositive(y, dy);
    }

    @Override
    public void sum(final Buffer x, final float scale, final Buffer y) {
        f32("sum", "x", x, x.length());
        f32("sum", "y", y, 1);
        alone("sum", "y", y, x);
        kernels.sum(x, scale, y);
    }

    private static void indexed(
            final String op,
            final Buffer x,
            final Buffer index,
            final Buffer y,
            final int rows,
            final int cols) {
        f32(op, "x", x, area(op, rows, cols));
        check(op, "index", index, DType.I32, rows);
        f32(op, "y", y, rows);
    }

    @Override
    public void gather(
            final Buffer x, final Buffer index, final Buffer y, final int rows, final int cols) {
        indexed("gather", x, index, y, rows, cols);
        alone("gather", "y", y, x, index);
        kernels.gather(x, index, y, rows, cols);
    }

    @Override
    public void addScatter(
            final Buffer y, final Buffer index, final Buffer x, final int rows, final int cols) {
        indexed("addScatter", x, index, y, rows, cols);
        alone("addScatter", "x", x, y, index);
        kernels.addScatter(y, index, x, rows, cols);
    }

    @Override
    public void rowMax(
            final Buffer x, final Buffer legal, final Buffer y, final int rows, final int cols) {
        f32("rowMax", "x", x, area("rowMax", rows, cols));
        legal("rowMax", legal, x.length());
        f32("rowMax", "y", y, rows);
        alone("rowMax", "y", y, x, legal);
        kernels.rowMax(x, legal, y, rows, cols);
    }

    @Override
    public void rowArgMax(
            final Buffer x, final Buffer legal, final Buffer y, final int rows, final int cols) {
        f32("rowArgMax", "x", x, area("rowArgMax", rows, cols));
        legal("rowArgMax", legal, x.length());
        check("rowArgMax", "y", y, DType.I32, rows);
        alone("rowArgMax", "y", y, x, legal);
        kernels.rowArgMax(x, legal, y, rows, cols);
    }

    @Override
    public void addRowMaxGradient(
            final Buffer x,
            final Buffer legal,
            final Buffer dy,
            final Buffer dx,
            final int rows,
            final int cols) {
        f32("addRowMaxGradient", "x", x, area("addRowMaxGradient", rows, cols));
        legal("addRowMaxGradient", legal, x.length());
        f32("addRowMaxGradient", "dy", dy, rows);
        f32("addRowMaxGradient", "dx", dx, x.length());
        alone("addRowMaxGradient", "dx", dx, x, legal, dy);
        kernels.addRowMaxGradient(x, legal, dy, dx, rows, cols);
    }

    @Override
    public void huber(final Buffer a, final Buffer b, final float beta, final Buffer y) {
        elementwise("huber", a, b, y);
        positive("huber", "beta", beta);
        kernels.huber(a, b, beta, y);
    }

    @Override
    public void addHuberGradient(
            final Buffer a,
            final Buffer b,
            final float beta,
            final float scale,
            final Buffer dy,
            final Buffer dx) {
        elementwise("addHuberGradient", a, b, dx);
        f32("addHuberGradient", "dy", dy, dx.length());
        positive("addHuberGradient", "beta", beta);
        aloneOrOver("addHuberGradient", "dx", dx, dy);
        kernels.addHuberGradient(a, b, beta, scale, dy, dx);
    }

    @Override
    public void gatherRows(
            final Buffer x, final Buffer index, final Buffer y, final int rows, final int width) {
        open("gatherRows", "x", x);
        check("gatherRows", "y", y, x.dtype(), area("gatherRows", rows, width));
        check("gatherRows", "index", index, DType.I32, rows);
        if (x.length() % width != 0) {
            throw new IllegalArgumentException(
                    "gatherRows: x=%s[%d], width=%d, expected whole rows"
                            .formatted(x.dtype(), x.length(), width));
        }
        alone("gatherRows", "y", y, x, index);
        kernels.gatherRows(x, index, y, rows, width);
    }

    @Override
    public void lerp(final Buffer x, final float t, final Buffer y) {
        elementwise("lerp", x, y);
        kernels.lerp(x, t, y);
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

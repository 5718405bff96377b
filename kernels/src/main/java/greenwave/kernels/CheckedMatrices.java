package greenwave.kernels;

import static greenwave.kernels.CheckedKernels.alone;
import static greenwave.kernels.CheckedKernels.area;
import static greenwave.kernels.CheckedKernels.f32;

/** The part of {@link Kernels} about products of matrices, layers and sums, guarded. */
interface CheckedMatrices extends Kernels {
    /** {@return what computes once the arguments are found good} */
    Kernels guarded();

    @Override
    default void gemm(
            final int batch,
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
        final long products = area("gemm", batch, 1);
        f32("gemm", "a", a, products * area("gemm", m, k));
        f32("gemm", "b", b, products * area("gemm", k, n));
        f32("gemm", "c", c, products * area("gemm", m, n));
        alone("gemm", "c", c, a, b);
        guarded().gemm(batch, transposeA, transposeB, m, n, k, alpha, a, b, beta, c);
    }

    @Override
    default void linear(
            final Buffer x,
            final Buffer w,
            final Buffer b,
            final Buffer y,
            final int rows,
            final int in,
            final int out) {
        layer("linear", x, w, b, y, rows, in, out);
        guarded().linear(x, w, b, y, rows, in, out);
    }

    @Override
    default void linearRelu(
            final Buffer x,
            final Buffer w,
            final Buffer b,
            final Buffer y,
            final int rows,
            final int in,
            final int out) {
        layer("linearRelu", x, w, b, y, rows, in, out);
        guarded().linearRelu(x, w, b, y, rows, in, out);
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

    @Override
    default void linearGradients(
            final Buffer x,
            final Buffer w,
            final Buffer y,
            final Buffer dy,
            final Buffer dx,
            final Buffer dw,
            final Buffer db,
            final boolean add,
            final int rows,
            final int in,
            final int out) {
        final String op = "linearGradients";
        f32(op, "x", x, area(op, rows, in));
        f32(op, "w", w, area(op, out, in));
        f32(op, "dy", dy, area(op, rows, out));
        if (y != null) {
            f32(op, "y", y, dy.length());
            alone(op, "dy", dy, x, w, y);
        }
        gradient("dx", dx, x.length(), x, w, y, dy);
        gradient("dw", dw, w.length(), x, w, y, dy);
        gradient("db", db, out, x, w, y, dy);
        if (dx != null) {
            alone(op, "dx", dx, dw, db);
        }
        if (dw != null) {
            alone(op, "dw", dw, db);
        }
        guarded().linearGradients(x, w, y, dy, dx, dw, db, add, rows, in, out);
    }

    private static void gradient(
            final String name,
            final Buffer gradient,
            final long length,
            final Buffer x,
            final Buffer w,
            final Buffer y,
            final Buffer dy) {
        if (gradient != null) {
            f32("linearGradients", name, gradient, length);
            alone("linearGradients", name, gradient, x, w, y);
            alone("linearGradients", name, gradient, dy);
        }
    }

    @Override
    default void sum(final Buffer x, final float scale, final Buffer y) {
        f32("sum", "x", x, x.length());
        f32("sum", "y", y, 1);
        alone("sum", "y", y, x);
        guarded().sum(x, scale, y);
    }
}

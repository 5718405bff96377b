package greenwave.engine.autograd;

import static greenwave.kernels.DType.F32;

import greenwave.engine.tensor.Shape;

import java.util.Arrays;
import java.util.List;

/** The row of the table that multiplies matrices. */
public final class ProductOps {
    /** c = a · b; a [..., M, K], b [..., K, N], c [..., M, N], with the same dimensions before these, or none. */
    public static final Op MATMUL =
            Op.named("matmul")
                    .takes(F32, F32)
                    .shape(ProductOps::product)
                    .cost((in, out) -> 2 * out.size() * in.getFirst().dim(in.getFirst().rank() - 1))
                    .forward(
                            (k, c) ->
                                    k.gemm(
                                            batch(c),
                                            false,
                                            false,
                                            rows(c),
                                            columns(c),
                                            depth(c),
                                            1,
                                            c.in(0),
                                            c.in(1),
                                            0,
                                            c.out()))
                    .gradient( // da += dc · bᵀ
                            0,
                            (k, c) ->
                                    k.gemm(
                                            batch(c),
                                            false,
                                            true,
                                            rows(c),
                                            depth(c),
                                            columns(c),
                                            1,
                                            c.outGradient(),
                                            c.in(1),
                                            1,
                                            c.inGradient(0)))
                    .gradient( // db += aᵀ · dc
                            1,
                            (k, c) ->
                                    k.gemm(
                                            batch(c),
                                            true,
                                            false,
                                            depth(c),
                                            columns(c),
                                            rows(c),
                                            1,
                                            c.in(0),
                                            c.outGradient(),
                                            1,
                                            c.inGradient(1)))
                    .build();

    /** Every row of this family. */
    static final List<Op> ALL = List.of(MATMUL);

    private ProductOps() {}

    private static int batch(final Call c) {
        return (int) (c.outShape().size() / rows(c) / columns(c));
    }

    private static int rows(final Call c) {
        return c.dim(0, c.outShape().rank() - 2);
    }

    private static int depth(final Call c) {
        return c.dim(0, c.outShape().rank() - 1);
    }

    private static int columns(final Call c) {
        return c.dim(1, c.outShape().rank() - 1);
    }

    private static Shape product(final String op, final List<Shape> in) {
        final Shape a = in.get(0);
        final Shape b = in.get(1);
        final int last = a.rank() - 1;
        ShapeRules.require(
                last > 0
                        && b.rank() == a.rank()
                        && a.dim(last) == b.dim(last - 1)
                        && Arrays.equals(a.dims(), 0, last - 1, b.dims(), 0, last - 1),
                "%s: a=%s, b=%s, expected a [..., M, K], b [..., K, N]",
                op,
                a,
                b);
        final int[] dims = a.dims();
        dims[last] = b.dim(last);
        return Shape.of(dims);
    }
}

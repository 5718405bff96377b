package greenwave.engine.autograd;

import static greenwave.kernels.DType.F32;
import static greenwave.kernels.DType.I32;

import greenwave.engine.tensor.Shape;
import greenwave.kernels.View;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** Rows of the table that sum over dimensions or rows, and those that look rows up. */
public final class ReductionOps {
    /** y = scale · (x summed over some dimensions, which the output lacks); attribute scale, constants the dimensions. */
    public static final Op SUM_OVER =
            Op.named("sumOver")
                    .takes(F32)
                    .shape(ReductionOps::without)
                    .forward(
                            c -> {
                                final Repeats repeats =
                                        Repeats.over(
                                                c.shape(0).dims(), i -> contains(c.constants(), i));
                                final float scale = c.attribute(0);
                                return k -> {
                                    k.fill(c.out(), 0);
                                    k.addSums(
                                            c.in(0),
                                            repeats.view(),
                                            repeats.kept(),
                                            scale,
                                            c.out());
                                };
                            })
                    .gradient( // dx += scale · dy, repeated
                            0,
                            c -> {
                                final View to =
                                        Repeats.over(
                                                        c.shape(0).dims(),
                                                        i -> contains(c.constants(), i))
                                                .view();
                                final View summed = View.dense(c.outShape().dims());
                                final View from = appended(summed, to.dims());
                                final float scale = c.attribute(0);
                                return k ->
                                        k.addView(
                                                scale, c.outGradient(), from, c.inGradient(0), to);
                            })
                    .build();

    /** y = softmax of each row of x [R, A]. */
    public static final Op SOFTMAX = softmax("softmax", false);

    /** y = logarithm of the softmax of each row of x [R, A]. */
    public static final Op LOG_SOFTMAX = softmax("logSoftmax", true);

    /** y[r] = largest of row r; x [R, A], y [R]. The gradient is shared evenly between equals, as torch.amax's. */
    public static final Op AMAX =
            Op.named("amax")
                    .takes(F32)
                    .shape(ShapeRules::rows)
                    .forward((k, c) -> k.rowMax(c.in(0), null, c.out(), c.dim(0, 0), c.dim(0, 1)))
                    .gradient(
                            0,
                            (k, c) ->
                                    k.addEvenRowMaxGradient(
                                            c.in(0),
                                            c.out(),
                                            c.outGradient(),
                                            c.inGradient(0),
                                            c.dim(0, 0),
                                            c.dim(0, 1)))
                    .build();

    /** y[r] = table[index[r]]; table [V, D], index i32 [R], y [R, D]. */
    public static final Op EMBEDDING =
            Op.named("embedding")
                    .takes(F32, I32)
                    .shape(ReductionOps::embedding)
                    .forward(
                            (k, c) ->
                                    k.gatherRows(
                                            c.in(0), c.in(1), c.out(), c.dim(1, 0), c.dim(0, 1)))
                    .gradient(
                            0,
                            (k, c) ->
                                    k.addScatterRows(
                                            c.outGradient(),
                                            c.in(1),
                                            c.inGradient(0),
                                            c.dim(1, 0),
                                            c.dim(0, 1)))
                    .build();

    /** As {@link ViewOps#RESHAPE}, of indices. */
    public static final Op RESHAPE_INDEX =
            Op.named("reshapeIndex").takes(I32).yields(I32).shape(ViewShapeRules::reshape).build();

    /** Every row of this family. */
    static final List<Op> ALL =
            List.of(SUM_OVER, SOFTMAX, LOG_SOFTMAX, AMAX, EMBEDDING, RESHAPE_INDEX);

    private ReductionOps() {}

    private static boolean contains(final int[] dims, final int dim) {
        return IntStream.of(dims).anyMatch(d -> d == dim);
    }

    /** A view with dimensions added behind, along which it repeats. */
    private static View appended(final View view, final int[] dims) {
        final long[] strides = new long[dims.length];
        System.arraycopy(view.strides(), 0, strides, 0, view.strides().length);
        return new View(view.offset(), dims, strides);
    }

    private static Op softmax(final String name, final boolean log) {
        return Op.named(name)
                .takes(F32)
                .shape(ReductionOps::matrix)
                .forward((k, c) -> k.softmax(log, c.in(0), c.out(), c.dim(0, 0), c.dim(0, 1)))
                .gradient(
                        0,
                        (k, c) ->
                                k.addSoftmaxGradient(
                                        log,
                                        c.out(),
                                        c.outGradient(),
                                        c.inGradient(0),
                                        c.dim(0, 0),
                                        c.dim(0, 1)))
                .build();
    }

    private static Shape without(final String op, final List<Shape> in, final int[] dims) {
        final Shape x = in.getFirst();
        ShapeRules.require(
                dims.length > 0
                        && IntStream.of(dims).distinct().count() == dims.length
                        && IntStream.of(dims).allMatch(d -> d >= 0 && d < x.rank()),
                "%s: x=%s, dims=%s, expected some of x's dimensions, each once",
                op,
                x,
                Arrays.toString(dims));
        return Shape.of(
                IntStream.range(0, x.rank()).filter(i -> !contains(dims, i)).map(x::dim).toArray());
    }

    private static Shape matrix(final String op, final List<Shape> in) {
        final Shape x = in.getFirst();
        ShapeRules.require(x.rank() == 2, "%s: x=%s, expected x [R, A]", op, x);
        return x;
    }

    private static Shape embedding(final String op, final List<Shape> in) {
        final Shape table = in.get(0);
        final Shape index = in.get(1);
        ShapeRules.require(
                table.rank() == 2 && index.rank() == 1,
                "%s: table=%s, index=%s, expected table [V, D], index [R]",
                op,
                table,
                index);
        return Shape.of(index.dim(0), table.dim(1));
    }
}

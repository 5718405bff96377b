package greenwave.engine.autograd;

import static greenwave.kernels.DType.F32;

import greenwave.kernels.View;

import java.util.List;

/** Rows of the table that move numbers without changing them: all are copies through {@link View}s. */
public final class ViewOps {
    /** y = x repeated to a wider shape; constants: that shape. */
    public static final Op BROADCAST =
            Op.named("broadcast")
                    .takes(F32)
                    .shape(ViewShapeRules::broadcast)
                    .forward(
                            c -> {
                                final View from =
                                        View.dense(c.shape(0).dims()).broadcast(c.constants());
                                final View to = View.dense(c.constants());
                                return k -> k.copyView(c.in(0), from, c.out(), to);
                            })
                    .gradient( // dx += the sum of dy over the repetitions
                            0,
                            c -> {
                                final Repeats repeats =
                                        Repeats.of(c.shape(0).dims(), c.constants());
                                return k ->
                                        k.addSums(
                                                c.outGradient(),
                                                repeats.view(),
                                                repeats.kept(),
                                                1,
                                                c.inGradient(0));
                            })
                    .build();

    /** y = x of another shape and the same size; constants: that shape. The numbers stay where they are. */
    public static final Op RESHAPE =
            Op.named("reshape")
                    .takes(F32)
                    .shape(ViewShapeRules::reshape)
                    .gradient(0, (k, c) -> k.addScaled(1, c.outGradient(), c.inGradient(0)))
                    .build();

    /** y = x with dimension i being dimension order[i] of x; constants: the order. */
    public static final Op PERMUTE =
            Op.named("permute")
                    .takes(F32)
                    .shape(ViewShapeRules::permute)
                    .forward(
                            c -> {
                                final View from =
                                        View.dense(c.shape(0).dims()).permute(c.constants());
                                final View to = View.dense(c.outShape().dims());
                                return k -> k.copyView(c.in(0), from, c.out(), to);
                            })
                    .gradient(
                            0,
                            c -> {
                                final View from = View.dense(c.outShape().dims());
                                final View to =
                                        View.dense(c.shape(0).dims()).permute(c.constants());
                                return k ->
                                        k.addView(1, c.outGradient(), from, c.inGradient(0), to);
                            })
                    .build();

    /** y = x from start on, length long, in one dimension; constants: dim, start, length. */
    public static final Op SLICE =
            Op.named("slice")
                    .takes(F32)
                    .shape(ViewShapeRules::slice)
                    .forward(
                            c -> {
                                final View from = narrowed(c);
                                final View to = View.dense(c.outShape().dims());
                                return k -> k.copyView(c.in(0), from, c.out(), to);
                            })
                    .gradient(
                            0,
                            c -> {
                                final View from = View.dense(c.outShape().dims());
                                final View to = narrowed(c);
                                return k ->
                                        k.addView(1, c.outGradient(), from, c.inGradient(0), to);
                            })
                    .build();

    /** y = a, then b, in one dimension; constant: that dimension. */
    public static final Op CONCAT =
            Op.named("concat")
                    .takes(F32, F32)
                    .shape(ViewShapeRules::concat)
                    .forward(
                            c -> {
                                final View a = View.dense(c.shape(0).dims());
                                final View b = View.dense(c.shape(1).dims());
                                final View intoA = part(c, 0);
                                final View intoB = part(c, 1);
                                return k -> {
                                    k.copyView(c.in(0), a, c.out(), intoA);
                                    k.copyView(c.in(1), b, c.out(), intoB);
                                };
                            })
                    .gradient(0, c -> addPart(c, 0))
                    .gradient(1, c -> addPart(c, 1))
                    .build();

    /** Every row of this family. */
    static final List<Op> ALL = List.of(BROADCAST, RESHAPE, PERMUTE, SLICE, CONCAT);

    private ViewOps() {}

    private static View narrowed(final Call c) {
        return View.dense(c.shape(0).dims()).narrow(c.constant(0), c.constant(1), c.constant(2));
    }

    /** Where input {@code index} of a concatenation lies in the output. */
    private static View part(final Call c, final int index) {
        final int dim = c.constant(0);
        final int start = index == 0 ? 0 : c.dim(0, dim);
        return View.dense(c.outShape().dims()).narrow(dim, start, c.dim(index, dim));
    }

    private static KernelCall addPart(final Call c, final int index) {
        final View from = part(c, index);
        final View to = View.dense(c.shape(index).dims());
        return k -> k.addView(1, c.outGradient(), from, c.inGradient(index), to);
    }
}

package greenwave.engine.autograd;

import static greenwave.kernels.DType.F32;
import static greenwave.kernels.DType.I32;

import greenwave.engine.tensor.Shape;

import java.util.List;

/** Rows of the table for distributions of returns, a distribution per row. */
public final class DistributionOps {
    /** y[b] = b · A + index[b]; index i32 [B]; constant A. */
    public static final Op FLAT_INDEX =
            Op.named("flatIndex")
                    .takes(I32)
                    .yields(I32)
                    .shape(DistributionOps::flat)
                    .forward((k, c) -> k.flatIndex(c.in(0), c.out(), c.dim(0, 0), c.constant(0)))
                    .build();

    /** y = p of atoms moved to reward + discount · atom, projected onto the atoms; p [B, N], the others [B]; attributes low, high. */
    public static final Op PROJECT_CATEGORICAL =
            Op.named("projectCategorical")
                    .takes(F32, F32, F32)
                    .shape(DistributionOps::moved)
                    .forward(
                            (k, c) ->
                                    k.projectCategorical(
                                            c.in(0),
                                            c.in(1),
                                            c.in(2),
                                            c.attribute(0),
                                            c.attribute(1),
                                            c.out(),
                                            c.dim(0, 0),
                                            c.dim(0, 1)))
                    .build();

    /** y[b] = quantile Huber loss of the quantiles x [B, N] by the draws goal [B, M]; no gradient by goal; attribute kappa. */
    public static final Op QUANTILE_HUBER =
            Op.named("quantileHuber")
                    .takes(F32, F32)
                    .shape(DistributionOps::pairs)
                    .cost((in, _) -> 8 * in.get(0).size() * in.get(1).dim(1))
                    .forward(
                            (k, c) ->
                                    k.quantileHuber(
                                            c.in(0),
                                            c.in(1),
                                            c.attribute(0),
                                            c.out(),
                                            c.dim(0, 0),
                                            c.dim(0, 1),
                                            c.dim(1, 1)))
                    .gradient(
                            0,
                            (k, c) ->
                                    k.addQuantileHuberGradient(
                                            c.in(0),
                                            c.in(1),
                                            c.attribute(0),
                                            c.outGradient(),
                                            c.inGradient(0),
                                            c.dim(0, 0),
                                            c.dim(0, 1),
                                            c.dim(1, 1)))
                    .build();

    /** Every row of this family. */
    static final List<Op> ALL = List.of(FLAT_INDEX, PROJECT_CATEGORICAL, QUANTILE_HUBER);

    private DistributionOps() {}

    private static Shape flat(final String op, final List<Shape> in, final int[] columns) {
        final Shape index = in.getFirst();
        ShapeRules.require(
                index.rank() == 1 && columns[0] > 0,
                "%s: index=%s, columns=%d, expected index [B], columns >= 1",
                op,
                index,
                columns[0]);
        return index;
    }

    private static Shape moved(final String op, final List<Shape> in) {
        final Shape p = in.getFirst();
        ShapeRules.require(
                p.rank() == 2
                        && p.dim(1) >= 2
                        && in.get(1).equals(Shape.of(p.dim(0)))
                        && in.get(2).equals(in.get(1)),
                "%s: p=%s, reward=%s, discount=%s, expected p [B, N], N >= 2, the others [B]",
                op,
                p,
                in.get(1),
                in.get(2));
        return p;
    }

    private static Shape pairs(final String op, final List<Shape> in) {
        final Shape x = in.get(0);
        final Shape goal = in.get(1);
        ShapeRules.require(
                x.rank() == 2 && goal.rank() == 2 && x.dim(0) == goal.dim(0),
                "%s: x=%s, goal=%s, expected x [B, N], goal [B, M]",
                op,
                x,
                goal);
        return Shape.of(x.dim(0));
    }
}

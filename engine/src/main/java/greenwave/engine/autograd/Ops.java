package greenwave.engine.autograd;

import static greenwave.kernels.DType.F32;
import static greenwave.kernels.DType.I32;
import static greenwave.kernels.DType.U8;

import java.util.List;
import java.util.stream.Stream;

/**
 * The table of ops: a row says all there is to say about one. Gradients add to what their buffer holds. Families stand in
 * classes of their own ({@link ElementwiseOps}, {@link ViewOps},
 * {@link ReductionOps}, {@link NormOps}, {@link RandomOps}, {@link DistributionOps}, {@link ImageOps}); {@link #ALL} is the whole table.
 */
public final class Ops {
    /** y = x · wᵀ + b; x [B, I], w [O, I], b [O], y [B, O]. */
    public static final Op LINEAR = LinearOps.LINEAR;

    /** y [] = sum of x. */
    public static final Op SUM =
            Op.named("sum")
                    .takes(F32)
                    .shape(ShapeRules::scalar)
                    .forward((k, c) -> k.sum(c.in(0), 1, c.out()))
                    .gradient(0, (k, c) -> k.addScalar(1, c.outGradient(), c.inGradient(0)))
                    .build();

    /** y [] = mean of x. */
    public static final Op MEAN =
            Op.named("mean")
                    .takes(F32)
                    .shape(ShapeRules::scalar)
                    .forward((k, c) -> k.sum(c.in(0), 1f / c.in(0).length(), c.out()))
                    .gradient(
                            0,
                            (k, c) ->
                                    k.addScalar(
                                            1f / c.in(0).length(),
                                            c.outGradient(),
                                            c.inGradient(0)))
                    .build();

    /** y[b] = x[b, index[b]]; x [B, A], index i32 [B], y [B]. */
    public static final Op GATHER =
            Op.named("gather")
                    .takes(F32, I32)
                    .shape(ShapeRules::gather)
                    .forward(
                            (k, c) -> k.gather(c.in(0), c.in(1), c.out(), c.dim(0, 0), c.dim(0, 1)))
                    .gradient(
                            0,
                            (k, c) ->
                                    k.addScatter(
                                            c.outGradient(),
                                            c.in(1),
                                            c.inGradient(0),
                                            c.dim(0, 0),
                                            c.dim(0, 1)))
                    .build();

    /** y[b] = largest of row b; x [B, A], y [B]. The gradient goes to the first of equals. */
    public static final Op MAX =
            Op.named("max")
                    .takes(F32)
                    .shape(ShapeRules::rows)
                    .forward((k, c) -> k.rowMax(c.in(0), null, c.out(), c.dim(0, 0), c.dim(0, 1)))
                    .gradient(
                            0,
                            (k, c) ->
                                    k.addRowMaxGradient(
                                            c.in(0),
                                            null,
                                            c.outGradient(),
                                            c.inGradient(0),
                                            c.dim(0, 0),
                                            c.dim(0, 1)))
                    .build();

    /** As {@link #MAX} among the legal, 0 where none is; legal u8 [B, A]. */
    public static final Op LEGAL_MAX =
            Op.named("legalMax")
                    .takes(F32, U8)
                    .shape(ShapeRules::legalRows)
                    .forward(
                            (k, c) -> k.rowMax(c.in(0), c.in(1), c.out(), c.dim(0, 0), c.dim(0, 1)))
                    .gradient(
                            0,
                            (k, c) ->
                                    k.addRowMaxGradient(
                                            c.in(0),
                                            c.in(1),
                                            c.outGradient(),
                                            c.inGradient(0),
                                            c.dim(0, 0),
                                            c.dim(0, 1)))
                    .build();

    /** y[b] = where row b is largest, the first of equals; x [B, A], y i32 [B]. */
    public static final Op ARG_MAX =
            Op.named("argMax")
                    .takes(F32)
                    .yields(I32)
                    .shape(ShapeRules::rows)
                    .forward(
                            (k, c) -> k.rowArgMax(c.in(0), null, c.out(), c.dim(0, 0), c.dim(0, 1)))
                    .build();

    /** As {@link #ARG_MAX} among the legal, 0 where none is; legal u8 [B, A]. */
    public static final Op LEGAL_ARG_MAX =
            Op.named("legalArgMax")
                    .takes(F32, U8)
                    .yields(I32)
                    .shape(ShapeRules::legalRows)
                    .forward(
                            (k, c) ->
                                    k.rowArgMax(
                                            c.in(0), c.in(1), c.out(), c.dim(0, 0), c.dim(0, 1)))
                    .build();

    /** y = d²/(2·beta) where |d| is below beta, else |d| - beta/2; d = a - b; constant beta. */
    public static final Op HUBER =
            Op.named("huber")
                    .takes(F32, F32)
                    .shape(ShapeRules::equal)
                    .forward((k, c) -> k.huber(c.in(0), c.in(1), c.attribute(0), c.out()))
                    .gradient(
                            0,
                            (k, c) ->
                                    k.addHuberGradient(
                                            c.in(0),
                                            c.in(1),
                                            c.attribute(0),
                                            1,
                                            c.outGradient(),
                                            c.inGradient(0)))
                    .gradient(
                            1,
                            (k, c) ->
                                    k.addHuberGradient(
                                            c.in(0),
                                            c.in(1),
                                            c.attribute(0),
                                            -1,
                                            c.outGradient(),
                                            c.inGradient(1)))
                    .build();

    /** y = x, through which no gradient flows. */
    public static final Op DETACH = Op.named("detach").takes(F32).shape(ShapeRules::same).build();

    /** Every row. */
    public static final List<Op> ALL =
            Stream.of(
                            List.of(
                                    LINEAR,
                                    SUM,
                                    MEAN,
                                    GATHER,
                                    MAX,
                                    LEGAL_MAX,
                                    ARG_MAX,
                                    LEGAL_ARG_MAX,
                                    HUBER,
                                    DETACH),
                            ElementwiseOps.ALL,
                            ViewOps.ALL,
                            ReductionOps.ALL,
                            ProductOps.ALL,
                            NormOps.ALL,
                            RandomOps.ALL,
                            DistributionOps.ALL,
                            ImageOps.ALL)
                    .flatMap(List::stream)
                    .toList();

    private Ops() {}
}

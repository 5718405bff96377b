package greenwave.engine.autograd;

import static greenwave.kernels.DType.F32;

import greenwave.engine.tensor.Shape;
import greenwave.kernels.Buffer;

import java.util.Arrays;
import java.util.List;

/**
 * Rows of the table that treat channels alike. Their constants are outer, channels, inner: how x is seen, whatever its
 * shape ({@link greenwave.kernels.NormKernels}).
 */
public final class NormOps {
    /** y [2, channels]: mean and biased variance of each channel. No gradient: {@link #STANDARDISE} carries it. */
    public static final Op MOMENTS =
            Op.named("moments")
                    .takes(F32)
                    .shape(NormOps::moments)
                    .forward(
                            c -> {
                                final int channels = c.constant(1);
                                final Buffer mean = mean(c.out(), channels);
                                final Buffer variance = variance(c.out(), channels);
                                return k ->
                                        k.channelMoments(
                                                c.in(0),
                                                mean,
                                                variance,
                                                c.constant(0),
                                                channels,
                                                c.constant(2));
                            })
                    .build();

    /**
     * y = (x - mean) / sqrt(variance + eps), by channel; the second input is {@link #MOMENTS} of the first, and the
     * gradient by x includes that. Attribute eps.
     */
    public static final Op STANDARDISE =
            Op.named("standardise")
                    .takes(F32, F32)
                    .shape(NormOps::standardised)
                    .forward(
                            c -> {
                                final Buffer mean = mean(c.in(1), c.constant(1));
                                final Buffer variance = variance(c.in(1), c.constant(1));
                                return k ->
                                        k.standardise(
                                                c.in(0),
                                                mean,
                                                variance,
                                                c.attribute(0),
                                                c.out(),
                                                c.constant(0),
                                                c.constant(1),
                                                c.constant(2));
                            })
                    .gradient(
                            0,
                            c -> {
                                final Buffer variance = variance(c.in(1), c.constant(1));
                                return k ->
                                        k.addStandardiseGradient(
                                                variance,
                                                c.attribute(0),
                                                c.out(),
                                                c.outGradient(),
                                                c.inGradient(0),
                                                c.constant(0),
                                                c.constant(1),
                                                c.constant(2));
                            })
                    .build();

    /** y = x · scale + shift, by channel; scale and shift [channels]. */
    public static final Op CHANNEL_AFFINE =
            Op.named("channelAffine")
                    .takes(F32, F32, F32)
                    .shape(NormOps::affine)
                    .forward(
                            (k, c) ->
                                    k.channelAffine(
                                            c.in(0),
                                            c.in(1),
                                            c.in(2),
                                            c.out(),
                                            c.constant(0),
                                            c.constant(1),
                                            c.constant(2)))
                    .gradient(
                            0,
                            (k, c) ->
                                    k.addChannelScaled(
                                            c.outGradient(),
                                            c.in(1),
                                            c.inGradient(0),
                                            c.constant(0),
                                            c.constant(1),
                                            c.constant(2)))
                    .gradient(
                            1,
                            (k, c) ->
                                    k.addChannelDots(
                                            c.outGradient(),
                                            c.in(0),
                                            c.inGradient(1),
                                            c.constant(0),
                                            c.constant(1),
                                            c.constant(2)))
                    .gradient( // dshift += the sum over each channel of dy
                            2,
                            c -> {
                                final Repeats channels = Repeats.over(c.constants(), i -> i != 1);
                                return k ->
                                        k.addSums(
                                                c.outGradient(),
                                                channels.view(),
                                                channels.kept(),
                                                1,
                                                c.inGradient(2));
                            })
                    .build();

    /** a += t · (b - a), in place: a is an input or an untrained parameter such as a running mean. Attribute t. */
    public static final Op MOVING_AVERAGE =
            Op.named("movingAverage")
                    .takes(F32, F32)
                    .shape(ShapeRules::equal)
                    .forward((k, c) -> k.lerp(c.in(1), c.attribute(0), c.in(0)))
                    .inPlace()
                    .build();

    /** Every row of this family. */
    static final List<Op> ALL = List.of(MOMENTS, STANDARDISE, CHANNEL_AFFINE, MOVING_AVERAGE);

    private NormOps() {}

    private static Buffer mean(final Buffer moments, final int channels) {
        return moments.slice(0, channels);
    }

    private static Buffer variance(final Buffer moments, final int channels) {
        return moments.slice(channels, channels);
    }

    private static void requireSeen(final String op, final Shape x, final int[] constants) {
        ShapeRules.require(
                constants.length == 3 && Shape.of(constants).size() == x.size(),
                "%s: x=%s, seen as %s, expected [outer, channels, inner] of equal size",
                op,
                x,
                Arrays.toString(constants));
    }

    private static Shape moments(final String op, final List<Shape> in, final int[] constants) {
        requireSeen(op, in.getFirst(), constants);
        return Shape.of(2, constants[1]);
    }

    private static Shape standardised(
            final String op, final List<Shape> in, final int[] constants) {
        final Shape x = in.get(0);
        requireSeen(op, x, constants);
        ShapeRules.require(
                in.get(1).equals(Shape.of(2, constants[1])),
                "%s: x=%s, moments=%s, expected moments [2, %d]",
                op,
                x,
                in.get(1),
                constants[1]);
        return x;
    }

    private static Shape affine(final String op, final List<Shape> in, final int[] constants) {
        final Shape x = in.get(0);
        requireSeen(op, x, constants);
        final Shape channels = Shape.of(constants[1]);
        ShapeRules.require(
                in.get(1).equals(channels) && in.get(2).equals(channels),
                "%s: x=%s, scale=%s, shift=%s, expected scale and shift %s",
                op,
                x,
                in.get(1),
                in.get(2),
                channels);
        return x;
    }
}

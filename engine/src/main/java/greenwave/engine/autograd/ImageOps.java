package greenwave.engine.autograd;

import static greenwave.kernels.DType.F32;

import greenwave.engine.tensor.Shape;
import greenwave.kernels.Convolution;
import greenwave.kernels.Window;

import java.util.Arrays;
import java.util.List;

/**
 * Rows of the table that work on images [B, C, H, W]. Pools take the constants kernelHeight, kernelWidth, strideHeight,
 * strideWidth, padHeight, padWidth, dilationHeight, dilationWidth; a convolution takes strideHeight and the following, and
 * groups at the end.
 */
public final class ImageOps {
    /** y = x convolved with w, plus b; x [B, I, H, W], w [O, I / groups, KH, KW], b [O], y [B, O, H', W']. */
    public static final Op CONV2D =
            Op.named("conv2d")
                    .takes(F32, F32, F32)
                    .shape(ImageOps::convolved)
                    .cost(ImageOps::flops)
                    .forward(
                            c -> {
                                final Convolution geometry = convolution(c);
                                return k ->
                                        k.convolve(geometry, c.in(0), c.in(1), c.in(2), c.out());
                            })
                    .gradient(
                            0,
                            c -> {
                                final Convolution geometry = convolution(c);
                                return k ->
                                        k.addConvolveDataGradient(
                                                geometry,
                                                c.in(1),
                                                c.outGradient(),
                                                c.inGradient(0));
                            })
                    .gradient(
                            1,
                            c -> {
                                final Convolution geometry = convolution(c);
                                return k ->
                                        k.addConvolveWeightGradient(
                                                geometry,
                                                c.in(0),
                                                c.outGradient(),
                                                c.inGradient(1));
                            })
                    .gradient( // db += the sum of dy over samples and pixels
                            2,
                            c -> {
                                final Repeats channels =
                                        Repeats.over(c.outShape().dims(), i -> i != 1);
                                return k ->
                                        k.addSums(
                                                c.outGradient(),
                                                channels.view(),
                                                channels.kept(),
                                                1,
                                                c.inGradient(2));
                            })
                    .build();

    /** y = the largest in each window, padding left out; the gradient goes to the first of equals. */
    public static final Op MAX_POOL2D =
            Op.named("maxPool2d")
                    .takes(F32)
                    .shape(ImageOps::pooled)
                    .forward(
                            c -> {
                                final Window window = window(c);
                                final int planes = planes(c);
                                return k -> k.maxPool(window, planes, c.in(0), c.out());
                            })
                    .gradient(
                            0,
                            c -> {
                                final Window window = window(c);
                                final int planes = planes(c);
                                return k ->
                                        k.addMaxPoolGradient(
                                                window,
                                                planes,
                                                c.in(0),
                                                c.outGradient(),
                                                c.inGradient(0));
                            })
                    .build();

    /** y = the mean of each window, padding counting as zeros. */
    public static final Op AVG_POOL2D =
            Op.named("avgPool2d")
                    .takes(F32)
                    .shape(ImageOps::pooled)
                    .forward(
                            c -> {
                                final Window window = window(c);
                                final int planes = planes(c);
                                return k -> k.averagePool(window, planes, c.in(0), c.out());
                            })
                    .gradient(
                            0,
                            c -> {
                                final Window window = window(c);
                                final int planes = planes(c);
                                return k ->
                                        k.addAveragePoolGradient(
                                                window, planes, c.outGradient(), c.inGradient(0));
                            })
                    .build();

    /** Every row of this family. */
    static final List<Op> ALL = List.of(CONV2D, MAX_POOL2D, AVG_POOL2D);

    private ImageOps() {}

    private static int planes(final Call c) {
        return c.dim(0, 0) * c.dim(0, 1);
    }

    private static Window window(final Call c) {
        return window(c.shape(0), c.constants());
    }

    private static Window window(final Shape x, final int[] k) {
        return new Window(x.dim(2), x.dim(3), k[0], k[1], k[2], k[3], k[4], k[5], k[6], k[7]);
    }

    private static Convolution convolution(final Call c) {
        return convolution(c.shape(0), c.shape(1), c.constants());
    }

    /** Of a convolution: a multiplication and an addition for each weight that an output sees, and one for the bias. */
    static long flops(final List<Shape> in, final Shape out) {
        final Shape w = in.get(1);
        return out.size() * (2 * w.size() / w.dim(0) + 1);
    }

    /** {@return the geometry of a use of {@link #CONV2D}} */
    static Convolution convolution(final Shape x, final Shape w, final int[] k) {
        final Window window =
                new Window(
                        x.dim(2), x.dim(3), w.dim(2), w.dim(3), k[0], k[1], k[2], k[3], k[4], k[5]);
        return new Convolution(x.dim(0), x.dim(1), w.dim(0), k[6], window);
    }

    private static Shape convolved(final String op, final List<Shape> in, final int[] constants) {
        final Shape x = in.get(0);
        final Shape w = in.get(1);
        final Shape b = in.get(2);
        final int groups = constants[6];
        ShapeRules.require(
                x.rank() == 4
                        && w.rank() == 4
                        && groups >= 1
                        && x.dim(1) == (long) w.dim(1) * groups
                        && w.dim(0) % groups == 0
                        && b.equals(Shape.of(w.dim(0))),
                "%s: x=%s, w=%s, b=%s, groups=%d, expected x [B, I, H, W], w [O, I / groups, KH,"
                        + " KW], b [O], O divisible by groups",
                op,
                x,
                w,
                b,
                groups);
        final Window window = convolution(x, w, constants).window();
        return Shape.of(x.dim(0), w.dim(0), window.outHeight(), window.outWidth());
    }

    private static Shape pooled(final String op, final List<Shape> in, final int[] constants) {
        final Shape x = in.getFirst();
        ShapeRules.require(x.rank() == 4, "%s: x=%s, expected x [B, C, H, W]", op, x);
        ShapeRules.require(
                2 * constants[4] <= constants[0] && 2 * constants[5] <= constants[1],
                "%s: kernel=%s, pad=%s, expected padding of at most half the kernel",
                op,
                Arrays.toString(Arrays.copyOfRange(constants, 0, 2)),
                Arrays.toString(Arrays.copyOfRange(constants, 4, 6)));
        final Window window = window(x, constants);
        return Shape.of(x.dim(0), x.dim(1), window.outHeight(), window.outWidth());
    }
}

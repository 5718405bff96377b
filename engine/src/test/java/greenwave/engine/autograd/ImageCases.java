package greenwave.engine.autograd;

import greenwave.engine.nn.Functional;
import greenwave.engine.nn.Pair;
import greenwave.engine.tensor.Shape;

import java.util.List;
import java.util.function.IntFunction;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/** Cases of {@link ImageOps}; the oracles pad the image with what does not count and then slide over it. */
final class ImageCases {
    static final List<OpCase> ALL =
            List.of(
                    conv("conv", 1, n -> Shape.of(2, 2, 3, n + 2), 3, 2, 3, 1, 0, 1),
                    conv(
                            "conv, stride and padding",
                            1,
                            n -> Shape.of(1, 2, 4, n),
                            2,
                            3,
                            3,
                            2,
                            1,
                            1),
                    conv("conv, dilation", 1, n -> Shape.of(1, 1, 5, n + 4), 2, 3, 3, 1, 0, 2),
                    conv("conv, groups", 2, n -> Shape.of(2, 4, 2, n + 1), 6, 2, 2, 1, 0, 1),
                    conv("conv by channel", 3, n -> Shape.of(1, 3, n + 1, 2), 3, 2, 2, 2, 1, 1),
                    OpCase.of(
                            "max pool",
                            n -> List.of(Shape.of(1, 2, 3, n + 1)),
                            in ->
                                    Functional.maxPool2d(
                                            in.getFirst(),
                                            Pair.of(2),
                                            Pair.of(2),
                                            Pair.of(0),
                                            Pair.of(1)),
                            (n, in) ->
                                    pooled(
                                            in[0],
                                            3,
                                            n + 1,
                                            2,
                                            2,
                                            0,
                                            1,
                                            Double.NEGATIVE_INFINITY,
                                            w -> w.max().orElseThrow())),
                    OpCase.of(
                            "max pool, padding and dilation",
                            n -> List.of(Shape.of(1, 1, 5, n + 4)),
                            in ->
                                    Functional.maxPool2d(
                                            in.getFirst(),
                                            Pair.of(3),
                                            Pair.of(1),
                                            Pair.of(1),
                                            Pair.of(2)),
                            (n, in) ->
                                    pooled(
                                            in[0],
                                            5,
                                            n + 4,
                                            3,
                                            1,
                                            1,
                                            2,
                                            Double.NEGATIVE_INFINITY,
                                            w -> w.max().orElseThrow())),
                    OpCase.of(
                            "average pool",
                            n -> List.of(Shape.of(2, 1, 4, n + 1)),
                            in ->
                                    Functional.avgPool2d(
                                            in.getFirst(), Pair.of(3), Pair.of(2), Pair.of(1)),
                            (n, in) -> pooled(in[0], 4, n + 1, 3, 2, 1, 1, 0, w -> w.sum() / 9)));

    private ImageCases() {}

    private static OpCase conv(
            final String name,
            final int groups,
            final IntFunction<Shape> image,
            final int out,
            final int kernelHeight,
            final int kernelWidth,
            final int stride,
            final int padding,
            final int dilation) {
        return OpCase.of(
                name,
                n -> {
                    final Shape x = image.apply(n);
                    final int in = x.dim(1) / groups;
                    return List.of(x, Shape.of(out, in, kernelHeight, kernelWidth), Shape.of(out));
                },
                in ->
                        Functional.conv2d(
                                in.get(0),
                                in.get(1),
                                in.get(2),
                                Pair.of(stride),
                                Pair.of(padding),
                                Pair.of(dilation),
                                groups),
                (n, in) -> {
                    final Shape x = image.apply(n);
                    final int ins = x.dim(1) / groups;
                    final int area = kernelHeight * kernelWidth;
                    return IntStream.range(0, x.dim(0) * out)
                            .mapToObj(
                                    plane -> {
                                        final int channel = plane % out;
                                        final int group = channel / (out / groups);
                                        final int first = plane / out * x.dim(1) + group * ins;
                                        double[] sum = null;
                                        for (int i = 0; i < ins; i++) {
                                            final int w = (channel * ins + i) * area;
                                            final double[] part =
                                                    slide(
                                                            in[0],
                                                            first + i,
                                                            x.dim(2),
                                                            x.dim(3),
                                                            kernelHeight,
                                                            kernelWidth,
                                                            stride,
                                                            padding,
                                                            dilation,
                                                            0,
                                                            window -> dot(window, in[1], w));
                                            sum = sum == null ? part : plus(sum, part);
                                        }
                                        final double bias = in[2][channel];
                                        return DoubleStream.of(sum).map(v -> v + bias).toArray();
                                    })
                            .flatMapToDouble(DoubleStream::of)
                            .toArray();
                });
    }

    private static double dot(final double[] window, final double[] w, final int start) {
        return IntStream.range(0, window.length).mapToDouble(i -> window[i] * w[start + i]).sum();
    }

    private static double[] plus(final double[] a, final double[] b) {
        return IntStream.range(0, a.length).mapToDouble(i -> a[i] + b[i]).toArray();
    }

    private static double[] pooled(
            final double[] x,
            final int height,
            final int width,
            final int kernel,
            final int stride,
            final int padding,
            final int dilation,
            final double outside,
            final ToDoubleFunction<DoubleStream> value) {
        return IntStream.range(0, x.length / height / width)
                .mapToObj(
                        plane ->
                                slide(
                                        x,
                                        plane,
                                        height,
                                        width,
                                        kernel,
                                        kernel,
                                        stride,
                                        padding,
                                        dilation,
                                        outside,
                                        w -> value.applyAsDouble(DoubleStream.of(w))))
                .flatMapToDouble(DoubleStream::of)
                .toArray();
    }

    /** What {@code value} makes of each window of one plane of x, row by row. */
    private static double[] slide(
            final double[] x,
            final int plane,
            final int height,
            final int width,
            final int kernelHeight,
            final int kernelWidth,
            final int stride,
            final int padding,
            final int dilation,
            final double outside,
            final ToDoubleFunction<double[]> value) {
        final double[][] padded = new double[height + 2 * padding][width + 2 * padding];
        for (int r = 0; r < padded.length; r++) {
            for (int c = 0; c < padded[r].length; c++) {
                final int row = r - padding;
                final int column = c - padding;
                final boolean inside = row >= 0 && row < height && column >= 0 && column < width;
                padded[r][c] = inside ? x[(plane * height + row) * width + column] : outside;
            }
        }
        final DoubleStream.Builder y = DoubleStream.builder();
        for (int r = 0; r + (kernelHeight - 1) * dilation < padded.length; r += stride) {
            for (int c = 0; c + (kernelWidth - 1) * dilation < padded[0].length; c += stride) {
                final double[] window = new double[kernelHeight * kernelWidth];
                for (int i = 0; i < window.length; i++) {
                    window[i] =
                            padded[r + i / kernelWidth * dilation][c + i % kernelWidth * dilation];
                }
                y.add(value.applyAsDouble(window));
            }
        }
        return y.build().toArray();
    }
}

package greenwave.kernels;

import java.util.ArrayList;
import java.util.List;

/** Sums of every kind: long and short, over what lies together and over what does not. */
final class SumKernelCases {
    /** Every row of this family. */
    static final List<KernelCase> ALL =
            List.of(
                    KernelCase.of(
                            "sum",
                            (in, k, n) -> {
                                final Buffer y = in.floats(1);
                                final Buffer all = in.floats(1);
                                k.sum(in.floats(n), -0.5f, y);
                                k.sum(in.floats(n * n), 2, all);
                                return List.of(y, all);
                            }),
                    KernelCase.of(
                            "sums over dimensions",
                            (in, k, n) -> {
                                final Buffer x = in.floats(3 * n * 4 * n + 1);
                                final View dense = View.dense(3, n, 4, n);
                                final Buffer outer = in.floats(3);
                                final Buffer middle = in.floats(4 * n);
                                final Buffer mixed = in.floats(n * n);
                                final Buffer none = in.floats(3 * n * 4 * n);
                                final Buffer all = in.floats(1);
                                k.addSums(x, dense, 1, -2, outer);
                                k.addSums(x, dense.permute(2, 3, 0, 1), 2, 0.5f, middle);
                                k.addSums(x, dense.permute(1, 3, 2, 0), 2, 1, mixed);
                                k.addSums(
                                        x, new View(1, dense.dims(), dense.strides()), 4, 3, none);
                                k.addSums(x, dense, 0, 1, all);
                                return List.of(outer, middle, mixed, none, all);
                            }),
                    KernelCase.of("norms of images", (in, k, n) -> norm(in, k, 3, 5, n)),
                    KernelCase.of("norms of large images", (in, k, n) -> norm(in, k, n, 2, 9 * n)),
                    KernelCase.of("norms of columns", (in, k, n) -> norm(in, k, n, 40, 1)),
                    KernelCase.of("norms of rows", (in, k, n) -> norm(in, k, 1, n, 33)),
                    KernelCase.of(
                            "the variance of large numbers that are close",
                            (in, k, n) -> {
                                final Buffer x = in.floats(2 * n);
                                final Buffer mean = in.floats(2);
                                final Buffer variance = in.floats(2);
                                k.affine(x, 1, 4096, x);
                                k.channelMoments(x, mean, variance, 1, 2, n);
                                return List.of(variance);
                            }),
                    KernelCase.of(
                            "clip by norm",
                            (in, k, n) -> {
                                final Buffer below = in.floats(n);
                                final Buffer above = in.floats(n * n);
                                final Buffer norms = in.floats(2);
                                k.clipNorm(below, 1000, norms.slice(0, 1));
                                k.clipNorm(above, 0.25f, norms.slice(1, 1));
                                return List.of(below, above, norms);
                            }),
                    KernelCase.of(
                            "matrix products",
                            (in, k, n) -> {
                                final Buffer c = in.floats(n * 3);
                                final Buffer d = in.floats(7 * n);
                                k.gemm(
                                        1,
                                        true,
                                        false,
                                        n,
                                        3,
                                        5,
                                        0.5f,
                                        in.floats(5 * n),
                                        in.floats(15),
                                        1,
                                        c);
                                k.gemm(
                                        1,
                                        false,
                                        true,
                                        7,
                                        n,
                                        5,
                                        2,
                                        in.floats(35),
                                        in.floats(5 * n),
                                        0,
                                        d);
                                return List.of(c, d);
                            }),
                    KernelCase.of(
                            "batches of matrix products",
                            (in, k, n) -> {
                                final Buffer c = in.floats(4 * n * 3);
                                final Buffer d = in.floats(2 * 7 * n);
                                final Buffer a = in.floats(4 * 5 * n);
                                k.gemm(4, true, false, n, 3, 5, 0.5f, a, in.floats(60), 1, c);
                                final Buffer b = in.floats(2 * 5 * n);
                                k.gemm(2, false, true, 7, n, 5, 2, in.floats(70), b, 0, d);
                                return List.of(c, d);
                            }),
                    KernelCase.of(
                            "a layer that is not small",
                            (in, k, n) -> {
                                final int wide = 140 + n;
                                final Buffer y = in.floats(150 * 200);
                                final Buffer x = in.floats(150 * wide);
                                final Buffer w = in.floats(200 * wide);
                                k.affine(x, 0.1f, 0, x); // sums of so many cancel in f32
                                k.linearRelu(x, w, in.floats(200), y, 150, wide, 200);
                                return List.of(y);
                            }),
                    KernelCase.of(
                            "layers",
                            (in, k, n) -> {
                                final Buffer x = in.floats(4 * n);
                                final Buffer w = in.floats(6 * n);
                                final Buffer b = in.floats(6);
                                final Buffer y = in.floats(24);
                                final Buffer z = in.floats(24);
                                k.linear(x, w, b, y, 4, n, 6);
                                k.linearRelu(x, w, b, z, 4, n, 6);
                                return List.of(y, z);
                            }),
                    KernelCase.of(
                                    "gradients of layers",
                                    (in, k, n) -> {
                                        final List<Buffer> written = new ArrayList<>();
                                        for (final boolean relu : new boolean[] {false, true}) {
                                            for (final boolean add : new boolean[] {false, true}) {
                                                written.addAll(
                                                        gradients(in, k, 35, n, 6, relu, add));
                                                written.addAll(
                                                        gradients(in, k, n, 5, 18, relu, add));
                                            }
                                        }
                                        return written;
                                    })
                            .onFiniteNumbers(),
                    KernelCase.of(
                                    "gradients of layers that are not small",
                                    (in, k, n) -> {
                                        final List<Buffer> written = new ArrayList<>();
                                        for (final boolean relu : new boolean[] {false, true}) {
                                            written.addAll(
                                                    gradients(in, k, 520 + n, 3, 2, relu, relu));
                                            written.addAll(
                                                    gradients(
                                                            in, k, 150, 140 + n, 200, relu, !relu));
                                        }
                                        return written;
                                    })
                            .onFiniteNumbers(),
                    KernelCase.of(
                            "some gradients of a layer",
                            (in, k, n) -> {
                                final Buffer x = in.floats(4 * n);
                                final Buffer w = in.floats(3 * n);
                                final Buffer y = in.floats(12);
                                final Buffer dx = in.floats(4 * n);
                                final Buffer dw = in.floats(3 * n);
                                final Buffer db = in.floats(3);
                                final Buffer dy = in.floats(12);
                                k.linearGradients(x, w, null, dy, dx, null, null, true, 4, n, 3);
                                k.linearGradients(x, w, null, dy, null, null, db, true, 4, n, 3);
                                k.linearGradients(x, w, y, dy, null, dw, null, false, 4, n, 3);
                                return List.of(dx, dw, db);
                            }));

    private SumKernelCases() {}

    private static List<Buffer> gradients(
            final KernelCase.Inputs in,
            final Kernels k,
            final int rows,
            final int from,
            final int to,
            final boolean relu,
            final boolean add) {
        final Buffer x = in.floats(rows * from);
        final Buffer w = in.floats(to * from);
        final Buffer dy = in.floats(rows * to);
        final Buffer y = relu ? in.floats(rows * to) : null;
        final Buffer dx = in.floats(rows * from);
        final Buffer dw = in.floats(to * from);
        final Buffer db = in.floats(to);
        k.affine(dy, 0.1f, 0, dy); // sums of so many cancel in f32
        k.linearGradients(x, w, y, dy, dx, dw, db, add, rows, from, to);
        return List.of(dx, dw, db);
    }

    private static List<Buffer> norm(
            final KernelCase.Inputs in,
            final Kernels k,
            final int outer,
            final int channels,
            final int inner) {
        final int size = outer * channels * inner;
        final Buffer x = in.floats(size);
        final Buffer mean = in.floats(channels);
        final Buffer variance = in.floats(channels);
        final Buffer y = in.floats(size);
        final Buffer affine = in.floats(size);
        final Buffer dx = in.floats(size);
        final Buffer scaled = in.floats(size);
        final Buffer dots = in.floats(channels);
        final Buffer dy = in.floats(size);
        k.channelMoments(x, mean, variance, outer, channels, inner);
        k.standardise(x, mean, variance, 1e-2f, y, outer, channels, inner);
        k.channelAffine(y, mean, variance, affine, outer, channels, inner);
        k.addStandardiseGradient(variance, 1e-2f, y, dy, dx, outer, channels, inner);
        k.addChannelScaled(dy, mean, scaled, outer, channels, inner);
        k.addChannelDots(x, dy, dots, outer, channels, inner);
        return List.of(mean, variance, y, affine, dx, scaled, dots);
    }
}

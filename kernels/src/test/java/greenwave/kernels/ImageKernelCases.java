package greenwave.kernels;

import java.util.ArrayList;
import java.util.List;

/** Convolutions and pools with strides, padding, dilation and groups, on images n wide. */
final class ImageKernelCases {
    /** Every row of this family. */
    static final List<KernelCase> ALL =
            List.of(
                    KernelCase.of(
                                    "a convolution",
                                    (in, k, n) ->
                                            convolve(
                                                    in,
                                                    k,
                                                    1,
                                                    new Window(6, n + 2, 3, 3, 1, 1, 1, 1, 1, 1)))
                            .onFiniteNumbers(),
                    KernelCase.of(
                                    "a convolution with groups and strides",
                                    (in, k, n) ->
                                            convolve(
                                                    in,
                                                    k,
                                                    2,
                                                    new Window(9, n + 4, 2, 3, 3, 2, 0, 2, 1, 1)))
                            .onFiniteNumbers(),
                    KernelCase.of(
                                    "a dilated convolution",
                                    (in, k, n) ->
                                            convolve(
                                                    in,
                                                    k,
                                                    4,
                                                    new Window(7, n + 4, 3, 2, 1, 2, 2, 1, 2, 3)))
                            .onFiniteNumbers(),
                    KernelCase.of(
                            "pools",
                            (in, k, n) ->
                                    pool(in, k, new Window(6, n + 1, 2, 2, 2, 2, 0, 0, 1, 1))),
                    KernelCase.of(
                            "pools that overlap",
                            (in, k, n) ->
                                    pool(in, k, new Window(7, n + 2, 3, 3, 2, 1, 1, 1, 1, 1))),
                    KernelCase.of(
                            "pools with holes and wide padding",
                            (in, k, n) ->
                                    pool(in, k, new Window(5, n + 4, 2, 2, 1, 3, 3, 2, 2, 3))));

    private ImageKernelCases() {}

    private static List<Buffer> convolve(
            final KernelCase.Inputs in, final Kernels k, final int groups, final Window window) {
        final Convolution c = new Convolution(3, 4, 8, groups, window);
        final Buffer x = in.floats(Math.toIntExact(c.inSize()));
        final Buffer w = in.floats(Math.toIntExact(c.weightSize()));
        final Buffer y = in.floats(Math.toIntExact(c.outSize()));
        final Buffer plain = in.floats(Math.toIntExact(c.outSize()));
        final Buffer dy = in.floats(Math.toIntExact(c.outSize()));
        final Buffer dx = in.floats(Math.toIntExact(c.inSize()));
        final Buffer dw = in.floats(Math.toIntExact(c.weightSize()));
        k.convolve(c, x, w, in.floats(8), y);
        k.convolve(c, x, w, null, plain);
        k.addConvolveDataGradient(c, w, dy, dx);
        k.addConvolveWeightGradient(c, x, dy, dw);
        return List.of(y, plain, dx, dw);
    }

    private static List<Buffer> pool(
            final KernelCase.Inputs in, final Kernels k, final Window window) {
        final int planes = 3;
        final int size = planes * window.height() * window.width();
        final int seen = planes * window.outHeight() * window.outWidth();
        final Buffer x = in.floats(size);
        final Buffer dy = in.floats(seen);
        final List<Buffer> out = new ArrayList<>();
        out.add(in.floats(seen));
        out.add(in.floats(seen));
        out.add(in.floats(size));
        out.add(in.floats(size));
        k.maxPool(window, planes, x, out.get(0));
        k.averagePool(window, planes, x, out.get(1));
        k.addMaxPoolGradient(window, planes, x, dy, out.get(2));
        k.addAveragePoolGradient(window, planes, dy, out.get(3));
        return out;
    }
}

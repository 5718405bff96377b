package greenwave.kernels;

import static greenwave.kernels.CheckedKernels.alone;
import static greenwave.kernels.CheckedKernels.f32;

/** {@link ImageKernels}, guarded. */
interface CheckedImages extends ImageKernels {
    /** {@return what computes once the arguments are found good} */
    Kernels guarded();

    @Override
    default void convolve(
            final Convolution c, final Buffer x, final Buffer w, final Buffer b, final Buffer y) {
        f32("convolve", "x", x, c.inSize());
        f32("convolve", "w", w, c.weightSize());
        if (b != null) {
            f32("convolve", "b", b, c.outChannels());
        }
        f32("convolve", "y", y, c.outSize());
        alone("convolve", "y", y, x, w, b);
        guarded().convolve(c, x, w, b, y);
    }

    @Override
    default void addConvolveDataGradient(
            final Convolution c, final Buffer w, final Buffer dy, final Buffer dx) {
        f32("addConvolveDataGradient", "w", w, c.weightSize());
        f32("addConvolveDataGradient", "dy", dy, c.outSize());
        f32("addConvolveDataGradient", "dx", dx, c.inSize());
        alone("addConvolveDataGradient", "dx", dx, w, dy);
        guarded().addConvolveDataGradient(c, w, dy, dx);
    }

    @Override
    default void addConvolveWeightGradient(
            final Convolution c, final Buffer x, final Buffer dy, final Buffer dw) {
        f32("addConvolveWeightGradient", "x", x, c.inSize());
        f32("addConvolveWeightGradient", "dy", dy, c.outSize());
        f32("addConvolveWeightGradient", "dw", dw, c.weightSize());
        alone("addConvolveWeightGradient", "dw", dw, x, dy);
        guarded().addConvolveWeightGradient(c, x, dy, dw);
    }

    private static void pooled(
            final String op,
            final Window window,
            final int planes,
            final Buffer in,
            final Buffer out) {
        f32(op, "image", in, (long) planes * window.height() * window.width());
        f32(op, "pooled", out, (long) planes * window.outHeight() * window.outWidth());
    }

    @Override
    default void maxPool(final Window window, final int planes, final Buffer x, final Buffer y) {
        pooled("maxPool", window, planes, x, y);
        alone("maxPool", "y", y, x);
        guarded().maxPool(window, planes, x, y);
    }

    @Override
    default void addMaxPoolGradient(
            final Window window,
            final int planes,
            final Buffer x,
            final Buffer dy,
            final Buffer dx) {
        pooled("addMaxPoolGradient", window, planes, x, dy);
        pooled("addMaxPoolGradient", window, planes, dx, dy);
        alone("addMaxPoolGradient", "dx", dx, x, dy);
        guarded().addMaxPoolGradient(window, planes, x, dy, dx);
    }

    @Override
    default void averagePool(
            final Window window, final int planes, final Buffer x, final Buffer y) {
        pooled("averagePool", window, planes, x, y);
        alone("averagePool", "y", y, x);
        guarded().averagePool(window, planes, x, y);
    }

    @Override
    default void addAveragePoolGradient(
            final Window window, final int planes, final Buffer dy, final Buffer dx) {
        pooled("addAveragePoolGradient", window, planes, dx, dy);
        alone("addAveragePoolGradient", "dx", dx, dy);
        guarded().addAveragePoolGradient(window, planes, dy, dx);
    }
}

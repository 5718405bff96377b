package greenwave.kernels.cuda;

import greenwave.kernels.Buffer;
import greenwave.kernels.Convolution;
import greenwave.kernels.ImageKernels;
import greenwave.kernels.Window;

/**
 * Convolutions and pools by cuDNN. Kernels of our own compute the pools that it doesn't have, and the gradient of the largest: of
 * equal pixels cuDNN does not say which it goes to.
 */
interface CudaImages extends ImageKernels {
    /** {@return what queues the kernels} */
    KernelLauncher launcher();

    /** {@return where settings are written for a launch} */
    Words words();

    /** {@return the convolutions met so far} */
    DnnConvolutions convolutions();

    /** {@return the pools met so far} */
    DnnPools pools();

    @Override
    default void convolve(
            final Convolution c, final Buffer x, final Buffer w, final Buffer b, final Buffer y) {
        convolutions().of(c).forward(x, w, y);
        if (b != null) {
            final Window window = c.window();
            final int inner = window.outHeight() * window.outWidth();
            addChannelShift(b, false, y, c.outChannels(), inner);
        }
    }

    /** y += b by channel, if b is given, then y = max(y, 0) if asked. */
    default void addChannelShift(
            final Buffer b,
            final boolean relu,
            final Buffer y,
            final int channels,
            final int inner) {
        final CudaLaunch launch = launcher().of(KernelName.ADD_CHANNEL_SHIFT).arg(b);
        launch.arg(relu ? 1 : 0).arg(y).arg(channels).arg(inner);
        launch.arg(y.length()).elements(y.length()).run();
    }

    @Override
    default void addConvolveDataGradient(
            final Convolution c, final Buffer w, final Buffer dy, final Buffer dx) {
        convolutions().of(c).dataGradient(w, dy, HostScalar.ONE, dx);
    }

    @Override
    default void addConvolveWeightGradient(
            final Convolution c, final Buffer x, final Buffer dy, final Buffer dw) {
        convolutions().of(c).weightGradient(x, dy, HostScalar.ONE, dw);
    }

    /** {@return a launch whose first parameter is {@code struct Pool} in {@code images.cu}} */
    private CudaLaunch pool(final KernelName name, final Window window) {
        words().clear().add(window.height()).add(window.width());
        words().add(window.kernelHeight()).add(window.kernelWidth());
        words().add(window.strideHeight()).add(window.strideWidth());
        words().add(window.padHeight()).add(window.padWidth());
        words().add(window.dilationHeight()).add(window.dilationWidth());
        words().add(window.outHeight()).add(window.outWidth());
        return words().addTo(launcher().of(name));
    }

    private void queue(final CudaLaunch launch, final Buffer y) {
        launch.arg(y.length()).elements(y.length()).run();
    }

    @Override
    default void maxPool(final Window window, final int planes, final Buffer x, final Buffer y) {
        final DnnPool pool = pools().of(window, planes);
        if (pool == null) {
            queue(pool(KernelName.MAX_POOL, window).arg(x).arg(y), y);
        } else {
            pool.largest(x, y);
        }
    }

    @Override
    default void addMaxPoolGradient(
            final Window window,
            final int planes,
            final Buffer x,
            final Buffer dy,
            final Buffer dx) {
        queue(pool(KernelName.ADD_MAX_POOL_GRADIENT, window).arg(x).arg(dy).arg(dx), dx);
    }

    @Override
    default void averagePool(
            final Window window, final int planes, final Buffer x, final Buffer y) {
        final DnnPool pool = pools().of(window, planes);
        if (pool == null) {
            queue(pool(KernelName.AVERAGE_POOL, window).arg(x).arg(y), y);
        } else {
            pool.mean(x, y);
        }
    }

    @Override
    default void addAveragePoolGradient(
            final Window window, final int planes, final Buffer dy, final Buffer dx) {
        final DnnPool pool = pools().of(window, planes);
        if (pool == null) {
            queue(pool(KernelName.ADD_AVERAGE_POOL_GRADIENT, window).arg(dy).arg(dx), dx);
        } else {
            pool.addMeanGradient(dy, dx);
        }
    }
}

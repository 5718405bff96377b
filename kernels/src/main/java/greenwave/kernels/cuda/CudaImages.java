package greenwave.kernels.cuda;

import greenwave.kernels.Buffer;
import greenwave.kernels.Convolution;
import greenwave.kernels.ImageKernels;
import greenwave.kernels.Window;

/** Convolutions by cuDNN; pools by kernels of our own, whose gradients come out the same each time. */
interface CudaImages extends ImageKernels {
    /** {@return what queues the kernels} */
    KernelLauncher launcher();

    /** {@return where settings are written for a launch} */
    Words words();

    /** {@return the convolutions met so far} */
    DnnConvolutions convolutions();

    @Override
    default void convolve(
            final Convolution c, final Buffer x, final Buffer w, final Buffer b, final Buffer y) {
        convolutions().of(c).forward(x, w, y);
        if (b != null) {
            final CudaLaunch launch = launcher().of(KernelName.ADD_CHANNEL_SHIFT).arg(b).arg(y);
            launch.arg(c.outChannels()).arg(c.window().outHeight() * c.window().outWidth());
            launch.arg(y.length()).elements(y.length()).run();
        }
    }

    @Override
    default void addConvolveDataGradient(
            final Convolution c, final Buffer w, final Buffer dy, final Buffer dx) {
        convolutions().of(c).addDataGradient(w, dy, dx);
    }

    @Override
    default void addConvolveWeightGradient(
            final Convolution c, final Buffer x, final Buffer dy, final Buffer dw) {
        convolutions().of(c).addWeightGradient(x, dy, dw);
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
        queue(pool(KernelName.MAX_POOL, window).arg(x).arg(y), y);
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
        queue(pool(KernelName.AVERAGE_POOL, window).arg(x).arg(y), y);
    }

    @Override
    default void addAveragePoolGradient(
            final Window window, final int planes, final Buffer dy, final Buffer dx) {
        queue(pool(KernelName.ADD_AVERAGE_POOL_GRADIENT, window).arg(dy).arg(dx), dx);
    }
}

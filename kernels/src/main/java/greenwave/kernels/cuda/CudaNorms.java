package greenwave.kernels.cuda;

import greenwave.kernels.Buffer;
import greenwave.kernels.NormKernels;

/** Sums over channels are taken in f64, what is done to elements in f32. */
interface CudaNorms extends NormKernels {
    /** {@return what queues the kernels} */
    KernelLauncher launcher();

    /** {@return how sums are cut} */
    CudaSums sums();

    private void queue(
            final CudaLaunch launch, final Buffer y, final int channels, final int inner) {
        launch.arg(channels).arg(inner).arg(y.length()).elements(y.length()).run();
    }

    @Override
    default void channelMoments(
            final Buffer x,
            final Buffer mean,
            final Buffer variance,
            final int outer,
            final int channels,
            final int inner) {
        sums().channelMoments(x, mean, variance, outer, channels, inner);
    }

    @Override
    default void standardise(
            final Buffer x,
            final Buffer mean,
            final Buffer variance,
            final float eps,
            final Buffer y,
            final int outer,
            final int channels,
            final int inner) {
        final CudaLaunch launch = launcher().of(KernelName.STANDARDISE);
        queue(launch.arg(x).arg(mean).arg(variance).arg(eps).arg(y), y, channels, inner);
    }

    @Override
    default void addStandardiseGradient(
            final Buffer variance,
            final float eps,
            final Buffer y,
            final Buffer dy,
            final Buffer dx,
            final int outer,
            final int channels,
            final int inner) {
        final long totals = sums().channelSlopes(y, dy, outer, channels, inner);
        final CudaLaunch launch = launcher().of(KernelName.ADD_STANDARDISE_GRADIENT);
        launch.arg(variance).arg(eps).address(totals).arg(y).arg(dy).arg(dx);
        queue(launch.arg((long) outer * inner), dx, channels, inner);
    }

    @Override
    default void channelAffine(
            final Buffer x,
            final Buffer scale,
            final Buffer shift,
            final Buffer y,
            final int outer,
            final int channels,
            final int inner) {
        final CudaLaunch launch = launcher().of(KernelName.CHANNEL_AFFINE);
        queue(launch.arg(x).arg(scale).arg(shift).arg(y), y, channels, inner);
    }

    @Override
    default void addChannelScaled(
            final Buffer dy,
            final Buffer scale,
            final Buffer dx,
            final int outer,
            final int channels,
            final int inner) {
        final CudaLaunch launch = launcher().of(KernelName.ADD_CHANNEL_SCALED);
        queue(launch.arg(dy).arg(scale).arg(dx), dx, channels, inner);
    }

    @Override
    default void addChannelDots(
            final Buffer x,
            final Buffer y,
            final Buffer s,
            final int outer,
            final int channels,
            final int inner) {
        sums().addChannelDots(x, y, s, outer, channels, inner);
    }
}

package greenwave.kernels.cuda;

import greenwave.kernels.Buffer;
import greenwave.kernels.RandomKernels;

/** The streams of the host backends: a hash of (seed, draw, element). */
interface CudaRandom extends RandomKernels {
    /** {@return what queues the kernels} */
    KernelLauncher launcher();

    @Override
    default void dropoutMask(final Buffer state, final float keep, final Buffer y) {
        final CudaLaunch launch = launcher().of(KernelName.DROPOUT_MASK);
        launch.arg(state).arg(keep).arg(y).arg(y.length()).elements(y.length()).run();
        count(state);
    }

    @Override
    default void normal(final Buffer state, final Buffer y) {
        final CudaLaunch launch = launcher().of(KernelName.DRAW_NORMAL);
        launch.arg(state).arg(y).arg(y.length()).elements(y.length()).run();
        count(state);
    }

    private void count(final Buffer state) {
        launcher().of(KernelName.COUNT_DRAW).arg(state).grid(1, 1).run();
    }
}

package greenwave.kernels.cuda;

import greenwave.kernels.Buffer;
import greenwave.kernels.ElementwiseKernels;
import greenwave.kernels.UnaryFunction;

/** A thread per element; functions are taken in f32. */
interface CudaElementwise extends ElementwiseKernels {
    /** {@return what queues the kernels} */
    KernelLauncher launcher();

    private void queue(final CudaLaunch launch, final Buffer y) {
        launch.arg(y.length()).elements(y.length()).run();
    }

    @Override
    default void unary(
            final UnaryFunction f, final float a, final float b, final Buffer x, final Buffer y) {
        queue(launcher().of(KernelName.UNARY).arg(f.ordinal()).arg(a).arg(b).arg(x).arg(y), y);
    }

    @Override
    default void addUnaryGradient(
            final UnaryFunction f,
            final float a,
            final float b,
            final Buffer x,
            final Buffer y,
            final Buffer dy,
            final Buffer dx) {
        final CudaLaunch launch = launcher().of(KernelName.ADD_UNARY_GRADIENT).arg(f.ordinal());
        queue(launch.arg(a).arg(b).arg(x).arg(y).arg(dy).arg(dx), dx);
    }

    @Override
    default void div(final Buffer a, final Buffer b, final Buffer y) {
        queue(launcher().of(KernelName.DIVIDE).arg(a).arg(b).arg(y), y);
    }

    @Override
    default void addDividendGradient(final Buffer b, final Buffer dy, final Buffer da) {
        queue(launcher().of(KernelName.ADD_DIVIDEND_GRADIENT).arg(b).arg(dy).arg(da), da);
    }

    @Override
    default void addDivisorGradient(
            final Buffer b, final Buffer y, final Buffer dy, final Buffer db) {
        queue(launcher().of(KernelName.ADD_DIVISOR_GRADIENT).arg(b).arg(y).arg(dy).arg(db), db);
    }

    @Override
    default void fromBytes(final Buffer x, final float scale, final Buffer y) {
        queue(launcher().of(KernelName.FROM_BYTES).arg(x).arg(scale).arg(y), y);
    }
}

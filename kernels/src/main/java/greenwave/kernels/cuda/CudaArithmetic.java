package greenwave.kernels.cuda;

import greenwave.kernels.Buffer;
import greenwave.kernels.DType;
import greenwave.kernels.Kernels;

/** The part of {@link Kernels} about sums, products, ReLU and the Huber loss, element by element. */
interface CudaArithmetic extends Kernels {
    /** {@return what queues the kernels} */
    KernelLauncher launcher();

    private void queue(final CudaLaunch launch, final Buffer y) {
        launch.arg(y.length()).elements(y.length()).run();
    }

    private void binary(final KernelName name, final Buffer a, final Buffer b, final Buffer y) {
        queue(launcher().of(name).arg(a).arg(b).arg(y), y);
    }

    @Override
    default void fill(final Buffer y, final float value) {
        queue(launcher().of(KernelName.FILL).arg(y).arg(value), y);
    }

    @Override
    default void copy(final Buffer x, final Buffer y) {
        final KernelName name =
                y.dtype() == DType.U8 ? KernelName.COPY_BYTES : KernelName.COPY_WORDS;
        queue(launcher().of(name).arg(x).arg(y), y);
    }

    @Override
    default void add(final Buffer a, final Buffer b, final Buffer y) {
        binary(KernelName.ADD, a, b, y);
    }

    @Override
    default void sub(final Buffer a, final Buffer b, final Buffer y) {
        binary(KernelName.SUB, a, b, y);
    }

    @Override
    default void mul(final Buffer a, final Buffer b, final Buffer y) {
        binary(KernelName.MUL, a, b, y);
    }

    @Override
    default void affine(final Buffer x, final float scale, final float shift, final Buffer y) {
        queue(launcher().of(KernelName.AFFINE).arg(x).arg(scale).arg(shift).arg(y), y);
    }

    @Override
    default void relu(final Buffer x, final Buffer y) {
        queue(launcher().of(KernelName.RELU).arg(x).arg(y), y);
    }

    @Override
    default void clamp(final Buffer x, final float low, final float high, final Buffer y) {
        queue(launcher().of(KernelName.CLAMP_TO).arg(x).arg(low).arg(high).arg(y), y);
    }

    @Override
    default void addScaled(final float alpha, final Buffer x, final Buffer y) {
        queue(launcher().of(KernelName.ADD_SCALED).arg(alpha).arg(x).arg(y), y);
    }

    @Override
    default void addProduct(final Buffer a, final Buffer b, final Buffer y) {
        binary(KernelName.ADD_PRODUCT, a, b, y);
    }

    @Override
    default void addScalar(final float alpha, final Buffer s, final Buffer y) {
        queue(launcher().of(KernelName.ADD_SCALAR).arg(alpha).arg(s).arg(y), y);
    }

    @Override
    default void addReluGradient(final Buffer x, final Buffer dy, final Buffer dx) {
        binary(KernelName.ADD_RELU_GRADIENT, x, dy, dx);
    }

    @Override
    default void maskByPositive(final Buffer y, final Buffer dy) {
        queue(launcher().of(KernelName.MASK_BY_POSITIVE).arg(y).arg(dy), dy);
    }

    @Override
    default void huber(final Buffer a, final Buffer b, final float beta, final Buffer y) {
        queue(launcher().of(KernelName.HUBER).arg(a).arg(b).arg(beta).arg(y), y);
    }

    @Override
    default void addHuberGradient(
            final Buffer a,
            final Buffer b,
            final float beta,
            final float scale,
            final Buffer dy,
            final Buffer dx) {
        final CudaLaunch launch = launcher().of(KernelName.ADD_HUBER_GRADIENT);
        queue(launch.arg(a).arg(b).arg(beta).arg(scale).arg(dy).arg(dx), dx);
    }

    @Override
    default void lerp(final Buffer x, final float t, final Buffer y) {
        queue(launcher().of(KernelName.LERP).arg(x).arg(t).arg(y), y);
    }
}

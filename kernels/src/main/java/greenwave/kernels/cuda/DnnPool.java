package greenwave.kernels.cuda;

import static jcuda.jcudnn.JCudnn.cudnnCreatePoolingDescriptor;
import static jcuda.jcudnn.JCudnn.cudnnDestroyPoolingDescriptor;
import static jcuda.jcudnn.JCudnn.cudnnPoolingBackward;
import static jcuda.jcudnn.JCudnn.cudnnPoolingForward;
import static jcuda.jcudnn.JCudnn.cudnnSetPooling2dDescriptor;
import static jcuda.jcudnn.cudnnNanPropagation.CUDNN_PROPAGATE_NAN;
import static jcuda.jcudnn.cudnnPoolingMode.CUDNN_POOLING_AVERAGE_COUNT_INCLUDE_PADDING;
import static jcuda.jcudnn.cudnnPoolingMode.CUDNN_POOLING_MAX;

import greenwave.kernels.Buffer;
import greenwave.kernels.Window;

import jcuda.Pointer;
import jcuda.jcudnn.cudnnPoolingDescriptor;
import jcuda.jcudnn.cudnnTensorDescriptor;

/**
 * Pools of one shape by cuDNN, as far as it computes what {@link greenwave.kernels.ImageKernels} says: not the gradient of the
 * largest, which it gives to any of equals where ours is the first's.
 */
final class DnnPool implements AutoCloseable {
    private static final int MOST_PLANES =
            65_535; // the most that a grid has in its second dimension

    private final CudaContext context;
    private final Window window;
    private final int planes;
    private final cudnnTensorDescriptor x;
    private final cudnnTensorDescriptor y;
    private final cudnnPoolingDescriptor largest;
    private final cudnnPoolingDescriptor mean;

    /** Describes the shape to cuDNN. */
    DnnPool(
            final CudaContext context,
            final DnnTensors tensors,
            final Window window,
            final int planes) {
        this.context = context;
        this.window = window;
        this.planes = planes;
        this.x = tensors.of(new RowMajorLayout(planes, 1, window.height(), window.width()));
        this.y = tensors.of(new RowMajorLayout(planes, 1, window.outHeight(), window.outWidth()));
        this.largest = describe(CUDNN_POOLING_MAX);
        this.mean = describe(CUDNN_POOLING_AVERAGE_COUNT_INCLUDE_PADDING);
    }

    /** {@return whether cuDNN has such pools: it knows no dilation, and no padding as wide as the kernel} */
    static boolean serves(final Window window, final int planes) {
        return window.dilationHeight() == 1
                && window.dilationWidth() == 1
                && window.padHeight() < window.kernelHeight()
                && window.padWidth() < window.kernelWidth()
                && planes <= MOST_PLANES;
    }

    /** {@return whether this is the pool of such images} */
    boolean is(final Window window, final int planes) {
        return this.planes == planes && this.window.equals(window);
    }

    private cudnnPoolingDescriptor describe(final int mode) {
        final cudnnPoolingDescriptor pooling = new cudnnPoolingDescriptor();
        CudaStatus.dnn("cudnnCreatePoolingDescriptor", cudnnCreatePoolingDescriptor(pooling));
        CudaStatus.dnn(
                "cudnnSetPooling2dDescriptor",
                cudnnSetPooling2dDescriptor(
                        pooling,
                        mode,
                        CUDNN_PROPAGATE_NAN,
                        window.kernelHeight(),
                        window.kernelWidth(),
                        window.padHeight(),
                        window.padWidth(),
                        window.strideHeight(),
                        window.strideWidth()));
        return pooling;
    }

    /** y = the largest of each window. */
    void largest(final Buffer x, final Buffer y) {
        forward(largest, x, y);
    }

    /** y = the mean of each window. */
    void mean(final Buffer x, final Buffer y) {
        forward(mean, x, y);
    }

    private void forward(final cudnnPoolingDescriptor pooling, final Buffer x, final Buffer y) {
        CudaStatus.dnn(
                "cudnnPoolingForward",
                cudnnPoolingForward(
                        context.dnn(),
                        pooling,
                        HostScalar.ONE,
                        this.x,
                        CudaBuffer.of(x).pointer(),
                        HostScalar.ZERO,
                        this.y,
                        CudaBuffer.of(y).pointer()));
    }

    /** dx += the gradient of {@link #mean}. That of a mean does not depend on x and y: for them any memory of their size will do. */
    void addMeanGradient(final Buffer dy, final Buffer dx) {
        final Pointer from = CudaBuffer.of(dy).pointer();
        final Pointer to = CudaBuffer.of(dx).pointer();
        CudaStatus.dnn(
                "cudnnPoolingBackward",
                cudnnPoolingBackward(
                        context.dnn(),
                        mean,
                        HostScalar.ONE,
                        y,
                        from,
                        y,
                        from,
                        x,
                        to,
                        HostScalar.ONE,
                        x,
                        to));
    }

    @Override
    public void close() {
        for (final cudnnPoolingDescriptor pooling : new cudnnPoolingDescriptor[] {largest, mean}) {
            CudaStatus.dnn("cudnnDestroyPoolingDescriptor", cudnnDestroyPoolingDescriptor(pooling));
        }
    }
}

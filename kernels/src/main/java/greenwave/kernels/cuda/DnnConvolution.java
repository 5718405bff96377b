package greenwave.kernels.cuda;

import static jcuda.jcudnn.JCudnn.cudnnConvolutionBackwardData;
import static jcuda.jcudnn.JCudnn.cudnnConvolutionBackwardFilter;
import static jcuda.jcudnn.JCudnn.cudnnConvolutionForward;
import static jcuda.jcudnn.JCudnn.cudnnCreateFilterDescriptor;
import static jcuda.jcudnn.JCudnn.cudnnCreateTensorDescriptor;
import static jcuda.jcudnn.JCudnn.cudnnDestroyFilterDescriptor;
import static jcuda.jcudnn.JCudnn.cudnnDestroyTensorDescriptor;
import static jcuda.jcudnn.JCudnn.cudnnSetFilter4dDescriptor;
import static jcuda.jcudnn.JCudnn.cudnnSetTensor4dDescriptor;
import static jcuda.jcudnn.cudnnDataType.CUDNN_DATA_FLOAT;
import static jcuda.jcudnn.cudnnTensorFormat.CUDNN_TENSOR_NCHW;

import greenwave.kernels.Buffer;
import greenwave.kernels.Convolution;

import jcuda.jcudnn.cudnnFilterDescriptor;
import jcuda.jcudnn.cudnnTensorDescriptor;

/**
 * A convolution of one shape by cuDNN. Each of its three directions searches its algorithm when it is first run, which
 * must not be while a graph is captured; later runs allocate nothing.
 */
final class DnnConvolution implements AutoCloseable {
    private final CudaContext context;
    private final Convolution shape;
    private final cudnnTensorDescriptor x = new cudnnTensorDescriptor();
    private final cudnnTensorDescriptor y = new cudnnTensorDescriptor();
    private final cudnnFilterDescriptor w = new cudnnFilterDescriptor();
    private DnnAlgorithm forward;
    private DnnAlgorithm data;
    private DnnAlgorithm weight;

    /** Describes the shape to cuDNN; the context is current. */
    DnnConvolution(final CudaContext context, final Convolution shape) {
        this.context = context;
        this.shape = shape;
        context.requireNotCapturing("convolve");
        describe(x, shape.inChannels(), shape.window().height(), shape.window().width());
        describe(y, shape.outChannels(), shape.window().outHeight(), shape.window().outWidth());
        CudaStatus.dnn("cudnnCreateFilterDescriptor", cudnnCreateFilterDescriptor(w));
        CudaStatus.dnn(
                "cudnnSetFilter4dDescriptor",
                cudnnSetFilter4dDescriptor(
                        w,
                        CUDNN_DATA_FLOAT,
                        CUDNN_TENSOR_NCHW,
                        shape.outChannels(),
                        shape.inPerGroup(),
                        shape.window().kernelHeight(),
                        shape.window().kernelWidth()));
    }

    private void describe(
            final cudnnTensorDescriptor tensor,
            final int channels,
            final int height,
            final int width) {
        CudaStatus.dnn("cudnnCreateTensorDescriptor", cudnnCreateTensorDescriptor(tensor));
        CudaStatus.dnn(
                "cudnnSetTensor4dDescriptor",
                cudnnSetTensor4dDescriptor(
                        tensor,
                        CUDNN_TENSOR_NCHW,
                        CUDNN_DATA_FLOAT,
                        shape.batch(),
                        channels,
                        height,
                        width));
    }

    /** y = the cross-correlation of x with w. */
    void forward(final Buffer x, final Buffer w, final Buffer y) {
        if (forward == null) {
            forward = DnnAlgorithm.forward(context, shape, this.x, this.w, this.y);
        }
        CudaStatus.dnn(
                "cudnnConvolutionForward",
                cudnnConvolutionForward(
                        context.dnn(),
                        HostScalar.ONE,
                        this.x,
                        CudaBuffer.of(x).pointer(),
                        this.w,
                        CudaBuffer.of(w).pointer(),
                        forward.descriptor(),
                        forward.algorithm(),
                        context.scratch(forward.workspace()),
                        forward.workspace(),
                        HostScalar.ZERO,
                        this.y,
                        CudaBuffer.of(y).pointer()));
    }

    /** dx += the gradient by x. */
    void addDataGradient(final Buffer w, final Buffer dy, final Buffer dx) {
        if (data == null) {
            data = DnnAlgorithm.data(context, shape, this.w, y, x);
        }
        CudaStatus.dnn(
                "cudnnConvolutionBackwardData",
                cudnnConvolutionBackwardData(
                        context.dnn(),
                        HostScalar.ONE,
                        this.w,
                        CudaBuffer.of(w).pointer(),
                        y,
                        CudaBuffer.of(dy).pointer(),
                        data.descriptor(),
                        data.algorithm(),
                        context.scratch(data.workspace()),
                        data.workspace(),
                        HostScalar.ONE,
                        x,
                        CudaBuffer.of(dx).pointer()));
    }

    /** dw += the gradient by w. */
    void addWeightGradient(final Buffer x, final Buffer dy, final Buffer dw) {
        if (weight == null) {
            weight = DnnAlgorithm.weight(context, shape, this.x, y, w);
        }
        CudaStatus.dnn(
                "cudnnConvolutionBackwardFilter",
                cudnnConvolutionBackwardFilter(
                        context.dnn(),
                        HostScalar.ONE,
                        this.x,
                        CudaBuffer.of(x).pointer(),
                        y,
                        CudaBuffer.of(dy).pointer(),
                        weight.descriptor(),
                        weight.algorithm(),
                        context.scratch(weight.workspace()),
                        weight.workspace(),
                        HostScalar.ONE,
                        w,
                        CudaBuffer.of(dw).pointer()));
    }

    @Override
    public void close() {
        for (final DnnAlgorithm algorithm : new DnnAlgorithm[] {forward, data, weight}) {
            if (algorithm != null) {
                algorithm.close();
            }
        }
        CudaStatus.dnn("cudnnDestroyFilterDescriptor", cudnnDestroyFilterDescriptor(w));
        CudaStatus.dnn("cudnnDestroyTensorDescriptor", cudnnDestroyTensorDescriptor(y));
        CudaStatus.dnn("cudnnDestroyTensorDescriptor", cudnnDestroyTensorDescriptor(x));
    }
}

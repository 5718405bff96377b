package greenwave.kernels.cuda;

import static jcuda.jcudnn.JCudnn.cudnnConvolutionBackwardBias;
import static jcuda.jcudnn.JCudnn.cudnnConvolutionBackwardData;
import static jcuda.jcudnn.JCudnn.cudnnConvolutionBackwardFilter;
import static jcuda.jcudnn.JCudnn.cudnnConvolutionForward;
import static jcuda.jcudnn.JCudnn.cudnnCreateFilterDescriptor;
import static jcuda.jcudnn.JCudnn.cudnnDestroyFilterDescriptor;
import static jcuda.jcudnn.JCudnn.cudnnFindConvolutionBackwardDataAlgorithm;
import static jcuda.jcudnn.JCudnn.cudnnFindConvolutionBackwardFilterAlgorithm;
import static jcuda.jcudnn.JCudnn.cudnnFindConvolutionForwardAlgorithm;
import static jcuda.jcudnn.JCudnn.cudnnSetFilter4dDescriptor;
import static jcuda.jcudnn.cudnnDataType.CUDNN_DATA_FLOAT;
import static jcuda.jcudnn.cudnnTensorFormat.CUDNN_TENSOR_NCHW;

import greenwave.kernels.Buffer;
import greenwave.kernels.Convolution;
import greenwave.kernels.cuda.DnnAlgorithm.Measured;

import jcuda.Pointer;
import jcuda.jcudnn.cudnnConvolutionBwdDataAlgoPerf;
import jcuda.jcudnn.cudnnConvolutionBwdFilterAlgoPerf;
import jcuda.jcudnn.cudnnConvolutionFwdAlgoPerf;
import jcuda.jcudnn.cudnnFilterDescriptor;
import jcuda.jcudnn.cudnnTensorDescriptor;

/**
 * A convolution of one shape by cuDNN. Each of its three directions searches its algorithm when it is first run, which
 * must not be while a graph is captured; later runs allocate nothing. Gradients are added to what is there times
 * {@code beta}, {@link HostScalar#ZERO} or {@link HostScalar#ONE}; 0 overwrites.
 */
final class DnnConvolution implements AutoCloseable {
    private final CudaContext context;
    private final Convolution shape;
    private final cudnnTensorDescriptor x;
    private final cudnnTensorDescriptor y;
    private final cudnnTensorDescriptor b;
    private final cudnnFilterDescriptor w = new cudnnFilterDescriptor();
    private DnnAlgorithm forward;
    private DnnAlgorithm data;
    private DnnAlgorithm weight;

    /** Describes the shape to cuDNN; the context is current. */
    DnnConvolution(final CudaContext context, final DnnTensors tensors, final Convolution shape) {
        this.context = context;
        this.shape = shape;
        context.requireNotCapturing("convolve");
        final RowMajorLayout seen = CudaConvolution.out(shape);
        this.x = tensors.of(CudaConvolution.in(shape));
        this.y = tensors.of(seen);
        this.b = tensors.perChannel(seen);
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

    private DnnAlgorithm searchForward() {
        return DnnAlgorithm.search(
                context,
                shape,
                "cudnnFindConvolutionForwardAlgorithm",
                cudnnConvolutionFwdAlgoPerf[]::new,
                cudnnConvolutionFwdAlgoPerf::new,
                p -> new Measured(p.algo, p.status, p.memory, p.determinism, p.mathType),
                (convolution, count, found) ->
                        cudnnFindConvolutionForwardAlgorithm(
                                context.dnn(), x, w, convolution, y, found.length, count, found));
    }

    private DnnAlgorithm searchData() {
        return DnnAlgorithm.search(
                context,
                shape,
                "cudnnFindConvolutionBackwardDataAlgorithm",
                cudnnConvolutionBwdDataAlgoPerf[]::new,
                cudnnConvolutionBwdDataAlgoPerf::new,
                p -> new Measured(p.algo, p.status, p.memory, p.determinism, p.mathType),
                (convolution, count, found) ->
                        cudnnFindConvolutionBackwardDataAlgorithm(
                                context.dnn(), w, y, convolution, x, found.length, count, found));
    }

    private DnnAlgorithm searchWeight() {
        return DnnAlgorithm.search(
                context,
                shape,
                "cudnnFindConvolutionBackwardFilterAlgorithm",
                cudnnConvolutionBwdFilterAlgoPerf[]::new,
                cudnnConvolutionBwdFilterAlgoPerf::new,
                p -> new Measured(p.algo, p.status, p.memory, p.determinism, p.mathType),
                (convolution, count, found) ->
                        cudnnFindConvolutionBackwardFilterAlgorithm(
                                context.dnn(), x, y, convolution, w, found.length, count, found));
    }

    /** y = the cross-correlation of x with w. */
    void forward(final Buffer x, final Buffer w, final Buffer y) {
        if (forward == null) {
            forward = searchForward();
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
                        context.heap().scratch(forward.workspace()),
                        forward.workspace(),
                        HostScalar.ZERO,
                        this.y,
                        CudaBuffer.of(y).pointer()));
    }

    /** dx = the gradient by x, plus what is there times {@code beta}. */
    void dataGradient(final Buffer w, final Buffer dy, final Pointer beta, final Buffer dx) {
        if (data == null) {
            data = searchData();
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
                        context.heap().scratch(data.workspace()),
                        data.workspace(),
                        beta,
                        x,
                        CudaBuffer.of(dx).pointer()));
    }

    /** dw = the gradient by w, plus what is there times {@code beta}. */
    void weightGradient(final Buffer x, final Buffer dy, final Pointer beta, final Buffer dw) {
        if (weight == null) {
            weight = searchWeight();
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
                        context.heap().scratch(weight.workspace()),
                        weight.workspace(),
                        beta,
                        w,
                        CudaBuffer.of(dw).pointer()));
    }

    /** db = the gradient by a bias. */
    void biasGradient(final Buffer dy, final Buffer db) {
        CudaStatus.dnn(
                "cudnnConvolutionBackwardBias",
                cudnnConvolutionBackwardBias(
                        context.dnn(),
                        HostScalar.ONE,
                        y,
                        CudaBuffer.of(dy).pointer(),
                        HostScalar.ZERO,
                        b,
                        CudaBuffer.of(db).pointer()));
    }

    @Override
    public void close() {
        for (final DnnAlgorithm algorithm : new DnnAlgorithm[] {forward, data, weight}) {
            if (algorithm != null) {
                algorithm.close();
            }
        }
        CudaStatus.dnn("cudnnDestroyFilterDescriptor", cudnnDestroyFilterDescriptor(w));
    }
}

package greenwave.kernels.cuda;

import static jcuda.jcudnn.JCudnn.cudnnCreateConvolutionDescriptor;
import static jcuda.jcudnn.JCudnn.cudnnDestroyConvolutionDescriptor;
import static jcuda.jcudnn.JCudnn.cudnnFindConvolutionBackwardDataAlgorithm;
import static jcuda.jcudnn.JCudnn.cudnnFindConvolutionBackwardFilterAlgorithm;
import static jcuda.jcudnn.JCudnn.cudnnFindConvolutionForwardAlgorithm;
import static jcuda.jcudnn.JCudnn.cudnnSetConvolution2dDescriptor;
import static jcuda.jcudnn.JCudnn.cudnnSetConvolutionGroupCount;
import static jcuda.jcudnn.JCudnn.cudnnSetConvolutionMathType;
import static jcuda.jcudnn.cudnnConvolutionMode.CUDNN_CROSS_CORRELATION;
import static jcuda.jcudnn.cudnnDataType.CUDNN_DATA_FLOAT;
import static jcuda.jcudnn.cudnnDeterminism.CUDNN_DETERMINISTIC;
import static jcuda.jcudnn.cudnnMathType.CUDNN_DEFAULT_MATH;
import static jcuda.jcudnn.cudnnMathType.CUDNN_FMA_MATH;

import greenwave.kernels.Convolution;
import greenwave.kernels.Window;

import jcuda.jcudnn.cudnnConvolutionBwdDataAlgoPerf;
import jcuda.jcudnn.cudnnConvolutionBwdFilterAlgoPerf;
import jcuda.jcudnn.cudnnConvolutionDescriptor;
import jcuda.jcudnn.cudnnConvolutionFwdAlgoPerf;
import jcuda.jcudnn.cudnnFilterDescriptor;
import jcuda.jcudnn.cudnnTensorDescriptor;

import java.util.Arrays;
import java.util.stream.Stream;

/**
 * The algorithm that cuDNN measured as the fastest for one direction of a convolution, among those whose results are the
 * same each time and whose workspace is not out of proportion.
 *
 * @param descriptor of the convolution, with the arithmetic that the algorithm was measured with
 * @param algorithm cuDNN's number
 * @param workspace bytes of scratch memory that it needs
 */
record DnnAlgorithm(cudnnConvolutionDescriptor descriptor, int algorithm, long workspace)
        implements AutoCloseable {
    private static final int MOST_RESULTS =
            16; // each algorithm once or twice: by kind of arithmetic
    private static final long MOST_WORKSPACE = 256L << 20; // bytes

    /** A measured algorithm, whatever the direction; cuDNN gives the fastest first. */
    private record Measured(
            int algorithm, int status, long memory, int determinism, int arithmetic) {
        boolean fits() {
            return status == 0 && determinism == CUDNN_DETERMINISTIC && memory <= MOST_WORKSPACE;
        }
    }

    /** Searches the algorithm that computes y from x and w. */
    static DnnAlgorithm forward(
            final CudaContext context,
            final Convolution shape,
            final cudnnTensorDescriptor x,
            final cudnnFilterDescriptor w,
            final cudnnTensorDescriptor y) {
        final cudnnConvolutionDescriptor descriptor = describe(context, shape);
        final var found = new cudnnConvolutionFwdAlgoPerf[MOST_RESULTS];
        Arrays.setAll(found, _ -> new cudnnConvolutionFwdAlgoPerf());
        final int[] count = {0};
        CudaStatus.dnn(
                "cudnnFindConvolutionForwardAlgorithm",
                cudnnFindConvolutionForwardAlgorithm(
                        context.dnn(), x, w, descriptor, y, MOST_RESULTS, count, found));
        return choose(
                descriptor,
                shape,
                context.tf32(),
                Arrays.stream(found, 0, count[0])
                        .map(
                                a ->
                                        new Measured(
                                                a.algo,
                                                a.status,
                                                a.memory,
                                                a.determinism,
                                                a.mathType)));
    }

    /** Searches the algorithm that computes dx from w and dy. */
    static DnnAlgorithm data(
            final CudaContext context,
            final Convolution shape,
            final cudnnFilterDescriptor w,
            final cudnnTensorDescriptor dy,
            final cudnnTensorDescriptor dx) {
        final cudnnConvolutionDescriptor descriptor = describe(context, shape);
        final var found = new cudnnConvolutionBwdDataAlgoPerf[MOST_RESULTS];
        Arrays.setAll(found, _ -> new cudnnConvolutionBwdDataAlgoPerf());
        final int[] count = {0};
        CudaStatus.dnn(
                "cudnnFindConvolutionBackwardDataAlgorithm",
                cudnnFindConvolutionBackwardDataAlgorithm(
                        context.dnn(), w, dy, descriptor, dx, MOST_RESULTS, count, found));
        return choose(
                descriptor,
                shape,
                context.tf32(),
                Arrays.stream(found, 0, count[0])
                        .map(
                                a ->
                                        new Measured(
                                                a.algo,
                                                a.status,
                                                a.memory,
                                                a.determinism,
                                                a.mathType)));
    }

    /** Searches the algorithm that computes dw from x and dy. */
    static DnnAlgorithm weight(
            final CudaContext context,
            final Convolution shape,
            final cudnnTensorDescriptor x,
            final cudnnTensorDescriptor dy,
            final cudnnFilterDescriptor dw) {
        final cudnnConvolutionDescriptor descriptor = describe(context, shape);
        final var found = new cudnnConvolutionBwdFilterAlgoPerf[MOST_RESULTS];
        Arrays.setAll(found, _ -> new cudnnConvolutionBwdFilterAlgoPerf());
        final int[] count = {0};
        CudaStatus.dnn(
                "cudnnFindConvolutionBackwardFilterAlgorithm",
                cudnnFindConvolutionBackwardFilterAlgorithm(
                        context.dnn(), x, dy, descriptor, dw, MOST_RESULTS, count, found));
        return choose(
                descriptor,
                shape,
                context.tf32(),
                Arrays.stream(found, 0, count[0])
                        .map(
                                a ->
                                        new Measured(
                                                a.algo,
                                                a.status,
                                                a.memory,
                                                a.determinism,
                                                a.mathType)));
    }

    private static cudnnConvolutionDescriptor describe(
            final CudaContext context, final Convolution shape) {
        context.requireNotCapturing("convolve");
        final Window window = shape.window();
        final cudnnConvolutionDescriptor descriptor = new cudnnConvolutionDescriptor();
        CudaStatus.dnn(
                "cudnnCreateConvolutionDescriptor", cudnnCreateConvolutionDescriptor(descriptor));
        CudaStatus.dnn(
                "cudnnSetConvolution2dDescriptor",
                cudnnSetConvolution2dDescriptor(
                        descriptor,
                        window.padHeight(),
                        window.padWidth(),
                        window.strideHeight(),
                        window.strideWidth(),
                        window.dilationHeight(),
                        window.dilationWidth(),
                        CUDNN_CROSS_CORRELATION,
                        CUDNN_DATA_FLOAT));
        CudaStatus.dnn(
                "cudnnSetConvolutionGroupCount",
                cudnnSetConvolutionGroupCount(descriptor, shape.groups()));
        CudaStatus.dnn(
                "cudnnSetConvolutionMathType",
                cudnnSetConvolutionMathType(
                        descriptor, context.tf32() ? CUDNN_DEFAULT_MATH : CUDNN_FMA_MATH));
        return descriptor;
    }

    private static DnnAlgorithm choose(
            final cudnnConvolutionDescriptor descriptor,
            final Convolution shape,
            final boolean tf32,
            final Stream<Measured> measured) {
        final Measured best =
                measured.filter(Measured::fits)
                        .findFirst()
                        .orElseThrow(
                                () ->
                                        new IllegalStateException(
                                                ("convolve: shape=%s, expected an algorithm of cuDNN"
                                                                + " that is deterministic within %,d bytes")
                                                        .formatted(shape, MOST_WORKSPACE)));
        CudaStatus.dnn(
                "cudnnSetConvolutionMathType",
                cudnnSetConvolutionMathType(descriptor, tf32 ? best.arithmetic() : CUDNN_FMA_MATH));
        return new DnnAlgorithm(descriptor, best.algorithm(), best.memory());
    }

    @Override
    public void close() {
        CudaStatus.dnn(
                "cudnnDestroyConvolutionDescriptor", cudnnDestroyConvolutionDescriptor(descriptor));
    }
}

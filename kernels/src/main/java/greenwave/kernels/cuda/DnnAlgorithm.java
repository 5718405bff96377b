package greenwave.kernels.cuda;

import static jcuda.jcudnn.JCudnn.cudnnCreateConvolutionDescriptor;
import static jcuda.jcudnn.JCudnn.cudnnDestroyConvolutionDescriptor;
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

import jcuda.jcudnn.cudnnConvolutionDescriptor;

import java.util.Arrays;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.function.Supplier;

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
    private static final int MOST_RESULTS = 16; // each algorithm once or twice: by arithmetic
    private static final long MOST_WORKSPACE = 256L << 20; // bytes

    /** What cuDNN says of an algorithm that it has run; its three directions say it in three types, the fastest first. */
    record Measured(int algorithm, int status, long memory, int determinism, int arithmetic) {
        boolean fits() {
            return status == 0 && determinism == CUDNN_DETERMINISTIC && memory <= MOST_WORKSPACE;
        }
    }

    /** A call of cuDNN that runs the algorithms of one direction, on memory of its own. */
    @FunctionalInterface
    interface Trial<R> {
        /** Fills {@code results} from the first on, {@code count[0]} of them; returns a status. */
        int run(cudnnConvolutionDescriptor convolution, int[] count, R[] results);
    }

    /**
     * Searches the algorithm of one direction, which must not be while a graph is captured.
     *
     * @param call the name of the trial's function
     * @param results makes an array of what the trial fills, {@code result} what goes into it, which {@code reading} reads
     * @throws IllegalStateException if no algorithm fits
     */
    static <R> DnnAlgorithm search(
            final CudaContext context,
            final Convolution shape,
            final String call,
            final IntFunction<R[]> results,
            final Supplier<R> result,
            final Function<R, Measured> reading,
            final Trial<R> trial) {
        context.requireNotCapturing("convolve");
        final cudnnConvolutionDescriptor descriptor = describe(shape);
        setArithmetic(descriptor, context.tf32() ? CUDNN_DEFAULT_MATH : CUDNN_FMA_MATH);
        final R[] found = results.apply(MOST_RESULTS);
        Arrays.setAll(found, _ -> result.get());
        final int[] count = {0};
        CudaStatus.dnn(call, trial.run(descriptor, count, found));
        final Measured best =
                Arrays.stream(found, 0, count[0])
                        .map(reading)
                        .filter(Measured::fits)
                        .findFirst()
                        .orElseThrow(() -> none(shape));
        setArithmetic(descriptor, context.tf32() ? best.arithmetic() : CUDNN_FMA_MATH);
        return new DnnAlgorithm(descriptor, best.algorithm(), best.memory());
    }

    private static IllegalStateException none(final Convolution shape) {
        return new IllegalStateException(
                "convolve: shape=%s, expected an algorithm of cuDNN that is deterministic within %,d bytes"
                        .formatted(shape, MOST_WORKSPACE));
    }

    private static cudnnConvolutionDescriptor describe(final Convolution shape) {
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
        return descriptor;
    }

    private static void setArithmetic(
            final cudnnConvolutionDescriptor descriptor, final int arithmetic) {
        CudaStatus.dnn(
                "cudnnSetConvolutionMathType", cudnnSetConvolutionMathType(descriptor, arithmetic));
    }

    @Override
    public void close() {
        CudaStatus.dnn(
                "cudnnDestroyConvolutionDescriptor", cudnnDestroyConvolutionDescriptor(descriptor));
    }
}

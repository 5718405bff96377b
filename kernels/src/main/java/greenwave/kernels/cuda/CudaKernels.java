package greenwave.kernels.cuda;

import greenwave.kernels.AdamWRule;
import greenwave.kernels.Buffer;
import greenwave.kernels.Kernels;

/**
 * The contract on a device: kernels of our own, cuBLAS for products of matrices and cuDNN for convolutions and pools. Results are
 * the same each time. A call queues its work and returns.
 *
 * <p>What a call needs is found at the first one of its kind and shape: handles, algorithms, scratch memory. So whoever
 * captures calls in a graph runs the same calls once before; from then on they allocate nothing and do not wait.
 */
final class CudaKernels
        implements Kernels,
                CudaArithmetic,
                CudaMatrices,
                CudaChoices,
                CudaElementwise,
                CudaViews,
                CudaRows,
                CudaDistributions,
                CudaNorms,
                CudaRandom,
                CudaImages {
    private final KernelLauncher launcher;
    private final CudaSums sums;
    private final CudaOptimizers optimizers;
    private final DnnTensors tensors;
    private final DnnConvolutions convolutions;
    private final DnnPools pools;
    private final StridedWords strided = new StridedWords();
    private final Words words = new Words();
    private final HostScalar alpha = new HostScalar();
    private final HostScalar beta = new HostScalar();

    /** Loads the kernels onto the device. */
    CudaKernels(final CudaContext context) {
        launcher = new KernelLauncher(context);
        sums = new CudaSums(launcher);
        optimizers = new CudaOptimizers(launcher);
        tensors = new DnnTensors(context);
        convolutions = new DnnConvolutions(context, tensors);
        pools = new DnnPools(context, tensors);
    }

    /** {@return the shapes that cuDNN has been told of} */
    DnnTensors tensors() {
        return tensors;
    }

    @Override
    public KernelLauncher launcher() {
        return launcher;
    }

    @Override
    public CudaSums sums() {
        return sums;
    }

    @Override
    public DnnConvolutions convolutions() {
        return convolutions;
    }

    @Override
    public DnnPools pools() {
        return pools;
    }

    @Override
    public StridedWords strided() {
        return strided;
    }

    @Override
    public Words words() {
        return words;
    }

    @Override
    public HostScalar alpha() {
        return alpha;
    }

    @Override
    public HostScalar beta() {
        return beta;
    }

    @Override
    public void adamW(
            final AdamWRule rule,
            final Buffer w,
            final Buffer g,
            final Buffer m,
            final Buffer v,
            final Buffer vMax,
            final Buffer target,
            final Buffer step,
            final Buffer rate) {
        optimizers.adamW(rule, w, g, m, v, vMax, target, step, rate);
    }

    @Override
    public void clipNorm(final Buffer x, final float limit, final Buffer norm) {
        sums.clipNorm(x, limit, norm);
    }

    @Override
    public void sgd(
            final Buffer w,
            final Buffer g,
            final Buffer velocity,
            final Buffer rate,
            final float momentum,
            final boolean nesterov,
            final float decay) {
        optimizers.sgd(w, g, velocity, rate, momentum, nesterov, decay);
    }

    @Override
    public void rmsProp(
            final Buffer w,
            final Buffer g,
            final Buffer squares,
            final Buffer mean,
            final Buffer velocity,
            final Buffer rate,
            final double alpha,
            final float eps,
            final float momentum,
            final float decay) {
        optimizers.rmsProp(w, g, squares, mean, velocity, rate, alpha, eps, momentum, decay);
    }
}

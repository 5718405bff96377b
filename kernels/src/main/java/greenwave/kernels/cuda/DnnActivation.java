package greenwave.kernels.cuda;

import static jcuda.jcudnn.JCudnn.cudnnActivationForward;
import static jcuda.jcudnn.JCudnn.cudnnCreateActivationDescriptor;
import static jcuda.jcudnn.JCudnn.cudnnDestroyActivationDescriptor;
import static jcuda.jcudnn.JCudnn.cudnnSetActivationDescriptor;
import static jcuda.jcudnn.cudnnActivationMode.CUDNN_ACTIVATION_RELU;
import static jcuda.jcudnn.cudnnNanPropagation.CUDNN_PROPAGATE_NAN;

import greenwave.kernels.Buffer;

import jcuda.Pointer;
import jcuda.jcudnn.cudnnActivationDescriptor;
import jcuda.jcudnn.cudnnTensorDescriptor;

/**
 * ReLU by cuDNN, on what another of its computations gave; NaN stays NaN. Only forward: what cuDNN's gradient makes of NaN is not
 * said, so that is a kernel of our own, as is every activation that one of them is joined to.
 */
final class DnnActivation implements AutoCloseable {
    private final CudaContext context;
    private final cudnnActivationDescriptor relu = new cudnnActivationDescriptor();

    DnnActivation(final CudaContext context) {
        this.context = context;
        CudaStatus.dnn("cudnnCreateActivationDescriptor", cudnnCreateActivationDescriptor(relu));
        CudaStatus.dnn(
                "cudnnSetActivationDescriptor",
                cudnnSetActivationDescriptor(relu, CUDNN_ACTIVATION_RELU, CUDNN_PROPAGATE_NAN, 0));
    }

    /** y = max(y, 0), of the shape that {@code tensor} describes. */
    void forward(final cudnnTensorDescriptor tensor, final Buffer y) {
        final Pointer at = CudaBuffer.of(y).pointer();
        CudaStatus.dnn(
                "cudnnActivationForward",
                cudnnActivationForward(
                        context.dnn(),
                        relu,
                        HostScalar.ONE,
                        tensor,
                        at,
                        HostScalar.ZERO,
                        tensor,
                        at));
    }

    @Override
    public void close() {
        CudaStatus.dnn("cudnnDestroyActivationDescriptor", cudnnDestroyActivationDescriptor(relu));
    }
}

package greenwave.kernels.cuda;

import static jcuda.jcudnn.JCudnn.cudnnBatchNormalizationBackward;
import static jcuda.jcudnn.JCudnn.cudnnBatchNormalizationForwardTraining;
import static jcuda.jcudnn.cudnnBatchNormMode.CUDNN_BATCHNORM_SPATIAL;

import greenwave.kernels.Buffer;
import greenwave.kernels.DType;
import greenwave.kernels.ImageLayouts.PreparedNorm;

import jcuda.jcudnn.cudnnTensorDescriptor;

/**
 * Batch normalisation of images by cuDNN, then ReLU if asked. cuDNN keeps 1 / sqrt(variance + eps) for the gradients; its running
 * statistics, of an unbiased variance, are not used: the engine keeps its own. Every eps above 0 will do, as
 * {@code CUDNN_BN_MIN_EPSILON} is 0.
 */
final class CudaNorm implements PreparedNorm {
    private final CudaKernels kernels;
    private final CudaContext context;
    private final cudnnTensorDescriptor image;
    private final cudnnTensorDescriptor channel;
    private final float eps;
    private final DnnActivation relu; // null without
    private final CudaBuffer inverse; // 1 / sqrt(variance + eps) of the last forward pass

    CudaNorm(
            final CudaKernels kernels,
            final RowMajorLayout layout,
            final float eps,
            final DnnActivation relu) {
        this.kernels = kernels;
        this.context = kernels.launcher().context();
        this.image = kernels.tensors().of(layout);
        this.channel = kernels.tensors().perChannel(layout);
        this.eps = eps;
        this.relu = relu;
        this.inverse = context.allocate(DType.F32, layout.channels());
    }

    private void requireOpen() {
        if (inverse.closed()) {
            throw new IllegalStateException("batchNorm: is closed");
        }
        context.bind();
    }

    @Override
    public void forward(
            final Buffer x,
            final Buffer scale,
            final Buffer shift,
            final Buffer mean,
            final Buffer variance,
            final Buffer y) {
        requireOpen();
        CudaStatus.dnn(
                "cudnnBatchNormalizationForwardTraining",
                cudnnBatchNormalizationForwardTraining(
                        context.dnn(),
                        CUDNN_BATCHNORM_SPATIAL,
                        HostScalar.ONE,
                        HostScalar.ZERO,
                        image,
                        CudaBuffer.of(x).pointer(),
                        image,
                        CudaBuffer.of(y).pointer(),
                        channel,
                        CudaBuffer.of(scale).pointer(),
                        CudaBuffer.of(shift).pointer(),
                        0,
                        null,
                        null,
                        eps,
                        CudaBuffer.of(mean).pointer(),
                        inverse.pointer()));
        kernels.launcher()
                .of(KernelName.VARIANCE_OF_INVERSE)
                .arg(inverse)
                .arg(eps)
                .arg(variance)
                .arg(variance.length())
                .elements(variance.length())
                .run();
        if (relu != null) {
            relu.forward(image, y);
        }
    }

    @Override
    public void gradients(
            final Buffer x,
            final Buffer scale,
            final Buffer mean,
            final Buffer variance,
            final Buffer y,
            final Buffer dy,
            final Buffer dx,
            final Buffer dscale,
            final Buffer dshift) {
        requireOpen();
        if (relu != null) {
            kernels.maskByPositive(y, dy);
        }
        CudaStatus.dnn(
                "cudnnBatchNormalizationBackward",
                cudnnBatchNormalizationBackward(
                        context.dnn(),
                        CUDNN_BATCHNORM_SPATIAL,
                        HostScalar.ONE,
                        HostScalar.ZERO,
                        HostScalar.ONE,
                        HostScalar.ZERO,
                        image,
                        CudaBuffer.of(x).pointer(),
                        image,
                        CudaBuffer.of(dy).pointer(),
                        image,
                        CudaBuffer.of(dx).pointer(),
                        channel,
                        CudaBuffer.of(scale).pointer(),
                        CudaBuffer.of(dscale).pointer(),
                        CudaBuffer.of(dshift).pointer(),
                        eps,
                        CudaBuffer.of(mean).pointer(),
                        inverse.pointer()));
    }

    @Override
    public void close() {
        inverse.close();
    }
}

package greenwave.kernels.cuda;

import static jcuda.jcudnn.JCudnn.CUDNN_BN_MIN_EPSILON;
import static jcuda.jcudnn.JCudnn.cudnnBatchNormalizationForwardInference;
import static jcuda.jcudnn.cudnnBatchNormMode.CUDNN_BATCHNORM_SPATIAL;

import greenwave.kernels.Buffer;
import greenwave.kernels.DType;
import greenwave.kernels.ImageLayouts.PreparedAffine;

import jcuda.jcudnn.cudnnTensorDescriptor;

/**
 * A scale and a shift by channel, as batch normalisation in evaluation becomes: cuDNN's, with means of 0 and variances of 1, and
 * its least eps, which is 0; then ReLU if asked.
 */
final class CudaAffine implements PreparedAffine {
    private final CudaContext context;
    private final cudnnTensorDescriptor image;
    private final cudnnTensorDescriptor channel;
    private final DnnActivation relu; // null without
    private final CudaBuffer mean;
    private final CudaBuffer variance;

    CudaAffine(final CudaKernels kernels, final RowMajorLayout layout, final DnnActivation relu) {
        this.context = kernels.launcher().context();
        this.image = kernels.tensors().of(layout);
        this.channel = kernels.tensors().perChannel(layout);
        this.relu = relu;
        this.mean = context.allocate(DType.F32, layout.channels());
        this.variance = context.allocate(DType.F32, layout.channels());
        kernels.fill(variance, (float) (1 - CUDNN_BN_MIN_EPSILON));
    }

    @Override
    public void forward(final Buffer x, final Buffer scale, final Buffer shift, final Buffer y) {
        if (mean.closed()) {
            throw new IllegalStateException("channelAffine: is closed");
        }
        context.bind();
        CudaStatus.dnn(
                "cudnnBatchNormalizationForwardInference",
                cudnnBatchNormalizationForwardInference(
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
                        mean.pointer(),
                        variance.pointer(),
                        CUDNN_BN_MIN_EPSILON));
        if (relu != null) {
            relu.forward(image, y);
        }
    }

    @Override
    public void close() {
        mean.close();
        variance.close();
    }
}

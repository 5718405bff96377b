package greenwave.kernels.cuda;

import static jcuda.jcudnn.JCudnn.cudnnCreateTensorDescriptor;
import static jcuda.jcudnn.JCudnn.cudnnDestroyTensorDescriptor;
import static jcuda.jcudnn.JCudnn.cudnnSetTensor4dDescriptor;
import static jcuda.jcudnn.cudnnDataType.CUDNN_DATA_FLOAT;
import static jcuda.jcudnn.cudnnTensorFormat.CUDNN_TENSOR_NCHW;

import jcuda.jcudnn.cudnnTensorDescriptor;

import java.util.HashMap;
import java.util.Map;

/** Shapes as cuDNN takes them: dense f32, [batch, channels, height, width]. Each is described once and lives as long as the context. */
final class DnnTensors {
    private final Map<RowMajorLayout, cudnnTensorDescriptor> byShape = new HashMap<>();

    DnnTensors(final CudaContext context) {
        context.onClose(() -> byShape.values().forEach(DnnTensors::destroy));
    }

    /** {@return the descriptor of a shape} */
    cudnnTensorDescriptor of(final RowMajorLayout shape) {
        return byShape.computeIfAbsent(shape, DnnTensors::describe);
    }

    /** {@return that of a number per channel of {@code shape}, such as a bias} */
    cudnnTensorDescriptor perChannel(final RowMajorLayout shape) {
        return of(new RowMajorLayout(1, shape.channels(), 1, 1));
    }

    private static cudnnTensorDescriptor describe(final RowMajorLayout shape) {
        final cudnnTensorDescriptor tensor = new cudnnTensorDescriptor();
        CudaStatus.dnn("cudnnCreateTensorDescriptor", cudnnCreateTensorDescriptor(tensor));
        CudaStatus.dnn(
                "cudnnSetTensor4dDescriptor",
                cudnnSetTensor4dDescriptor(
                        tensor,
                        CUDNN_TENSOR_NCHW,
                        CUDNN_DATA_FLOAT,
                        shape.batch(),
                        shape.channels(),
                        shape.height(),
                        shape.width()));
        return tensor;
    }

    private static void destroy(final cudnnTensorDescriptor tensor) {
        CudaStatus.dnn("cudnnDestroyTensorDescriptor", cudnnDestroyTensorDescriptor(tensor));
    }
}

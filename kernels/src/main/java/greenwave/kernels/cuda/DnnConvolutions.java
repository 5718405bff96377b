package greenwave.kernels.cuda;

import greenwave.kernels.Convolution;

import java.util.HashMap;
import java.util.Map;

/** The convolutions of a context by shape. A shape that is new is described to cuDNN, and algorithms are searched at its first use. */
final class DnnConvolutions {
    private final CudaContext context;
    private final DnnTensors tensors;
    private final Map<Convolution, DnnConvolution> byShape = new HashMap<>();

    DnnConvolutions(final CudaContext context, final DnnTensors tensors) {
        this.context = context;
        this.tensors = tensors;
        context.onClose(() -> byShape.values().forEach(DnnConvolution::close));
    }

    /** {@return the convolution of this shape, the context being current} */
    DnnConvolution of(final Convolution shape) {
        context.bind();
        final DnnConvolution known = byShape.get(shape);
        if (known != null) {
            return known;
        }
        final DnnConvolution fresh = new DnnConvolution(context, tensors, shape);
        byShape.put(shape, fresh);
        return fresh;
    }
}

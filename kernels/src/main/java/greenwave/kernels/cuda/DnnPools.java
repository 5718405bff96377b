package greenwave.kernels.cuda;

import greenwave.kernels.Window;

import java.util.ArrayList;
import java.util.List;

/** The pools of a context by shape. A net has few, so they are looked through, which allocates nothing. */
final class DnnPools {
    private final CudaContext context;
    private final DnnTensors tensors;
    private final List<DnnPool> known = new ArrayList<>();

    DnnPools(final CudaContext context, final DnnTensors tensors) {
        this.context = context;
        this.tensors = tensors;
        context.onClose(() -> known.forEach(DnnPool::close));
    }

    /** {@return the pool of such images, the context being current; null if cuDNN has none} */
    DnnPool of(final Window window, final int planes) {
        context.bind();
        for (int i = 0; i < known.size(); i++) {
            if (known.get(i).is(window, planes)) {
                return known.get(i);
            }
        }
        if (!DnnPool.serves(window, planes)) {
            return null;
        }
        final DnnPool fresh = new DnnPool(context, tensors, window, planes);
        known.add(fresh);
        return fresh;
    }
}

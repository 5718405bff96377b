package greenwave.kernels.cpu;

import java.lang.foreign.MemorySegment;
import java.util.stream.IntStream;

/** One batch normalisation in oneDNN's terms: what describes its primitives. */
record OneDnnNormShape(OneDnnObjects objects, MemorySegment layout, float eps) {
    private static final int TRAINING = 64;
    private static final int INFERENCE = 96;
    private static final int BACKWARD = 128;
    private static final int GIVEN_MOMENTS = 1;
    private static final int SCALE_AND_SHIFT = 2 | 4;
    private static final int FUSED_RELU = 8;

    OneDnnNormShape(final OneDnnObjects objects, final OneDnnLayout layout, final float eps) {
        this(objects, layout.describe(objects), eps);
    }

    private static int flags(final boolean relu) {
        return SCALE_AND_SHIFT | (relu ? FUSED_RELU : 0);
    }

    private MemorySegment forward(final int propagation, final int flags) {
        return objects.create(
                "dnnl_primitive_desc",
                "dnnl_batch_normalization_forward_primitive_desc_create",
                OneDnn.engine(),
                propagation,
                layout,
                layout,
                eps,
                flags,
                objects.attributes());
    }

    /** {@return the description of the forward pass by the moments of the batch} */
    MemorySegment training(final boolean relu) {
        return forward(TRAINING, flags(relu));
    }

    /** {@return the description of the forward pass by moments that are given} */
    MemorySegment inference() {
        return forward(INFERENCE, flags(false) | GIVEN_MOMENTS);
    }

    /** {@return the description of the gradients by input, scale and shift} */
    MemorySegment gradient(final boolean relu, final MemorySegment training) {
        return objects.create(
                "dnnl_primitive_desc",
                "dnnl_batch_normalization_backward_primitive_desc_create",
                OneDnn.engine(),
                BACKWARD,
                layout,
                layout,
                layout,
                eps,
                flags(relu),
                training,
                objects.attributes());
    }

    /** {@return a primitive with some arguments more} */
    OneDnnPrimitive primitive(
            final MemorySegment description, final int[] more, final int... names) {
        final int[] all = IntStream.concat(IntStream.of(names), IntStream.of(more)).toArray();
        return new OneDnnPrimitive(objects, description, all);
    }
}

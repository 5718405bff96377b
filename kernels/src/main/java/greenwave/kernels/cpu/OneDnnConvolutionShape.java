package greenwave.kernels.cpu;

import greenwave.kernels.Convolution;
import greenwave.kernels.Window;

import java.lang.foreign.MemorySegment;

/** One convolution in oneDNN's terms: what describes its primitives in given layouts. */
final class OneDnnConvolutionShape {
    private static final int TRAINING = 64;
    private static final int INFERENCE = 96;
    private static final int DIRECT = 1;

    private final OneDnnObjects objects;
    private final Convolution c;
    private final int propagation;
    private final MemorySegment strides;
    private final MemorySegment dilations;
    private final MemorySegment padding;

    OneDnnConvolutionShape(
            final OneDnnObjects objects, final Convolution c, final boolean training) {
        final Window w = c.window();
        this.objects = objects;
        this.c = c;
        this.propagation = training ? TRAINING : INFERENCE;
        this.strides = objects.longs(w.strideHeight(), w.strideWidth());
        this.dilations = objects.longs(w.dilationHeight() - 1L, w.dilationWidth() - 1L); // 0: dense
        this.padding = objects.longs(w.padHeight(), w.padWidth());
    }

    /** {@return the dimensions of x} */
    long[] in() {
        return new long[] {c.batch(), c.inChannels(), c.window().height(), c.window().width()};
    }

    /** {@return the dimensions of y} */
    long[] out() {
        return new long[] {
            c.batch(), c.outChannels(), c.window().outHeight(), c.window().outWidth()
        };
    }

    /** {@return what its descriptions belong to} */
    OneDnnObjects objects() {
        return objects;
    }

    private long[] weights() {
        final long out = c.outChannels() / c.groups();
        final long rows = c.window().kernelHeight();
        final long columns = c.window().kernelWidth();
        return c.groups() == 1
                ? new long[] {out, c.inPerGroup(), rows, columns}
                : new long[] {c.groups(), out, c.inPerGroup(), rows, columns};
    }

    /** {@return the description of the weights as they come} */
    MemorySegment rowMajorWeights() {
        return objects.rowMajor(weights());
    }

    /** {@return the description of the forward primitive, null if there is none} */
    MemorySegment forward(final MemorySegment x, final MemorySegment y) {
        return objects.createIfImplemented(
                "dnnl_primitive_desc",
                "dnnl_convolution_forward_primitive_desc_create",
                OneDnn.engine(),
                propagation,
                DIRECT,
                x,
                objects.any(weights()),
                objects.rowMajor(c.outChannels()),
                y,
                strides,
                dilations,
                padding,
                padding,
                objects.attributes());
    }

    /** {@return the description of the gradient by the weights and the bias, null if there is none} */
    MemorySegment weightGradient(
            final MemorySegment x, final MemorySegment dy, final MemorySegment forward) {
        return objects.createIfImplemented(
                "dnnl_primitive_desc",
                "dnnl_convolution_backward_weights_primitive_desc_create",
                OneDnn.engine(),
                DIRECT,
                x,
                objects.any(weights()),
                objects.rowMajor(c.outChannels()),
                dy,
                strides,
                dilations,
                padding,
                padding,
                forward,
                objects.attributes());
    }

    /** {@return the description of the gradient by the input, null if there is none} */
    MemorySegment dataGradient(
            final MemorySegment dx, final MemorySegment dy, final MemorySegment forward) {
        return objects.createIfImplemented(
                "dnnl_primitive_desc",
                "dnnl_convolution_backward_data_primitive_desc_create",
                OneDnn.engine(),
                DIRECT,
                dx,
                objects.any(weights()),
                dy,
                strides,
                dilations,
                padding,
                padding,
                forward,
                objects.attributes());
    }

    @Override
    public String toString() {
        return c.toString();
    }
}

package greenwave.kernels.cpu;

import static greenwave.kernels.cpu.OneDnnPrimitive.MEAN;
import static greenwave.kernels.cpu.OneDnnPrimitive.SCALE;
import static greenwave.kernels.cpu.OneDnnPrimitive.SHIFT;
import static greenwave.kernels.cpu.OneDnnPrimitive.SOURCE;
import static greenwave.kernels.cpu.OneDnnPrimitive.TARGET;
import static greenwave.kernels.cpu.OneDnnPrimitive.VARIANCE;

import greenwave.kernels.Buffer;
import greenwave.kernels.ImageLayouts.PreparedAffine;
import greenwave.kernels.Kernels;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Scale and shift by channel: batch normalisation by mean 0 and variance 1. */
final class OneDnnAffine implements PreparedAffine {
    private final OneDnnObjects objects;
    private final ReluLayer relu; // null if there is none
    private final OneDnnPrimitive primitive;

    OneDnnAffine(
            final OneDnnObjects objects,
            final Kernels kernels,
            final OneDnnLayout layout,
            final boolean relu) {
        this.objects = objects;
        this.relu = relu ? new ReluLayer(objects, kernels, layout, false) : null;
        final MemorySegment description = new OneDnnNormShape(objects, layout, 0).inference();
        this.primitive =
                new OneDnnPrimitive(
                        objects, description, SOURCE, SCALE, SHIFT, MEAN, VARIANCE, TARGET);
        final long bytes = (long) layout.channels() * Float.BYTES;
        final MemorySegment ones = objects.memory(bytes);
        for (long at = 0; at < bytes; at += Float.BYTES) {
            ones.set(ValueLayout.JAVA_FLOAT, at, 1);
        }
        primitive.set(MEAN, objects.memory(bytes));
        primitive.set(VARIANCE, ones);
    }

    @Override
    public void forward(final Buffer x, final Buffer scale, final Buffer shift, final Buffer y) {
        primitive.set(SOURCE, x.segment());
        primitive.set(SCALE, scale.segment());
        primitive.set(SHIFT, shift.segment());
        primitive.set(TARGET, y.segment());
        primitive.run();
        if (relu != null) {
            relu.forward(y);
        }
    }

    @Override
    public void close() {
        objects.close();
    }
}

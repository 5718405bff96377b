package greenwave.kernels.cpu;

import static greenwave.kernels.cpu.OneDnnPrimitive.MEAN;
import static greenwave.kernels.cpu.OneDnnPrimitive.SCALE;
import static greenwave.kernels.cpu.OneDnnPrimitive.SCALE_GRADIENT;
import static greenwave.kernels.cpu.OneDnnPrimitive.SHIFT;
import static greenwave.kernels.cpu.OneDnnPrimitive.SHIFT_GRADIENT;
import static greenwave.kernels.cpu.OneDnnPrimitive.SOURCE;
import static greenwave.kernels.cpu.OneDnnPrimitive.SOURCE_GRADIENT;
import static greenwave.kernels.cpu.OneDnnPrimitive.TARGET;
import static greenwave.kernels.cpu.OneDnnPrimitive.TARGET_GRADIENT;
import static greenwave.kernels.cpu.OneDnnPrimitive.VARIANCE;
import static greenwave.kernels.cpu.OneDnnPrimitive.WORKSPACE;

import greenwave.kernels.Buffer;
import greenwave.kernels.ImageLayouts.PreparedNorm;
import greenwave.kernels.Kernels;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Batch normalisation by oneDNN, ReLU fused. What that ReLU makes of NaN is not what ours does; but there is NaN in y only if
 * there is one, or an infinity, in what the channel was normalised by, and then the two are computed one by one.
 */
final class OneDnnNorm implements PreparedNorm {
    private final OneDnnObjects objects;
    private final Kernels kernels;
    private final OneDnnLayout layout;
    private final float eps;
    private final boolean relu;
    private final OneDnnPrimitive forward;
    private final OneDnnPrimitive gradient;
    private boolean sound = true; // whether the last forward pass met finite numbers only
    private OneDnnNorm alone; // without ReLU, and the ReLU: null until needed
    private ReluLayer after;

    OneDnnNorm(
            final OneDnnObjects objects,
            final Kernels kernels,
            final OneDnnLayout layout,
            final float eps,
            final boolean relu) {
        this.objects = objects;
        this.kernels = kernels;
        this.layout = layout;
        this.eps = eps;
        this.relu = relu;
        final OneDnnNormShape shape = new OneDnnNormShape(objects, layout, eps);
        final MemorySegment description = shape.training(relu);
        final int[] workspace = relu ? new int[] {WORKSPACE} : new int[0];
        this.forward =
                shape.primitive(
                        description, workspace, SOURCE, SCALE, SHIFT, MEAN, VARIANCE, TARGET);
        this.gradient =
                shape.primitive(
                        shape.gradient(relu, description),
                        workspace,
                        SOURCE,
                        SCALE,
                        MEAN,
                        VARIANCE,
                        TARGET_GRADIENT,
                        SOURCE_GRADIENT,
                        SCALE_GRADIENT,
                        SHIFT_GRADIENT);
        if (relu) {
            final MemorySegment signs =
                    objects.memory(
                            OneDnnPrimitive.size(OneDnnPrimitive.argument(description, WORKSPACE)));
            forward.set(WORKSPACE, signs);
            gradient.set(WORKSPACE, signs);
        }
    }

    @Override
    public void forward(
            final Buffer x,
            final Buffer scale,
            final Buffer shift,
            final Buffer mean,
            final Buffer variance,
            final Buffer y) {
        forward.set(SOURCE, x.segment());
        forward.set(SCALE, scale.segment());
        forward.set(SHIFT, shift.segment());
        forward.set(MEAN, mean.segment());
        forward.set(VARIANCE, variance.segment());
        forward.set(TARGET, y.segment());
        forward.run();
        sound = !relu || finite(mean) && finite(variance) && finite(scale) && finite(shift);
        if (!sound) {
            separate();
            alone.forward(x, scale, shift, mean, variance, y);
            after.forward(y);
        }
    }

    private void separate() {
        if (alone == null) {
            alone = new OneDnnNorm(objects, kernels, layout, eps, false);
            after = new ReluLayer(objects, kernels, layout, true);
        }
    }

    private static boolean finite(final Buffer buffer) {
        final MemorySegment values = buffer.segment();
        for (long at = 0; at < values.byteSize(); at += Float.BYTES) {
            if (!Float.isFinite(values.get(ValueLayout.JAVA_FLOAT, at))) {
                return false;
            }
        }
        return true;
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
        final OneDnnPrimitive used = sound ? gradient : alone.gradient;
        used.set(SOURCE, x.segment());
        used.set(SCALE, scale.segment());
        used.set(MEAN, mean.segment());
        used.set(VARIANCE, variance.segment());
        used.set(TARGET_GRADIENT, sound ? dy.segment() : after.gradient(y, dy));
        used.set(SOURCE_GRADIENT, dx.segment());
        used.set(SCALE_GRADIENT, dscale.segment());
        used.set(SHIFT_GRADIENT, dshift.segment());
        used.run();
    }

    @Override
    public void close() {
        objects.close();
    }
}

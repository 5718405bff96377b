package greenwave.kernels.cpu;

import static greenwave.kernels.cpu.OneDnnPrimitive.BIAS;
import static greenwave.kernels.cpu.OneDnnPrimitive.BIAS_GRADIENT;
import static greenwave.kernels.cpu.OneDnnPrimitive.SOURCE;
import static greenwave.kernels.cpu.OneDnnPrimitive.SOURCE_GRADIENT;
import static greenwave.kernels.cpu.OneDnnPrimitive.TARGET;
import static greenwave.kernels.cpu.OneDnnPrimitive.TARGET_GRADIENT;
import static greenwave.kernels.cpu.OneDnnPrimitive.WEIGHTS;
import static greenwave.kernels.cpu.OneDnnPrimitive.WEIGHTS_GRADIENT;

import greenwave.kernels.Buffer;
import greenwave.kernels.Convolution;
import greenwave.kernels.ImageLayouts.Layout;
import greenwave.kernels.ImageLayouts.PreparedConvolution;
import greenwave.kernels.Kernels;

import java.lang.foreign.MemorySegment;

/** A convolution by oneDNN. The weights change from run to run, so they are brought into its layout every time. */
final class OneDnnConvolution implements PreparedConvolution {
    private final OneDnnObjects objects;
    private final OneDnnConvolutionShape shape;
    private final OneDnnConvolutionChoice.Layouts layouts;
    private final ReluLayer relu; // null if there is none
    private final MemorySegment weights; // the layout they come in
    private final MemorySegment noBias; // zeros
    private final MemorySegment ignored; // takes a gradient by the bias that nobody asked for
    private final MemorySegment description;
    private final OneDnnStep forward;
    private final OneDnnStep weightGradient; // null unless training
    private OneDnnStep dataGradient; // null until asked for: a first layer never does

    OneDnnConvolution(
            final OneDnnObjects objects,
            final Kernels kernels,
            final Convolution c,
            final OneDnnConvolutionChoice.Layouts layouts,
            final boolean relu,
            final boolean training) {
        this.objects = objects;
        this.layouts = layouts;
        this.shape = new OneDnnConvolutionShape(objects, c, training);
        this.weights = shape.rowMajorWeights();
        this.noBias = objects.memory((long) c.outChannels() * Float.BYTES);
        this.ignored = objects.memory((long) c.outChannels() * Float.BYTES);
        final MemorySegment x = layouts.x().describe(objects);
        final MemorySegment y = layouts.y().describe(objects);
        this.description = shape.forward(x, y);
        this.forward =
                new OneDnnStep(objects, description, SOURCE, WEIGHTS, BIAS, TARGET)
                        .from(WEIGHTS, weights);
        this.weightGradient =
                training
                        ? new OneDnnStep(
                                        objects,
                                        OneDnnConvolutionChoice.describeWeightGradient(
                                                shape, layouts, description),
                                        SOURCE,
                                        TARGET_GRADIENT,
                                        WEIGHTS_GRADIENT,
                                        BIAS_GRADIENT)
                                .from(SOURCE, x)
                                .from(TARGET_GRADIENT, y)
                                .to(WEIGHTS_GRADIENT, weights)
                        : null;
        this.relu = relu ? new ReluLayer(objects, kernels, layouts.y(), training) : null;
    }

    @Override
    public Layout x() {
        return layouts.x();
    }

    @Override
    public Layout y() {
        return layouts.y();
    }

    @Override
    public void forward(final Buffer x, final Buffer w, final Buffer b, final Buffer y) {
        forward.set(SOURCE, x.segment())
                .set(WEIGHTS, w.segment())
                .set(BIAS, b == null ? noBias : b.segment())
                .set(TARGET, y.segment())
                .run();
        if (relu != null) {
            relu.forward(y);
        }
    }

    @Override
    public void gradients(
            final Buffer x,
            final Buffer w,
            final Buffer y,
            final Buffer dy,
            final Buffer dx,
            final Buffer dw,
            final Buffer db) {
        final MemorySegment slope = relu == null ? dy.segment() : relu.gradient(y, dy);
        weightGradient
                .set(SOURCE, x.segment())
                .set(TARGET_GRADIENT, slope)
                .set(WEIGHTS_GRADIENT, dw.segment())
                .set(BIAS_GRADIENT, db == null ? ignored : db.segment())
                .run();
        if (dx != null) {
            dataGradient()
                    .set(WEIGHTS, w.segment())
                    .set(TARGET_GRADIENT, slope)
                    .set(SOURCE_GRADIENT, dx.segment())
                    .run();
        }
    }

    private OneDnnStep dataGradient() {
        if (dataGradient == null) {
            dataGradient =
                    new OneDnnStep(
                                    objects,
                                    OneDnnConvolutionChoice.describeDataGradient(
                                            shape, layouts, description),
                                    WEIGHTS,
                                    TARGET_GRADIENT,
                                    SOURCE_GRADIENT)
                            .from(WEIGHTS, weights)
                            .from(TARGET_GRADIENT, layouts.y().describe(objects))
                            .to(SOURCE_GRADIENT, layouts.x().describe(objects));
        }
        return dataGradient;
    }

    @Override
    public String describe() {
        final StringBuilder line = new StringBuilder("oneDNN forward ").append(forward.describe());
        if (weightGradient != null) {
            line.append(", weight gradient ").append(weightGradient.describe());
        }
        if (dataGradient != null) {
            line.append(", data gradient ").append(dataGradient.describe());
        }
        return line.toString();
    }

    @Override
    public void close() {
        objects.close();
    }
}

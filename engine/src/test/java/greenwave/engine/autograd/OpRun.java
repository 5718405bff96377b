package greenwave.engine.autograd;

import greenwave.engine.Engine;
import greenwave.engine.Segments;
import greenwave.engine.tensor.Shape;
import greenwave.engine.tensor.Tensor;
import greenwave.kernels.Buffer;
import greenwave.kernels.DType;

import java.util.ArrayList;
import java.util.List;

/** One op of the table on one backend: its inputs are parameters where they are f32, its loss is a weighted sum of its output. */
final class OpRun implements AutoCloseable {
    private final List<Buffer> owned = new ArrayList<>();
    private final List<Buffer> inputs = new ArrayList<>();
    private final List<Buffer> gradients = new ArrayList<>(); // null where there is none
    private final Tensor output;
    private final Plan plan;
    private final boolean lossGradients;

    OpRun(final Engine engine, final OpCase c, final int n, final List<Object> values) {
        final Trace trace = new Trace();
        final List<Shape> shapes = c.shapes().apply(n);
        final List<Tensor> in = new ArrayList<>();
        for (int i = 0; i < shapes.size(); i++) {
            final Shape shape = shapes.get(i);
            if (c.inputs().get(i) == DType.F32) {
                final Buffer value = allocate(engine, shape.size());
                final Buffer gradient = allocate(engine, shape.size());
                Segments.fill(value, values.get(i));
                in.add(trace.parameter(new Parameter("p" + i, shape, value, gradient)));
                inputs.add(value);
                gradients.add(gradient);
            } else {
                in.add(trace.input("i" + i, c.inputs().get(i), shape.dims()));
                inputs.add(null);
                gradients.add(null);
            }
        }
        output = c.use().apply(in);
        PlanBuilder builder = Plan.builder(engine.backend(), trace).keep(output);
        Tensor weights = null;
        lossGradients = c.differentiable();
        if (lossGradients) {
            weights = trace.input("weights", DType.F32, output.shape().dims());
            builder = builder.gradientsOf(output.mul(weights).sum());
        }
        plan = builder.build();
        for (int i = 0; i < shapes.size(); i++) {
            if (inputs.get(i) == null) {
                inputs.set(i, plan.buffer(in.get(i)));
                Segments.fill(inputs.get(i), values.get(i));
            }
        }
        if (weights != null) {
            final float[] w = new float[Math.toIntExact(output.shape().size())];
            for (int i = 0; i < w.length; i++) {
                w[i] = weight(i);
            }
            Segments.fill(plan.buffer(weights), w);
        }
        plan.run();
    }

    /** Of output element i in the loss; all different, so that no two elements can be mistaken. */
    static float weight(final int i) {
        return 0.25f + i % 7 / 8f;
    }

    /** Whether a gradient flows to input {@code index}. */
    boolean differentiable(final int index) {
        return gradients.get(index) != null && lossGradients;
    }

    private Buffer allocate(final Engine engine, final long length) {
        final Buffer buffer = engine.backend().allocate(DType.F32, length);
        owned.add(buffer);
        return buffer;
    }

    void run() {
        plan.run();
    }

    Buffer input(final int index) {
        return inputs.get(index);
    }

    Buffer gradient(final int index) {
        return gradients.get(index);
    }

    Buffer output() {
        return plan.buffer(output);
    }

    /** The loss, summed in f64. */
    double loss() {
        double sum = 0;
        final float[] y = Segments.floats(output());
        for (int i = 0; i < y.length; i++) {
            sum += (double) y[i] * weight(i);
        }
        return sum;
    }

    @Override
    public void close() {
        plan.close();
        owned.forEach(Buffer::close);
    }
}

package greenwave.engine.autograd;

import greenwave.engine.tensor.Shape;
import greenwave.engine.tensor.Tensor;
import greenwave.kernels.DType;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/** The record of a computation for fixed shapes: inputs, parameters and the ops between them, in order. */
public final class Trace {
    /**
     * What made a tensor: an op, or else a parameter, or else the caller (an input).
     *
     * @param name of the op, parameter or input
     * @param inputs ids of the op's inputs
     * @param attributes the op's constants; of what is no op, the f32 numbers it holds from the start, if any
     * @param constants the op's whole-number constants; of an input, the i32 numbers it starts with, if any
     */
    public record Node(
            String name,
            Op op,
            int[] inputs,
            float[] attributes,
            int[] constants,
            Parameter parameter,
            Tensor out) {
        /** {@return a use of another op with the same constants} */
        Node as(final Op op, final int[] inputs, final Tensor out) {
            return new Node(op.name(), op, inputs, attributes, constants, null, out);
        }
    }

    private static final int[] NONE = {};
    private static final float[] NO_ATTRIBUTES = {};

    private final List<Node> nodes = new ArrayList<>();
    private final Map<Parameter, Tensor> parameters = new IdentityHashMap<>();

    /** Starts an empty trace. */
    public Trace() {}

    /** {@return a value that the caller uploads before each run of a plan} */
    public Tensor input(final String name, final DType dtype, final int... dims) {
        return append(name, null, NONE, NO_ATTRIBUTES, NONE, null, Shape.of(dims), dtype);
    }

    /**
     * {@return a value that every plan keeps for itself from run to run, such as the state of a random stream, i32}
     *
     * @param first what it holds before the first run
     */
    public Tensor state(final String name, final int... first) {
        final Shape shape = Shape.of(first.length);
        return append(name, null, NONE, NO_ATTRIBUTES, first.clone(), null, shape, DType.I32);
    }

    /**
     * {@return a value that never changes, f32}
     *
     * @param values row-major
     * @param dims whose product is the number of values, at least 1
     */
    public Tensor constant(final String name, final float[] values, final int... dims) {
        final Shape shape = Shape.of(dims);
        if (values.length == 0 || shape.size() != values.length) {
            throw new IllegalArgumentException(
                    "constant: name=%s, values=%d, shape=%s, expected a value for each element"
                            .formatted(name, values.length, shape));
        }
        return append(name, null, NONE, values.clone(), NONE, null, shape, DType.F32);
    }

    /** {@return the tensor of {@code parameter}; the same one each time} */
    public Tensor parameter(final Parameter parameter) {
        return parameters.computeIfAbsent(
                parameter,
                p -> append(p.name(), null, NONE, NO_ATTRIBUTES, NONE, p, p.shape(), DType.F32));
    }

    /**
     * Records one use of an op.
     *
     * @param attributes the op's constants
     * @return its output
     * @throws IllegalArgumentException if the inputs do not fit the op or belong to another trace; nothing is recorded
     */
    public Tensor record(final Op op, final float[] attributes, final Tensor... inputs) {
        return record(op, attributes, NONE, inputs);
    }

    /**
     * As {@link #record(Op, float[], Tensor...)}, for an op with whole-number constants.
     *
     * @param constants such as dimensions
     */
    public Tensor record(
            final Op op, final float[] attributes, final int[] constants, final Tensor... inputs) {
        if (inputs.length != op.inputs().size()) {
            throw new IllegalArgumentException(
                    "%s: inputs=%d, expected %d"
                            .formatted(op.name(), inputs.length, op.inputs().size()));
        }
        final int[] ids = new int[inputs.length];
        final List<Shape> shapes = new ArrayList<>();
        for (int i = 0; i < inputs.length; i++) {
            if (inputs[i].trace() != this) {
                throw new IllegalArgumentException(
                        "%s: input %d=%s belongs to another trace"
                                .formatted(op.name(), i, inputs[i]));
            }
            if (inputs[i].dtype() != op.inputs().get(i)) {
                throw new IllegalArgumentException(
                        "%s: input %d=%s, expected %s"
                                .formatted(op.name(), i, inputs[i], op.inputs().get(i)));
            }
            ids[i] = inputs[i].id();
            shapes.add(inputs[i].shape());
        }
        final Shape out = op.shape(shapes, constants);
        return append(op.name(), op, ids, attributes, constants, null, out, op.output());
    }

    private Tensor append(
            final String name,
            final Op op,
            final int[] inputs,
            final float[] attributes,
            final int[] constants,
            final Parameter parameter,
            final Shape shape,
            final DType dtype) {
        final Tensor out = new Tensor(this, nodes.size(), shape, dtype);
        nodes.add(new Node(name, op, inputs, attributes, constants, parameter, out));
        return out;
    }

    /** {@return everything recorded so far, in order} */
    public List<Node> nodes() {
        return Collections.unmodifiableList(nodes);
    }
}

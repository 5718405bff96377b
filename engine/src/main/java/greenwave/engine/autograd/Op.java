package greenwave.engine.autograd;

import greenwave.engine.tensor.Shape;
import greenwave.kernels.DType;
import greenwave.kernels.Kernels;

import java.util.ArrayList;
import java.util.List;

/** One row of the table in {@link Ops}: what an op is called, accepts, yields, computes, and how it is differentiated. */
public final class Op {
    /** From the shapes of the inputs to that of the output. */
    public interface ShapeRule {
        /**
         * {@return the shape of the output}
         *
         * @param op the op's name, for the message
         * @throws IllegalArgumentException if the inputs do not fit
         */
        Shape apply(String op, List<Shape> in);
    }

    /** As {@link ShapeRule}, for an op with whole-number constants. */
    public interface ParametricShapeRule {
        /**
         * {@return the shape of the output}
         *
         * @param op the op's name, for the message
         * @param constants of this use, such as a permutation
         * @throws IllegalArgumentException if inputs and constants do not fit
         */
        Shape apply(String op, List<Shape> in, int[] constants);
    }

    /** The kernel calls of one direction of an op. */
    public interface Emitter {
        /** Computes the output, or adds to one input's gradient. */
        void run(Kernels kernels, Call call);
    }

    /** Makes the kernel calls of one direction of an op; it works out once what every run needs, such as a view. */
    public interface Binder {
        /** {@return what computes the output, or adds to one input's gradient} */
        KernelCall bind(Call call);
    }

    /** How much there is to compute. */
    interface Cost {
        /** {@return floating-point operations of one run forward} */
        long flops(List<Shape> in, Shape out);
    }

    private final String name;
    private final List<DType> inputs;
    private final DType output;
    private final ParametricShapeRule shape;
    private final Binder forward;
    private final List<Binder> gradients; // by input; null where none flows
    private final Binder allGradients; // null if each input has its own
    private final boolean[] overwrites; // by input
    private final Cost cost;
    private final boolean inPlace;

    private Op(final Builder builder) {
        this.name = builder.name;
        this.inputs = List.of(builder.inputs);
        this.output = builder.output;
        this.shape = builder.shape;
        this.forward = builder.forward;
        this.gradients = new ArrayList<>(builder.gradients);
        this.allGradients = builder.allGradients;
        this.overwrites = builder.overwrites;
        this.cost = builder.cost;
        this.inPlace = builder.inPlace;
    }

    /** Starts a row. */
    static Builder named(final String name) {
        return new Builder(name);
    }

    /** {@return the name in messages and plans} */
    public String name() {
        return name;
    }

    /** {@return the dtypes of the inputs} */
    public List<DType> inputs() {
        return inputs;
    }

    /** {@return the dtype of the output} */
    public DType output() {
        return output;
    }

    /** {@return whether the output is input 0 under another name, changed or not: it has no memory of its own} */
    public boolean alias() {
        return forward == null || inPlace;
    }

    /** {@return whether running it computes something} */
    public boolean computes() {
        return forward != null;
    }

    /** {@return whether a gradient flows to input {@code index}} */
    public boolean differentiable(final int index) {
        return gradients.get(index) != null
                || allGradients != null && inputs.get(index) == DType.F32;
    }

    Shape shape(final List<Shape> in, final int[] constants) {
        return shape.apply(name, in, constants);
    }

    Binder forward() {
        return forward;
    }

    Binder gradient(final int index) {
        return gradients.get(index);
    }

    /** {@return what computes the gradients by all inputs that have one, if they are computed together; else null} */
    Binder allGradients() {
        return allGradients;
    }

    /** {@return whether the gradient by input {@code index} heeds {@link Call#beta}; else it adds to what is there} */
    boolean overwrites(final int index) {
        return overwrites[index];
    }

    /** {@return floating-point operations of one run forward, or by one input backward} */
    long flops(final List<Shape> in, final Shape out) {
        return cost.flops(in, out);
    }

    @Override
    public String toString() {
        return name;
    }

    /** Collects the cells of a row. */
    static final class Builder {
        private final String name;
        private DType[] inputs;
        private DType output = DType.F32;
        private ParametricShapeRule shape;
        private Binder forward;
        private final List<Binder> gradients = new ArrayList<>();
        private Binder allGradients;
        private boolean[] overwrites;
        private Cost cost = (_, out) -> out.size();
        private boolean inPlace;

        private Builder(final String name) {
            this.name = name;
        }

        /** Sets the dtypes of the inputs; no gradient flows until {@link #gradient} says how. */
        Builder takes(final DType... inputs) {
            this.inputs = inputs;
            this.overwrites = new boolean[inputs.length];
            for (final DType _ : inputs) {
                gradients.add(null);
            }
            return this;
        }

        /** Sets the dtype of the output, f32 if never called. */
        Builder yields(final DType output) {
            this.output = output;
            return this;
        }

        Builder shape(final ShapeRule shape) {
            return shape((op, in, _) -> shape.apply(op, in));
        }

        Builder shape(final ParametricShapeRule shape) {
            this.shape = shape;
            return this;
        }

        /** Sets what computes the output; without it the output is input 0 itself. */
        Builder forward(final Emitter forward) {
            return forward(call -> kernels -> forward.run(kernels, call));
        }

        /** As {@link #forward(Emitter)}, for calls that need something worked out before. */
        Builder forward(final Binder forward) {
            this.forward = forward;
            return this;
        }

        /** Sets what adds to the gradient by input {@code index}. */
        Builder gradient(final int index, final Emitter gradient) {
            return gradient(index, call -> kernels -> gradient.run(kernels, call));
        }

        /** As {@link #gradient(int, Emitter)}, for calls that need something worked out before. */
        Builder gradient(final int index, final Binder gradient) {
            gradients.set(index, gradient);
            return this;
        }

        /** Sets what adds to the gradients by all f32 inputs at once; {@link Call#inGradient} is null where none is asked for. */
        Builder gradients(final Binder gradients) {
            this.allGradients = gradients;
            return this;
        }

        /** Says that the gradients by these inputs heed {@link Call#beta}. */
        Builder overwrites(final int... inputs) {
            for (final int input : inputs) {
                overwrites[input] = true;
            }
            return this;
        }

        /** Sets the cost, an operation per element of the output if never called. */
        Builder cost(final Cost cost) {
            this.cost = cost;
            return this;
        }

        /** Lets the op write over input 0, which is then its output. */
        Builder inPlace() {
            this.inPlace = true;
            return this;
        }

        Op build() {
            return new Op(this);
        }
    }
}

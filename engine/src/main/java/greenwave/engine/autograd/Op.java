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

    /** The kernel calls of one direction of an op. */
    public interface Emitter {
        /** Computes the output, or adds to one input's gradient. */
        void run(Kernels kernels, Call call);
    }

    private final String name;
    private final List<DType> inputs;
    private final DType output;
    private final ShapeRule shape;
    private final Emitter forward;
    private final List<Emitter> gradients;

    private Op(final Builder builder) {
        this.name = builder.name;
        this.inputs = List.of(builder.inputs);
        this.output = builder.output;
        this.shape = builder.shape;
        this.forward = builder.forward;
        this.gradients = new ArrayList<>(builder.gradients);
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

    /** {@return whether the output is input 0 under another name: nothing is computed or copied} */
    public boolean alias() {
        return forward == null;
    }

    /** {@return whether a gradient flows to input {@code index}} */
    public boolean differentiable(final int index) {
        return gradients.get(index) != null;
    }

    Shape shape(final List<Shape> in) {
        return shape.apply(name, in);
    }

    Emitter forward() {
        return forward;
    }

    Emitter gradient(final int index) {
        return gradients.get(index);
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
        private ShapeRule shape;
        private Emitter forward;
        private final List<Emitter> gradients = new ArrayList<>();

        private Builder(final String name) {
            this.name = name;
        }

        /** Sets the dtypes of the inputs; no gradient flows until {@link #gradient} says how. */
        Builder takes(final DType... inputs) {
            this.inputs = inputs;
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
            this.shape = shape;
            return this;
        }

        /** Sets what computes the output; without it the output is input 0 itself. */
        Builder forward(final Emitter forward) {
            this.forward = forward;
            return this;
        }

        /** Sets what adds to the gradient by input {@code index}. */
        Builder gradient(final int index, final Emitter gradient) {
            gradients.set(index, gradient);
            return this;
        }

        Op build() {
            return new Op(this);
        }
    }
}

package greenwave.engine.autograd;

import greenwave.engine.tensor.Shape;
import greenwave.kernels.Buffer;

/** One use of an op in a plan, as its row sees it: buffers and shapes of what goes in and out. */
public final class Call {
    private final Shape[] shapes;
    private final float[] attributes;
    private final int[] constants;
    private final Shape outShape;
    private final Buffer[] in;
    private final Buffer out;
    private final Buffer[] inGradients;
    private final Buffer outGradient;
    private final float[] betas;

    Call(
            final Shape[] shapes,
            final float[] attributes,
            final int[] constants,
            final Shape outShape,
            final Buffer[] in,
            final Buffer out,
            final Buffer[] inGradients,
            final Buffer outGradient,
            final float[] betas) {
        this.shapes = shapes;
        this.attributes = attributes;
        this.constants = constants;
        this.outShape = outShape;
        this.in = in;
        this.out = out;
        this.inGradients = inGradients;
        this.outGradient = outGradient;
        this.betas = betas;
    }

    /** {@return the values of input {@code index}} */
    public Buffer in(final int index) {
        return in[index];
    }

    /** {@return dimension {@code dim} of input {@code index}} */
    public int dim(final int index, final int dim) {
        return shapes[index].dim(dim);
    }

    /** {@return the shape of input {@code index}} */
    public Shape shape(final int index) {
        return shapes[index];
    }

    /** {@return the shape of the output} */
    public Shape outShape() {
        return outShape;
    }

    /** {@return whole-number constant {@code index} of this use, such as a dimension} */
    public int constant(final int index) {
        return constants[index];
    }

    /** {@return all whole-number constants of this use} */
    public int[] constants() {
        return constants.clone();
    }

    /** {@return constant {@code index} of this use, such as a scale} */
    public float attribute(final int index) {
        return attributes[index];
    }

    /** {@return the values of the output} */
    public Buffer out() {
        return out;
    }

    /** {@return what the gradient by input {@code index} is multiplied by before it is added to: 0 where it is the first} */
    public float beta(final int index) {
        return betas[index];
    }

    /** {@return the gradient by input {@code index}, to be added to; null if it is not asked for} */
    public Buffer inGradient(final int index) {
        return inGradients[index];
    }

    /** {@return the gradient by the output} */
    public Buffer outGradient() {
        return outGradient;
    }
}

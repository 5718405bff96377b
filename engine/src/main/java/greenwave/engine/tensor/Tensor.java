package greenwave.engine.tensor;

import greenwave.engine.autograd.Op;
import greenwave.engine.autograd.Ops;
import greenwave.engine.autograd.Trace;
import greenwave.kernels.DType;

/**
 * A value in a {@link Trace}: it has a shape and a place in the computation, numbers only once a {@link
 * greenwave.engine.autograd.Plan} runs. Its methods record ops; each throws {@link IllegalArgumentException} on shapes
 * or dtypes that do not fit, and on tensors of another trace.
 */
public final class Tensor {
    private final Trace trace;
    private final int id;
    private final Shape shape;
    private final DType dtype;

    /** For {@link Trace}, which numbers its tensors. */
    public Tensor(final Trace trace, final int id, final Shape shape, final DType dtype) {
        this.trace = trace;
        this.id = id;
        this.shape = shape;
        this.dtype = dtype;
    }

    /** {@return the trace that this belongs to} */
    public Trace trace() {
        return trace;
    }

    /** {@return its number in the trace} */
    public int id() {
        return id;
    }

    /** {@return its shape} */
    public Shape shape() {
        return shape;
    }

    /** {@return the type of its elements} */
    public DType dtype() {
        return dtype;
    }

    /** {@return x · weightᵀ + bias [B, out] of this x [B, in]; weight [out, in], bias [out]} */
    public Tensor linear(final Tensor weight, final Tensor bias) {
        return record(Ops.LINEAR, weight, bias);
    }

    /** {@return this + other, of equal shapes} */
    public Tensor add(final Tensor other) {
        return record(Ops.ADD, other);
    }

    /** {@return this + shift, to every element} */
    public Tensor add(final float shift) {
        return affine(1, shift);
    }

    /** {@return this - other, of equal shapes} */
    public Tensor sub(final Tensor other) {
        return record(Ops.SUB, other);
    }

    /** {@return this · other, elementwise, of equal shapes} */
    public Tensor mul(final Tensor other) {
        return record(Ops.MUL, other);
    }

    /** {@return this · scale} */
    public Tensor mul(final float scale) {
        return affine(scale, 0);
    }

    /** {@return -this} */
    public Tensor neg() {
        return affine(-1, 0);
    }

    private Tensor affine(final float scale, final float shift) {
        return trace.record(Ops.AFFINE, new float[] {scale, shift}, this);
    }

    /** {@return max(this, 0)} */
    public Tensor relu() {
        return record(Ops.RELU);
    }

    /** {@return the sum of all elements, a scalar} */
    public Tensor sum() {
        return record(Ops.SUM);
    }

    /** {@return the mean of all elements, a scalar} */
    public Tensor mean() {
        return record(Ops.MEAN);
    }

    /** {@return y[b] = this[b, index[b]], [B]; this [B, A], index i32 [B] with values in [0, A)} */
    public Tensor gather(final Tensor index) {
        return record(Ops.GATHER, index);
    }

    /** {@return the largest of each row [B]; this [B, A]; {@code dim} is the last, 1} */
    public Tensor max(final int dim) {
        requireLast("max", dim);
        return record(Ops.MAX);
    }

    /** {@return as {@link #max(int)}, among the legal; legal u8 [B, A]; 0 where no action is} */
    public Tensor max(final int dim, final Tensor legal) {
        requireLast("max", dim);
        return record(Ops.LEGAL_MAX, legal);
    }

    /** {@return where each row is largest, the first of equals, i32 [B]; this [B, A]; {@code dim} is the last, 1} */
    public Tensor argMax(final int dim) {
        requireLast("argMax", dim);
        return record(Ops.ARG_MAX);
    }

    /** {@return as {@link #argMax(int)}, among the legal; legal u8 [B, A]; 0 where no action is} */
    public Tensor argMax(final int dim, final Tensor legal) {
        requireLast("argMax", dim);
        return record(Ops.LEGAL_ARG_MAX, legal);
    }

    private void requireLast(final String op, final int dim) {
        if (dim != shape.rank() - 1) {
            throw new IllegalArgumentException(
                    "%s: x=%s, dim=%d, expected the last dimension".formatted(op, shape, dim));
        }
    }

    /**
     * {@return the Huber loss of this - goal, elementwise: d²/(2·beta) where |d| is below beta, else |d| - beta/2, which
     * is PyTorch's SmoothL1Loss; equal shapes}
     *
     * @param beta positive
     */
    public Tensor huber(final Tensor goal, final float beta) {
        if (!(beta > 0)) {
            throw new IllegalArgumentException("huber: beta=%s, expected > 0".formatted(beta));
        }
        return trace.record(Ops.HUBER, new float[] {beta}, this, goal);
    }

    /** {@return the same values, through which no gradient flows} */
    public Tensor detach() {
        return record(Ops.DETACH);
    }

    private Tensor record(final Op op, final Tensor... others) {
        final Tensor[] inputs = new Tensor[others.length + 1];
        inputs[0] = this;
        System.arraycopy(others, 0, inputs, 1, others.length);
        return trace.record(op, NO_ATTRIBUTES, inputs);
    }

    private static final float[] NO_ATTRIBUTES = {};

    /** {@return dtype and shape, for example {@code F32[128, 4]}} */
    @Override
    public String toString() {
        return dtype + shape.toString();
    }
}

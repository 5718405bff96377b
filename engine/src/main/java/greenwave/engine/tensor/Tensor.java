package greenwave.engine.tensor;

import greenwave.engine.autograd.ElementwiseOps;
import greenwave.engine.autograd.NormOps;
import greenwave.engine.autograd.Op;
import greenwave.engine.autograd.Ops;
import greenwave.engine.autograd.ProductOps;
import greenwave.engine.autograd.ReductionOps;
import greenwave.engine.autograd.Trace;
import greenwave.engine.autograd.ViewOps;
import greenwave.kernels.DType;

import java.util.Arrays;
import java.util.stream.IntStream;

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

    /** {@return this + other; as in the three methods below, differing shapes are broadcast as PyTorch does} */
    public Tensor add(final Tensor other) {
        return elementwise(ElementwiseOps.ADD, other);
    }

    /** {@return this + shift, to every element} */
    public Tensor add(final float shift) {
        return affine(1, shift);
    }

    /** {@return this - shift, from every element} */
    public Tensor sub(final float shift) {
        return affine(1, -shift);
    }

    /** {@return from - this, of every element: PyTorch's rsub} */
    public Tensor rsub(final float from) {
        return affine(-1, from);
    }

    /** {@return this - other} */
    public Tensor sub(final Tensor other) {
        return elementwise(ElementwiseOps.SUB, other);
    }

    /** {@return this · other, elementwise} */
    public Tensor mul(final Tensor other) {
        return elementwise(ElementwiseOps.MUL, other);
    }

    /** {@return this / other, elementwise} */
    public Tensor div(final Tensor other) {
        return elementwise(ElementwiseOps.DIV, other);
    }

    private Tensor elementwise(final Op op, final Tensor other) {
        final Broadcasting both = Broadcasting.of(op.name(), this, other);
        return trace.record(op, NO_ATTRIBUTES, both.a(), both.b());
    }

    /** {@return this · scale} */
    public Tensor mul(final float scale) {
        return affine(scale, 0);
    }

    /** {@return this · (1 / divisor), which may differ from this / divisor by rounding} */
    public Tensor div(final float divisor) {
        return affine(1 / divisor, 0);
    }

    /** {@return 1 / this} */
    public Tensor reciprocal() {
        return pow(-1);
    }

    /** {@return -this} */
    public Tensor neg() {
        return affine(-1, 0);
    }

    private Tensor affine(final float scale, final float shift) {
        return trace.record(ElementwiseOps.AFFINE, new float[] {scale, shift}, this);
    }

    /** {@return max(this, 0)} */
    public Tensor relu() {
        return record(ElementwiseOps.RELU);
    }

    /** {@return |this|; its gradient at 0 is 0} */
    public Tensor abs() {
        return unary(ElementwiseOps.ABS, 0, 0);
    }

    /** {@return e to the power of this} */
    public Tensor exp() {
        return unary(ElementwiseOps.EXP, 0, 0);
    }

    /** {@return the natural logarithm of this; NaN where negative} */
    public Tensor log() {
        return unary(ElementwiseOps.LOG, 0, 0);
    }

    /** {@return the square root of this; NaN where negative} */
    public Tensor sqrt() {
        return unary(ElementwiseOps.SQRT, 0, 0);
    }

    /** {@return this to the power of {@code exponent}} */
    public Tensor pow(final float exponent) {
        return unary(ElementwiseOps.POW, exponent, 0);
    }

    /**
     * {@return min(max(this, low), high); the gradient passes from low to high, both included}
     *
     * @throws IllegalArgumentException unless {@code low <= high}
     */
    public Tensor clamp(final float low, final float high) {
        if (!(low <= high)) {
            throw new IllegalArgumentException(
                    "clamp: low=%s, high=%s, expected low <= high".formatted(low, high));
        }
        return unary(ElementwiseOps.CLAMP, low, high);
    }

    /** {@return this where positive, else slope · this; PyTorch's default slope is 0.01} */
    public Tensor leakyRelu(final float slope) {
        return unary(ElementwiseOps.LEAKY_RELU, slope, 0);
    }

    /** {@return this · P(normal variate is below this), PyTorch's GELU without approximation} */
    public Tensor gelu() {
        return unary(ElementwiseOps.GELU, 0, 0);
    }

    /** {@return the hyperbolic tangent of this} */
    public Tensor tanh() {
        return unary(ElementwiseOps.TANH, 0, 0);
    }

    /** {@return 1 / (1 + e to the -this)} */
    public Tensor sigmoid() {
        return unary(ElementwiseOps.SIGMOID, 0, 0);
    }

    /** {@return sign(this) · sqrt(|this|); its gradient at 0 is 0} */
    public Tensor signedSqrt() {
        return unary(ElementwiseOps.SIGNED_SQRT, 0, 0);
    }

    private Tensor unary(final Op op, final float a, final float b) {
        return trace.record(op, new float[] {a, b}, this);
    }

    /** {@return scale · this, f32, of this u8: how images enter a computation} */
    public Tensor fromBytes(final float scale) {
        return trace.record(ElementwiseOps.FROM_BYTES, new float[] {scale}, this);
    }

    /** {@return this repeated to a wider shape, as PyTorch's expand: new dimensions in front, those of 1 stretched} */
    public Tensor broadcast(final int... dims) {
        return Arrays.equals(dims, shape.dims()) ? this : view(ViewOps.BROADCAST, dims);
    }

    /** {@return the same numbers in another shape of equal size; f32 or i32} */
    public Tensor reshape(final int... dims) {
        if (Arrays.equals(dims, shape.dims())) {
            return this;
        }
        return view(dtype == DType.I32 ? ReductionOps.RESHAPE_INDEX : ViewOps.RESHAPE, dims);
    }

    /** {@return this with its dimensions from {@code start} on made one} */
    public Tensor flatten(final int start) {
        if (start < 0 || start >= shape.rank()) {
            throw new IllegalArgumentException(
                    "flatten: x=%s, start=%d, expected one of its dimensions"
                            .formatted(shape, start));
        }
        final int[] dims = Arrays.copyOf(shape.dims(), start + 1);
        dims[start] =
                IntStream.range(start, shape.rank()).map(shape::dim).reduce(1, Math::multiplyExact);
        return reshape(dims);
    }

    /** {@return y whose dimension i is dimension order[i] of this} */
    public Tensor permute(final int... order) {
        return view(ViewOps.PERMUTE, order);
    }

    /** {@return this with two dimensions exchanged} */
    public Tensor transpose(final int one, final int other) {
        final int[] order = IntStream.range(0, shape.rank()).toArray();
        if (Math.min(one, other) < 0 || Math.max(one, other) >= shape.rank()) {
            throw new IllegalArgumentException(
                    "transpose: x=%s, dims=%d and %d, expected two of its dimensions"
                            .formatted(shape, one, other));
        }
        order[one] = other;
        order[other] = one;
        return permute(order);
    }

    /** {@return the part from {@code start} on, {@code length} long, of dimension {@code dim}} */
    public Tensor slice(final int dim, final int start, final int length) {
        return view(ViewOps.SLICE, dim, start, length);
    }

    /** {@return this, then each of the others, in dimension {@code dim}; the other dimensions are equal} */
    public Tensor concat(final int dim, final Tensor... others) {
        Tensor all = this;
        for (final Tensor next : others) {
            all = trace.record(ViewOps.CONCAT, NO_ATTRIBUTES, new int[] {dim}, all, next);
        }
        return all;
    }

    private Tensor view(final Op op, final int... constants) {
        return trace.record(op, NO_ATTRIBUTES, constants.clone(), this);
    }

    /** {@return this [..., M, K] · other [..., K, N], [..., M, N]; the dimensions before are the same, or none} */
    public Tensor matmul(final Tensor other) {
        return record(ProductOps.MATMUL, other);
    }

    /** {@return the sum over {@code dims}, which the result lacks} */
    public Tensor sum(final int... dims) {
        return sumOver(1, dims);
    }

    /** {@return the mean over {@code dims}, which the result lacks} */
    public Tensor mean(final int... dims) {
        final double count =
                IntStream.of(dims)
                        .filter(d -> d >= 0 && d < shape.rank()) // others are refused below
                        .mapToDouble(shape::dim)
                        .reduce(1, (x, y) -> x * y);
        return sumOver((float) (1 / count), dims);
    }

    private Tensor sumOver(final float scale, final int... dims) {
        return trace.record(ReductionOps.SUM_OVER, new float[] {scale}, dims.clone(), this);
    }

    /** {@return the softmax along dimension {@code dim}} */
    public Tensor softmax(final int dim) {
        return Rows.of("softmax", this, dim).map(x -> x.record(ReductionOps.SOFTMAX));
    }

    /** {@return the logarithm of the softmax along dimension {@code dim}} */
    public Tensor logSoftmax(final int dim) {
        return Rows.of("logSoftmax", this, dim).map(x -> x.record(ReductionOps.LOG_SOFTMAX));
    }

    /** {@return row index[...] of this table [V, D] for every index, [..., D]; index i32 with values in [0, V)} */
    public Tensor embedding(final Tensor index) {
        final int rows = Math.toIntExact(index.shape().size());
        final int[] dims = Arrays.copyOf(index.shape().dims(), index.shape().rank() + 1);
        final Tensor y = record(ReductionOps.EMBEDDING, index.reshape(rows));
        dims[dims.length - 1] = y.shape().dim(1);
        return y.reshape(dims);
    }

    /** {@return the sum of all elements, a scalar} */
    public Tensor sum() {
        return record(Ops.SUM);
    }

    /** {@return the mean of all elements, a scalar} */
    public Tensor mean() {
        return record(Ops.MEAN);
    }

    /**
     * {@return y[...] = this[..., index[...]], or y[..., k] = this[..., index[..., k]]: the chosen along the last
     * dimension, in the shape of index; index i32 with values in [0, that dimension)}
     */
    public Tensor gather(final Tensor index) {
        final boolean plain = shape.rank() < 2 || index.shape().rank() < 2;
        return plain ? record(Ops.GATHER, index) : Rows.gather(this, index);
    }

    /** {@return the largest along {@code dim}, which the result lacks; the gradient goes to the first of equals} */
    public Tensor max(final int dim) {
        return Rows.of("max", this, dim).reduce(x -> x.record(Ops.MAX));
    }

    /**
     * {@return the largest over {@code dims}, which the result lacks; unlike that of {@link #max(int)} its gradient is shared
     * evenly between equals, as torch.amax does}
     */
    public Tensor amax(final int... dims) {
        return Rows.of("amax", this, dims).reduce(x -> x.record(ReductionOps.AMAX));
    }

    /** {@return as {@link #max(int)} of this [B, A], among the legal; legal u8 [B, A]; 0 where no action is; {@code dim} is 1} */
    public Tensor max(final int dim, final Tensor legal) {
        requireLast("max", dim);
        return record(Ops.LEGAL_MAX, legal);
    }

    /** {@return where this is largest along {@code dim}, one as in PyTorch, which the result lacks, i32; the first of equals} */
    public Tensor argMax(final int dim) {
        return Rows.of("argMax", this, dim).reduce(x -> x.record(Ops.ARG_MAX));
    }

    /** {@return as {@link #argMax(int)} of this [B, A], among the legal; legal u8 [B, A]; 0 where no action is; {@code dim} is 1} */
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

    /** {@return (this - goal)², elementwise} */
    public Tensor squaredError(final Tensor goal) {
        final Tensor difference = sub(goal);
        return difference.mul(difference);
    }

    /** {@return this, which every run moves in place by {@code step} of the way to {@code goal}, of equal shape} */
    public Tensor movingAverage(final Tensor goal, final float step) {
        return trace.record(NormOps.MOVING_AVERAGE, new float[] {step}, this, goal);
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

package greenwave.kernels;

/**
 * The arithmetic contract between the engine and a backend.
 *
 * <p>Matrices are dense and row-major. Buffers are f32 unless said otherwise, and as long as the shape beside them says.
 * A method returns once its work is queued: none returns a result, so that a sequence of calls can be recorded and
 * replayed on a device. An elementwise method may write over its input; no other output may overlap an input. Methods
 * named {@code add…} add to their output, the others overwrite it. NaN and infinities propagate as in IEEE 754.
 *
 * <p>{@link Backend#kernels} gives an implementation that refuses wrong dtypes and lengths with {@link
 * IllegalArgumentException} before anything is written. Calls allocate nothing.
 */
public interface Kernels
        extends ElementwiseKernels,
                ViewKernels,
                RowKernels,
                DistributionKernels,
                NormKernels,
                RandomKernels,
                ImageKernels {
    /** y = value. */
    void fill(Buffer y, float value);

    /** y = x; any dtype, equal on both sides. */
    void copy(Buffer x, Buffer y);

    /**
     * c = alpha · op(a) · op(b) + beta · c, where op transposes if asked; beta 0 overwrites c, NaN included. So for each of
     * {@code batch} products, whose matrices lie one behind another in a, in b and in c.
     *
     * @param batch 1 or more
     * @param a [batch, m, k], or [batch, k, m] if {@code transposeA}
     * @param b [batch, k, n], or [batch, n, k] if {@code transposeB}
     * @param c [batch, m, n]
     */
    void gemm(
            int batch,
            boolean transposeA,
            boolean transposeB,
            int m,
            int n,
            int k,
            float alpha,
            Buffer a,
            Buffer b,
            float beta,
            Buffer c);

    /** y = x · wᵀ + b; x [rows, in], w [out, in], b [out], y [rows, out]. */
    void linear(Buffer x, Buffer w, Buffer b, Buffer y, int rows, int in, int out);

    /** As {@link #linear}, then y = max(y, 0). */
    void linearRelu(Buffer x, Buffer w, Buffer b, Buffer y, int rows, int in, int out);

    /**
     * The gradients of {@link #linear}, or of {@link #linearRelu} where y is given: dx = dy · w, dw = dyᵀ · x, db = the sums of the
     * columns of dy, dy counting as 0 where y is not positive.
     *
     * @param y what {@link #linearRelu} gave; null for {@link #linear}
     * @param dy undefined afterwards where y is given
     * @param dx null for none, as dw and db
     * @param add whether the gradients are added to what is there, not written over it
     */
    void linearGradients(
            Buffer x,
            Buffer w,
            Buffer y,
            Buffer dy,
            Buffer dx,
            Buffer dw,
            Buffer db,
            boolean add,
            int rows,
            int in,
            int out);

    /** y = a + b. */
    void add(Buffer a, Buffer b, Buffer y);

    /** y = a - b. */
    void sub(Buffer a, Buffer b, Buffer y);

    /** y = a · b, elementwise. */
    void mul(Buffer a, Buffer b, Buffer y);

    /** y = scale · x + shift. */
    void affine(Buffer x, float scale, float shift, Buffer y);

    /** y = max(x, 0). */
    void relu(Buffer x, Buffer y);

    /** y = min(max(x, low), high). */
    void clamp(Buffer x, float low, float high, Buffer y);

    /** y += alpha · x. */
    void addScaled(float alpha, Buffer x, Buffer y);

    /** y += a · b, elementwise. */
    void addProduct(Buffer a, Buffer b, Buffer y);

    /** y += alpha · s, to every element; s [1]. */
    void addScalar(float alpha, Buffer s, Buffer y);

    /** dx += dy where x is positive. */
    void addReluGradient(Buffer x, Buffer dy, Buffer dx);

    /** dy = 0 where y is not positive: the gradient of y = max(x, 0) by x, in place of that by y. */
    void maskByPositive(Buffer y, Buffer dy);

    /** y = scale · (sum of x); y [1]. */
    void sum(Buffer x, float scale, Buffer y);

    /**
     * y[r] = x[r, index[r]]; x [rows, cols], index i32 [rows], y [rows].
     *
     * @throws IndexOutOfBoundsException on host backends if an index lies outside [0, cols); y is then undefined
     */
    void gather(Buffer x, Buffer index, Buffer y, int rows, int cols);

    /** x[r, index[r]] += y[r]; shapes and errors as {@link #gather}. */
    void addScatter(Buffer y, Buffer index, Buffer x, int rows, int cols);

    /**
     * y[r] = the largest legal x[r, c]; 0 if no column is legal. NaN counts as larger than any number.
     *
     * @param x [rows, cols]
     * @param legal u8 [rows, cols], 0 where a column does not count; null if all do
     * @param y [rows]
     */
    void rowMax(Buffer x, Buffer legal, Buffer y, int rows, int cols);

    /** y[r] = the first column of {@link #rowMax}, 0 if no column is legal; y i32 [rows]. */
    void rowArgMax(Buffer x, Buffer legal, Buffer y, int rows, int cols);

    /** dx[r, c] += dy[r] in the column of {@link #rowArgMax}, if one is legal; dx [rows, cols]. */
    void addRowMaxGradient(Buffer x, Buffer legal, Buffer dy, Buffer dx, int rows, int cols);

    /**
     * y = d²/(2·beta) where |d| is below beta, else |d| - beta/2, with d = a - b.
     *
     * @param beta positive
     */
    void huber(Buffer a, Buffer b, float beta, Buffer y);

    /** dx += scale · dy · clamp((a - b)/beta, -1, 1): {@link #huber}'s gradient by a (scale 1) or b (scale -1). */
    void addHuberGradient(Buffer a, Buffer b, float beta, float scale, Buffer dy, Buffer dx);

    /**
     * y[r] = x[index[r]], whole rows of any dtype; x [n, width], index i32 [rows], y [rows, width].
     *
     * @throws IndexOutOfBoundsException on host backends if an index lies outside [0, n); y is then undefined
     */
    void gatherRows(Buffer x, Buffer index, Buffer y, int rows, int width);

    /** y = t · x + (1 - t) · y: a step of fraction t from y towards x. */
    void lerp(Buffer x, float t, Buffer y);

    /**
     * One step of AdamW (Loshchilov and Hutter 2019, arXiv:1711.05101), in PyTorch's order of operations, between a clip of
     * the gradients and a soft update of a target; moments too small for a normal f32 become 0.
     *
     * @param w weights, updated
     * @param g gradients; undefined afterwards where the rule has a limit
     * @param m first moments, updated
     * @param v second moments, updated
     * @param vMax running maxima of v (AMSGrad, Reddi et al. 2018, arXiv:1904.09237), updated; null without
     * @param target moved towards the new weights; null without
     * @param step i32 [1]: steps taken before this one, increased by one
     * @param rate [1]: the learning rate
     */
    void adamW(
            AdamWRule rule,
            Buffer w,
            Buffer g,
            Buffer m,
            Buffer v,
            Buffer vMax,
            Buffer target,
            Buffer step,
            Buffer rate);

    /**
     * Scales x so that its Euclidean norm is at most {@code limit}: x *= min(1, limit / (norm + 1e-6)), PyTorch's
     * clip_grad_norm_.
     *
     * @param norm [1]: receives the norm before
     */
    void clipNorm(Buffer x, float limit, Buffer norm);

    /**
     * One step of stochastic gradient descent in PyTorch's form: g' = g + decay · w; velocity = momentum · velocity + g';
     * w -= rate · velocity, or with {@code nesterov} rate · (g' + momentum · velocity).
     *
     * @param w weights, updated
     * @param g gradients
     * @param velocity updated; null if {@code momentum} is 0
     * @param rate [1]: the learning rate
     */
    void sgd(
            Buffer w,
            Buffer g,
            Buffer velocity,
            Buffer rate,
            float momentum,
            boolean nesterov,
            float decay);

    /**
     * One step of RMSprop (Tieleman and Hinton 2012) in PyTorch's form: g' = g + decay · w; squares = alpha · squares +
     * (1 - alpha) · g'²; mean = alpha · mean + (1 - alpha) · g'; u = g' / (sqrt(squares - mean²) + eps); velocity =
     * momentum · velocity + u; w -= rate · velocity.
     *
     * @param w weights, updated
     * @param g gradients
     * @param squares updated
     * @param mean updated; null if not centered, and then counted as 0
     * @param velocity updated; null if {@code momentum} is 0, and then u itself
     * @param rate [1]: the learning rate
     */
    void rmsProp(
            Buffer w,
            Buffer g,
            Buffer squares,
            Buffer mean,
            Buffer velocity,
            Buffer rate,
            double alpha,
            float eps,
            float momentum,
            float decay);
}

package greenwave.kernels;

/** A function of one number, with up to two constants a and b. Devices know it by its ordinal. */
public enum UnaryFunction {
    /** |x|; slope 0 at 0. */
    ABS,
    /** e to the x. */
    EXP,
    /** Natural logarithm. */
    LOG,
    /** Square root. */
    SQRT,
    /** x to the a. */
    POW,
    /** min(max(x, a), b); slope 1 from a to b, both included. */
    CLAMP,
    /** x where positive, else a · x. */
    LEAKY_RELU,
    /** x · P(normal variate is below x), without approximation (Hendrycks and Gimpel 2016, arXiv:1606.08415). */
    GELU,
    /** Hyperbolic tangent. */
    TANH,
    /** 1 / (1 + e to the -x). */
    SIGMOID,
    /** sign(x) · sqrt(|x|): shapes the noise of noisy nets (Fortunato et al. 2018, arXiv:1706.10295); slope 0 at 0. */
    SIGNED_SQRT
}

package greenwave.engine.nn;

import greenwave.engine.autograd.Trace;
import greenwave.engine.tensor.Shape;
import greenwave.engine.tensor.Tensor;

/**
 * A linear layer with factorised Gaussian noise on its weights (Fortunato et al. 2018, Noisy Networks for Exploration,
 * arXiv:1706.10295, equations 9 to 11): y = x · (weight_mu + weight_sigma · f(q) f(p)ᵀ)ᵀ + bias_mu + bias_sigma · f(q), with p
 * [in] and q [out] standard normal, drawn anew in every run, and f(e) = sign(e) sqrt|e|. In evaluation there is no noise.
 * First values are mu uniform within 1/sqrt(in), as in the paper, and sigma {@code sigma}/sqrt(in).
 *
 * @param in width of the input, positive
 * @param out width of the output, positive
 * @param sigma times 1/sqrt(in), the first deviation, positive
 */
public record NoisyLinear(int in, int out, double sigma) implements Module {
    /** The paper's sigma. */
    public static final double SIGMA = 0.5;

    /** Checks the ranges above. */
    public NoisyLinear {
        if (in < 1 || out < 1 || !(sigma > 0)) {
            throw new IllegalArgumentException(
                    "NoisyLinear: in=%d, out=%d, sigma=%s, expected in and out >= 1, sigma > 0"
                            .formatted(in, out, sigma));
        }
    }

    /** With the paper's {@link #SIGMA}. */
    public NoisyLinear(final int in, final int out) {
        this(in, out, SIGMA);
    }

    @Override
    public void declare(final ParameterLayout layout, final String prefix) {
        final double bound = 1 / Math.sqrt(in);
        layout.uniform(prefix + "weight_mu", Shape.of(out, in), bound);
        layout.constant(prefix + "weight_sigma", Shape.of(out, in), sigma * bound);
        layout.uniform(prefix + "bias_mu", Shape.of(out), bound);
        layout.constant(prefix + "bias_sigma", Shape.of(out), sigma * bound);
    }

    @Override
    public Tensor forward(final Tensor x, final Scope scope) {
        final Trace trace = x.trace();
        final Tensor weight = scope.parameter(trace, "weight_mu");
        final Tensor bias = scope.parameter(trace, "bias_mu");
        if (!scope.noisy()) {
            return x.linear(weight, bias);
        }
        final Tensor p = Functional.normal(trace, scope.noise(), 1, in).signedSqrt();
        final Tensor q = Functional.normal(trace, scope.noise(), out, 1).signedSqrt();
        return x.linear(
                weight.add(scope.parameter(trace, "weight_sigma").mul(q.matmul(p))),
                bias.add(scope.parameter(trace, "bias_sigma").mul(q.reshape(out))));
    }
}

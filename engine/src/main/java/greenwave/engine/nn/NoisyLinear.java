package greenwave.engine.nn;

import greenwave.engine.autograd.Trace;
import greenwave.engine.tensor.Shape;
import greenwave.engine.tensor.Tensor;

/**
 * A linear layer with factorised Gaussian noise on its weights (Fortunato et al. 2018, Noisy Networks for Exploration,
 * arXiv:1706.10295, equations 9 to 11): y = x · (weight_mu + weight_sigma · f(q) f(p)ᵀ)ᵀ + bias_mu + bias_sigma · f(q), with p
 * [in] and q [out] standard normal, drawn anew in every run, and f(e) = sign(e) sqrt|e|. In evaluation there is no noise.
 * First values are the paper's: mu uniform within 1/sqrt(in), sigma 0.5/sqrt(in).
 *
 * @param in width of the input, positive
 * @param out width of the output, positive
 */
public record NoisyLinear(int in, int out) implements Module {
    private static final double FIRST_SIGMA = 0.5;

    /** Checks the ranges above. */
    public NoisyLinear {
        if (in < 1 || out < 1) {
            throw new IllegalArgumentException(
                    "NoisyLinear: in=%d, out=%d, expected both >= 1".formatted(in, out));
        }
    }

    @Override
    public void declare(final ParameterLayout layout, final String prefix) {
        final double bound = 1 / Math.sqrt(in);
        layout.uniform(prefix + "weight_mu", Shape.of(out, in), bound);
        layout.constant(prefix + "weight_sigma", Shape.of(out, in), FIRST_SIGMA * bound);
        layout.uniform(prefix + "bias_mu", Shape.of(out), bound);
        layout.constant(prefix + "bias_sigma", Shape.of(out), FIRST_SIGMA * bound);
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

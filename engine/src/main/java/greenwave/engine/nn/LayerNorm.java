package greenwave.engine.nn;

import greenwave.engine.tensor.Shape;
import greenwave.engine.tensor.Tensor;

/**
 * Layer normalisation over the last dimensions: torch.nn.LayerNorm with its first values (weight 1, bias 0).
 *
 * @param shape of those dimensions
 * @param eps added to the variance, positive; PyTorch's default is 1e-5
 */
public record LayerNorm(Shape shape, float eps) implements Module {
    /** Checks the ranges above. */
    public LayerNorm {
        if (!(eps > 0)) {
            throw new IllegalArgumentException("LayerNorm: eps=%s, expected > 0".formatted(eps));
        }
    }

    /** With PyTorch's default eps. */
    public LayerNorm(final int... dims) {
        this(Shape.of(dims), 1e-5f);
    }

    @Override
    public void declare(final ParameterLayout layout, final String prefix) {
        layout.constant(prefix + "weight", shape, 1);
        layout.constant(prefix + "bias", shape, 0);
    }

    @Override
    public Tensor forward(final Tensor x, final Scope scope) {
        final Tensor weight = scope.parameter(x.trace(), "weight");
        return Functional.layerNorm(x, weight, scope.parameter(x.trace(), "bias"), eps);
    }
}

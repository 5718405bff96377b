package greenwave.engine.nn;

import greenwave.engine.tensor.Shape;
import greenwave.engine.tensor.Tensor;

/**
 * y = x · weightᵀ + bias; x [B, in], weight [out, in], bias [out], y [B, out]. First values are PyTorch's: uniform
 * within 1/sqrt(in), for weight and bias (torch.nn.Linear.reset_parameters).
 *
 * @param in width of the input, positive
 * @param out width of the output, positive
 */
public record Linear(int in, int out) implements Module {
    /** Checks the ranges above. */
    public Linear {
        if (in < 1 || out < 1) {
            throw new IllegalArgumentException(
                    "Linear: in=%d, out=%d, expected both >= 1".formatted(in, out));
        }
    }

    @Override
    public void declare(final ParameterLayout layout, final String prefix) {
        final double bound = 1 / Math.sqrt(in);
        layout.uniform(prefix + "weight", Shape.of(out, in), bound);
        layout.uniform(prefix + "bias", Shape.of(out), bound);
    }

    @Override
    public Tensor forward(final Tensor x, final Scope scope) {
        return x.linear(scope.parameter(x.trace(), "weight"), scope.parameter(x.trace(), "bias"));
    }
}

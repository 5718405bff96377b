package greenwave.engine.nn;

import greenwave.engine.tensor.Tensor;

/**
 * Makes elements 0 at random in training, and is the identity in evaluation: torch.nn.Dropout.
 *
 * @param rate the probability, in [0, 1)
 */
public record Dropout(float rate) implements Module {
    /** Checks the range above. */
    public Dropout {
        if (!(rate >= 0 && rate < 1)) {
            throw new IllegalArgumentException(
                    "Dropout: rate=%s, expected in [0, 1)".formatted(rate));
        }
    }

    @Override
    public void declare(final ParameterLayout layout, final String prefix) {}

    @Override
    public Tensor forward(final Tensor x, final Scope scope) {
        return scope.training() ? Functional.dropout(x, rate, scope.noise()) : x;
    }
}

package greenwave.engine.nn;

import greenwave.engine.tensor.Tensor;

/** Makes all dimensions but the first one: torch.nn.Flatten. */
public record Flatten() implements Module {
    @Override
    public void declare(final ParameterLayout layout, final String prefix) {}

    @Override
    public Tensor forward(final Tensor x, final Scope scope) {
        return x.flatten(1);
    }
}

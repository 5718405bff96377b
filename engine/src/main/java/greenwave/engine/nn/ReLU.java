package greenwave.engine.nn;

import greenwave.engine.tensor.Tensor;

/** y = max(x, 0). */
public record ReLU() implements Module {
    @Override
    public void declare(final ParameterLayout layout, final String prefix) {}

    @Override
    public Tensor forward(final Tensor x, final Scope scope) {
        return x.relu();
    }
}

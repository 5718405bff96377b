package greenwave.engine.nn;

import greenwave.engine.tensor.Tensor;

/**
 * y = x where positive, else slope · x: torch.nn.LeakyReLU.
 *
 * @param slope PyTorch's default is 0.01
 */
public record LeakyReLU(float slope) implements Module {
    /** With PyTorch's default. */
    public LeakyReLU() {
        this(0.01f);
    }

    @Override
    public void declare(final ParameterLayout layout, final String prefix) {}

    @Override
    public Tensor forward(final Tensor x, final Scope scope) {
        return x.leakyRelu(slope);
    }
}

package greenwave.engine.nn;

import greenwave.engine.tensor.Tensor;

import java.util.function.UnaryOperator;

/** Functions of each element, as layers; {@link ReLU} and {@link LeakyReLU} stand apart. */
public enum Activation implements Module {
    /** torch.nn.GELU, without approximation. */
    GELU(Tensor::gelu),
    /** torch.nn.Tanh. */
    TANH(Tensor::tanh),
    /** torch.nn.Sigmoid. */
    SIGMOID(Tensor::sigmoid);

    private final UnaryOperator<Tensor> function;

    Activation(final UnaryOperator<Tensor> function) {
        this.function = function;
    }

    @Override
    public void declare(final ParameterLayout layout, final String prefix) {}

    @Override
    public Tensor forward(final Tensor x, final Scope scope) {
        return function.apply(x);
    }
}

package greenwave.engine.nn;

import greenwave.engine.tensor.Tensor;

/**
 * Action values as the value of the state plus each action's advantage over their mean ({@link Functional#dueling}); two
 * linear layers, {@code value} and {@code advantage}, each with PyTorch's first values.
 *
 * @param in width of the input, positive
 * @param actions positive
 */
public record DuelingHead(int in, int actions) implements Module {
    private Linear value() {
        return new Linear(in, 1);
    }

    private Linear advantage() {
        return new Linear(in, actions);
    }

    @Override
    public void declare(final ParameterLayout layout, final String prefix) {
        value().declare(layout, prefix + "value.");
        advantage().declare(layout, prefix + "advantage.");
    }

    @Override
    public Tensor forward(final Tensor x, final Scope scope) {
        return Functional.dueling(
                value().forward(x, scope.child("value")),
                advantage().forward(x, scope.child("advantage")));
    }
}

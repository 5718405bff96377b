package greenwave.engine.nn;

import greenwave.engine.tensor.Tensor;

/**
 * Action values as the value of the state plus each action's advantage over their mean ({@link Functional#dueling}); two
 * linear layers, {@code value} and {@code advantage}. Where an action has several outputs, such as the atoms of a
 * distribution, each is such a sum (Hessel et al. 2018, Rainbow, arXiv:1710.02298).
 *
 * @param in width of the input, positive
 * @param actions positive
 * @param perAction outputs of each action, positive
 * @param sigma of the layers if they are {@link NoisyLinear} ones; 0 if they are not and have PyTorch's first values
 */
public record DuelingHead(int in, int actions, int perAction, double sigma) implements Module {
    /** With one output per action, without noise. */
    public DuelingHead(final int in, final int actions) {
        this(in, actions, 1, 0);
    }

    private Module value() {
        return Head.linear(in, perAction, sigma);
    }

    private Module advantage() {
        return Head.linear(in, actions * perAction, sigma);
    }

    @Override
    public void declare(final ParameterLayout layout, final String prefix) {
        value().declare(layout, prefix + "value.");
        advantage().declare(layout, prefix + "advantage.");
    }

    @Override
    public Tensor forward(final Tensor x, final Scope scope) {
        final int rows = x.shape().dim(0);
        final Tensor value = value().forward(x, scope.child("value"));
        final Tensor advantage = advantage().forward(x, scope.child("advantage"));
        return Functional.dueling(
                        value.reshape(rows, 1, perAction),
                        advantage.reshape(rows, actions, perAction))
                .reshape(rows, actions * perAction);
    }
}

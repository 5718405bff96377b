package greenwave.bench.peer;

import greenwave.engine.Engine;
import greenwave.engine.nn.QNet;

import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/** The networks that are compared. */
public enum PeerNet {
    /** 4-128-128-2 with ReLU: CartPole's network of the PyTorch tutorial "Reinforcement Learning (DQN)". */
    MLP(
            "mlp",
            4,
            2,
            List.of(4L * 128, 128L * 128, 128L * 2),
            engine ->
                    QNet.builder(engine)
                            .input(4)
                            .linear(128)
                            .relu()
                            .linear(128)
                            .relu()
                            .actions(2)
                            .build());

    private final String label;
    private final int obsSize;
    private final int actions;
    private final List<Long> products; // multiply-adds per row, by layer
    private final Function<Engine, QNet> maker;

    PeerNet(
            final String label,
            final int obsSize,
            final int actions,
            final List<Long> products,
            final Function<Engine, QNet> maker) {
        this.label = label;
        this.obsSize = obsSize;
        this.actions = actions;
        this.products = products;
        this.maker = maker;
    }

    /**
     * {@return the network called {@code label}}
     *
     * @throws IllegalArgumentException if there is none; the message lists those there are
     */
    public static PeerNet of(final String label) {
        return Arrays.stream(values())
                .filter(net -> net.label.equals(label))
                .findFirst()
                .orElseThrow(
                        () ->
                                new IllegalArgumentException(
                                        "peers: --net=%s, expected one of %s"
                                                .formatted(label, Arrays.toString(values()))));
    }

    /** {@return numbers in an observation} */
    public int obsSize() {
        return obsSize;
    }

    /** {@return the number of actions} */
    public int actions() {
        return actions;
    }

    /** {@return the network on {@code engine}; its weights depend on the engine's seed alone} */
    public QNet build(final Engine engine) {
        return maker.apply(engine);
    }

    /** {@return floating-point operations of a forward pass over {@code rows}: two per multiply-add of a layer} */
    long forwardFlops(final int rows) {
        return 2L * rows * products.stream().mapToLong(Long::longValue).sum();
    }

    /** {@return those of a DQN step: two forward passes, the gradients by all weights and by all inputs but the first} */
    long trainFlops(final int rows) {
        return 4 * forwardFlops(rows) - 2L * rows * products.getFirst();
    }

    @Override
    public String toString() {
        return label;
    }
}

package greenwave.bench.peer;

import greenwave.engine.Engine;
import greenwave.engine.nn.QNet;
import greenwave.engine.nn.QNetwork;
import greenwave.engine.nn.TwoInputQNet;

import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/** The networks that are compared. */
public enum PeerNet {
    /** 4-128-128-2 with ReLU: CartPole's network of the PyTorch tutorial "Reinforcement Learning (DQN)". */
    MLP(
            "mlp",
            List.of(ObsPart.vector(4)),
            2,
            List.of(4L * 128),
            List.of(128L * 128, 128L * 2),
            PeerNet::perceptron),

    /** That tutorial's earlier network: three convolutions with batch normalisation over images of CartPole. */
    CONV(
            "conv",
            List.of(ObsPart.image(256, 1 / 255f, 3, 40, 90)),
            2,
            List.of(16L * 75 * 18 * 43),
            List.of(32L * 400 * 7 * 20, 32L * 800 * 2 * 8, 512L * 2),
            PeerNet::convolutions),

    /** The convolutions of Mnih et al. 2015 over a binary image, beside a vector. */
    TWO(
            "two",
            List.of(ObsPart.image(2, 1, 1, 84, 84), ObsPart.vector(16)),
            4,
            List.of(32L * 64 * 20 * 20, 16L * 64),
            List.of(64L * 512 * 9 * 9, 64L * 576 * 7 * 7, 3200L * 512, 512L * 4),
            PeerNet::twoInputs);

    private final String label;
    private final List<ObsPart> obs;
    private final int actions;
    private final List<Long>
            firstProducts; // multiply-adds per row of the layers that see the input
    private final List<Long> laterProducts; // of the others
    private final Function<Engine, QNetwork> maker;

    PeerNet(
            final String label,
            final List<ObsPart> obs,
            final int actions,
            final List<Long> firstProducts,
            final List<Long> laterProducts,
            final Function<Engine, QNetwork> maker) {
        this.label = label;
        this.obs = obs;
        this.actions = actions;
        this.firstProducts = firstProducts;
        this.laterProducts = laterProducts;
        this.maker = maker;
    }

    private static QNetwork perceptron(final Engine engine) {
        return QNet.builder(engine)
                .input(4)
                .linear(128)
                .relu()
                .linear(128)
                .relu()
                .actions(2)
                .build();
    }

    private static QNetwork convolutions(final Engine engine) {
        final QNet.Builder net = QNet.builder(engine).image(3, 40, 90);
        for (final int channels : new int[] {16, 32, 32}) {
            net.conv2d(channels, 5, 2).batchNorm().relu();
        }
        return net.flatten().actions(2).build();
    }

    private static QNetwork twoInputs(final Engine engine) {
        return TwoInputQNet.builder(engine).image(1, 84, 84).pixelScale(1).vector(16).actions(4);
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

    /** {@return what an observation consists of} */
    public List<ObsPart> obs() {
        return obs;
    }

    /** {@return the number of actions} */
    public int actions() {
        return actions;
    }

    /** {@return how many observations at a time it acts on in a comparison} */
    public List<Task> acting() {
        return this == MLP ? List.of(Task.ACT_1, Task.ACT_8, Task.ACT_64) : List.of(Task.ACT_1);
    }

    /** {@return the network on {@code engine}; its weights depend on the engine's seed alone} */
    public QNetwork build(final Engine engine) {
        return maker.apply(engine);
    }

    /** {@return floating-point operations of a forward pass over {@code rows}: two per multiply-add of a layer} */
    public long forwardFlops(final int rows) {
        return 2L * rows * (sum(firstProducts) + sum(laterProducts));
    }

    /** {@return those of a DQN step: two forward passes, the gradients by all weights and by all inputs but the first} */
    public long trainFlops(final int rows) {
        return 4 * forwardFlops(rows) - 2L * rows * sum(firstProducts);
    }

    private static long sum(final List<Long> products) {
        return products.stream().mapToLong(Long::longValue).sum();
    }

    @Override
    public String toString() {
        return label;
    }
}

package greenwave.engine.nn;

import greenwave.engine.Engine;
import greenwave.engine.tensor.Tensor;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * A network from observations f32 [B, obsSize] to the value of each action f32 [B, actions]. Its parameters are called
 * and laid out as those of the same torch.nn.Sequential, so that state dicts pass in both directions.
 */
public final class QNet implements Network, AutoCloseable {
    private final Engine engine;
    private final int obsSize;
    private final int actions;
    private final Sequential body;
    private final ParameterLayout layout = new ParameterLayout();
    private final Parameters parameters;

    private QNet(
            final Engine engine,
            final int obsSize,
            final int actions,
            final Sequential body,
            final boolean trained) {
        this.engine = engine;
        this.obsSize = obsSize;
        this.actions = actions;
        this.body = body;
        body.declare(layout, "");
        this.parameters = new Parameters(engine.backend(), layout, trained);
    }

    /** Starts a multilayer perceptron whose first weights come from the engine's seed. */
    public static Builder builder(final Engine engine) {
        return new Builder(engine);
    }

    /** {@return the engine that it computes on} */
    public Engine engine() {
        return engine;
    }

    /** {@return numbers in an observation} */
    public int obsSize() {
        return obsSize;
    }

    /** {@return the number of actions} */
    public int actions() {
        return actions;
    }

    @Override
    public Parameters parameters() {
        return parameters;
    }

    /** {@return the action values [B, actions] of {@code obs} [B, obsSize], recorded in its trace; evaluated, not trained} */
    public Tensor forward(final Tensor obs) {
        return body.forward(obs, Scope.evaluating(parameters));
    }

    /**
     * As {@link #forward(Tensor)}, in training: batches are normalised by their own statistics, and what is random is.
     *
     * @param noise gives random layers their seeds
     */
    public Tensor forward(final Tensor obs, final RandomGenerator noise) {
        return body.forward(obs, Scope.training(parameters, noise));
    }

    /** {@return a network of the same shape and weights that is never trained, such as a target} */
    public QNet frozenCopy() {
        final QNet copy = new QNet(engine, obsSize, actions, body, false);
        copy.copyFrom(this);
        return copy;
    }

    /** Takes over the weights of {@code other}, a network of the same shape. */
    public void copyFrom(final QNet other) {
        parameters.copyFrom(other.parameters, engine.backend().kernels());
    }

    /**
     * Writes the weights as safetensors.
     *
     * @throws IOException if the file cannot be written; a file that was there is unchanged
     */
    public void save(final Path file) throws IOException {
        save(file, Map.of());
    }

    /** As {@link #save(Path)}, with strings that travel in the file's header. */
    public void save(final Path file, final Map<String, String> metadata) throws IOException {
        NetFile.save(file, metadata, Map.of("", this));
    }

    /**
     * Reads weights that {@link #save} or PyTorch has written.
     *
     * @return the strings in the file's header
     * @throws IOException if the file cannot be read or is damaged; the weights are unchanged
     * @throws IllegalArgumentException if it belongs to a network of another shape; the weights are unchanged
     */
    public Map<String, String> load(final Path file) throws IOException {
        return NetFile.load(file, Map.of("", this));
    }

    /** Frees the weights; later calls do nothing. The engine does so too when it closes. */
    @Override
    public void close() {
        parameters.close();
    }

    /** Collects the layers. */
    public static final class Builder {
        private final Engine engine;
        private final List<Module> modules = new ArrayList<>();
        private int obsSize;
        private int width;
        private int actions;
        private Module head; // the last layer, once it is there

        private Builder(final Engine engine) {
            this.engine = engine;
        }

        /** Sets the numbers in an observation; comes first. */
        public Builder input(final int obsSize) {
            if (obsSize < 1 || this.obsSize > 0) {
                throw new IllegalArgumentException(
                        "QNet: input=%d, earlier input=%d, expected one input >= 1"
                                .formatted(obsSize, this.obsSize));
            }
            this.obsSize = obsSize;
            this.width = obsSize;
            return this;
        }

        /** Adds a {@link Linear} layer of {@code width} outputs. */
        public Builder linear(final int width) {
            if (obsSize == 0) {
                throw new IllegalStateException(
                        "QNet: linear=%d, expected input(...) before it".formatted(width));
            }
            modules.add(new Linear(this.width, width));
            this.width = width;
            return this;
        }

        /** Adds a {@link ReLU}. */
        public Builder relu() {
            modules.add(new ReLU());
            return this;
        }

        /** Adds a {@link NoisyLinear} layer of {@code width} outputs. */
        public Builder noisyLinear(final int width) {
            return layer(new NoisyLinear(this.width, width), width);
        }

        /**
         * Adds any other layer.
         *
         * @param width of its output, as of the input where it does not change it
         */
        public Builder layer(final Module module, final int width) {
            if (obsSize == 0) {
                throw new IllegalStateException(
                        "QNet: layer=%s, expected input(...) before it".formatted(module));
            }
            modules.add(module);
            this.width = width;
            return this;
        }

        /** Adds the last layer, one output per action. */
        public Builder actions(final int actions) {
            linear(actions);
            return headed(actions);
        }

        /** Adds a {@link DuelingHead} as the last layer. */
        public Builder dueling(final int actions) {
            layer(new DuelingHead(width, actions), actions);
            return headed(actions);
        }

        private Builder headed(final int actions) {
            this.actions = actions;
            this.head = modules.getLast();
            return this;
        }

        /**
         * {@return the network, its first weights drawn}
         *
         * @throws IllegalStateException unless {@link #actions} or {@link #dueling} came last
         */
        public QNet build() {
            if (head == null || head != modules.getLast()) {
                throw new IllegalStateException("QNet: expected actions(...) as the last layer");
            }
            final QNet net = new QNet(engine, obsSize, actions, new Sequential(modules), true);
            net.parameters.initialise(engine.random("init"));
            return net;
        }
    }
}

package greenwave.engine.nn;

import greenwave.engine.Engine;
import greenwave.engine.env.ImageSpec;
import greenwave.engine.tensor.Shape;
import greenwave.engine.tensor.Tensor;
import greenwave.kernels.Window;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * A network from one input, a vector f32 [B, obsSize] or an image u8 [B, C, H, W], to the value of each action f32 [B,
 * actions]. Images stay u8 until the first operation, which scales them. Its parameters are called and laid out as those of
 * the same torch.nn.Sequential, so that state dicts pass in both directions.
 */
public final class QNet implements QNetwork {
    private final Engine engine;
    private final Settings settings;
    private final Parameters parameters;

    /** What fixes the computation; {@code image} is null if the input is a vector. */
    private record Settings(
            int obsSize,
            ImageSpec image,
            float scale,
            int zero,
            int actions,
            ActionValues values,
            Sequential body) {}

    private QNet(final Engine engine, final Settings settings, final boolean trained) {
        final ParameterLayout layout = new ParameterLayout();
        settings.body().declare(layout, "");
        this.engine = engine;
        this.settings = settings;
        this.parameters = new Parameters(engine.backend(), layout, trained);
    }

    /** Starts a network whose first weights come from the engine's seed. */
    public static Builder builder(final Engine engine) {
        return new Builder(engine);
    }

    @Override
    public Engine engine() {
        return engine;
    }

    @Override
    public int obsSize() {
        return settings.obsSize();
    }

    @Override
    public ImageSpec image() {
        return settings.image();
    }

    @Override
    public int actions() {
        return settings.actions();
    }

    @Override
    public Parameters parameters() {
        return parameters;
    }

    @Override
    public ActionValues values() {
        return settings.values();
    }

    /** {@return the action values [B, actions] of its only input, recorded in its trace} */
    public Tensor forward(final Tensor obs, final Mode mode) {
        return values().expected(outputs(obs, mode), actions());
    }

    /** As {@link #forward(Tensor, Mode)}, evaluated, not trained. */
    public Tensor forward(final Tensor obs) {
        return forward(obs, Mode.EVALUATING);
    }

    @Override
    public Tensor outputs(final Observation seen, final Mode mode) {
        return outputs(settings.image() == null ? seen.vector() : seen.image(), mode);
    }

    private Tensor outputs(final Tensor obs, final Mode mode) {
        final Tensor x = settings.image() == null ? obs : pixels(obs);
        return settings.body().forward(x, Scope.of(parameters, mode));
    }

    private Tensor pixels(final Tensor image) {
        final Tensor scaled = image.fromBytes(settings.scale());
        return settings.zero() == 0 ? scaled : scaled.sub(settings.zero() * settings.scale());
    }

    @Override
    public QNet frozenCopy() {
        final QNet copy = new QNet(engine, settings, false);
        copy.copyFrom(this);
        return copy;
    }

    /** Collects the layers. */
    public static final class Builder {
        private final Engine engine;
        private final List<Module> modules = new ArrayList<>();
        private ImageSpec image;
        private float scale = 1 / 255f;
        private int zero;
        private Shape input; // of one sample; null before it is set
        private Shape shape; // what the layers so far make of it
        private ActionValues values = ActionValues.mean();
        private double sigma; // of noise; 0: there is none
        private int actions;
        private Module head; // the last layer, once it is there

        private Builder(final Engine engine) {
            this.engine = engine;
        }

        /** Sets the numbers in an observation; this or {@link #image} comes first. */
        public Builder input(final int obsSize) {
            if (obsSize < 1 || input != null) {
                throw new IllegalArgumentException(
                        "QNet: input=%d, earlier input=%s, expected one input >= 1"
                                .formatted(obsSize, orNone(input)));
            }
            input = Shape.of(obsSize);
            shape = input;
            return this;
        }

        /** Sets the size of the images that are observed; this or {@link #input} comes first. */
        public Builder image(final int channels, final int height, final int width) {
            final ImageSpec size = new ImageSpec(channels, height, width);
            if (input != null) {
                throw new IllegalArgumentException(
                        "QNet: image=%s, earlier input=%s, expected one input"
                                .formatted(size, input));
            }
            image = size;
            input = Shape.of(channels, height, width);
            shape = input;
            return this;
        }

        /** Sets what a pixel is multiplied by, 1/255 if never called; 1 for binary images of 0 and 1. */
        public Builder pixelScale(final float scale) {
            this.scale = scale;
            return this;
        }

        /**
         * Sets the pixel that counts as 0, before it is scaled; 0 if never called. Where differences are stored around 128, batch
         * normalisation could not follow the offset: a step of the first layer moves its mean further than they reach.
         */
        public Builder pixelZero(final int zero) {
            if (zero < 0 || zero > 255) {
                throw new IllegalArgumentException(
                        "QNet: pixelZero=%d, expected [0, 255]".formatted(zero));
            }
            this.zero = zero;
            return this;
        }

        /** Adds a {@link Conv2d} of {@code out} channels with a square kernel. */
        public Builder conv2d(final int out, final int kernel, final int stride) {
            final Shape x = requireRank(3, "conv2d", out, "image(...)");
            final Window window =
                    new Window(x.dim(1), x.dim(2), kernel, kernel, stride, stride, 0, 0, 1, 1);
            return layer(
                    new Conv2d(x.dim(0), out, kernel, stride),
                    out,
                    window.outHeight(),
                    window.outWidth());
        }

        /** Adds a {@link BatchNorm} over the channels of an image, or the numbers of a vector. */
        public Builder batchNorm() {
            requireInput("batchNorm");
            return layer(new BatchNorm(shape.dim(0)), shape.dims());
        }

        /** Adds a {@link BatchNorm} whose running means move by {@code momentum}, in [0, 1], per batch. */
        public Builder batchNorm(final float momentum) {
            requireInput("batchNorm");
            return layer(new BatchNorm(shape.dim(0), BatchNorm.EPS, momentum), shape.dims());
        }

        /** Adds a {@link Flatten}. */
        public Builder flatten() {
            requireInput("flatten");
            return layer(new Flatten(), Math.toIntExact(shape.size()));
        }

        /** Lets the linear layers and the head that follow be {@link NoisyLinear} ones with the paper's {@link NoisyLinear#SIGMA}. */
        public Builder noisy() {
            return noisy(NoisyLinear.SIGMA);
        }

        /** Lets the linear layers and the head that follow be {@link NoisyLinear} ones with a {@code sigma} > 0. */
        public Builder noisy(final double sigma) {
            this.sigma = sigma;
            return this;
        }

        /** Sets what the head says about each action, its mean if never called; before the head. */
        public Builder values(final ActionValues values) {
            this.values = Objects.requireNonNull(values, "values");
            return this;
        }

        /** Adds a {@link Linear} layer of {@code width} outputs. */
        public Builder linear(final int width) {
            final Shape x = requireRank(1, "linear", width, "input(...) or flatten()");
            return layer(Head.linear(x.dim(0), width, sigma), width);
        }

        /** Adds a {@link ReLU}. */
        public Builder relu() {
            modules.add(new ReLU());
            return this;
        }

        /** Adds a {@link NoisyLinear} layer of {@code width} outputs. */
        public Builder noisyLinear(final int width) {
            final Shape x = requireRank(1, "noisyLinear", width, "input(...) or flatten()");
            return layer(new NoisyLinear(x.dim(0), width), width);
        }

        /**
         * Adds any other layer.
         *
         * @param dims of its output for one sample, as of the input where it does not change them
         */
        public Builder layer(final Module module, final int... dims) {
            requireInput(module.toString());
            modules.add(module);
            shape = Shape.of(dims);
            return this;
        }

        /** Adds the last layer, a linear one. */
        public Builder actions(final int actions) {
            return head("linear", actions, false); // as which it is refused
        }

        /** Adds a {@link DuelingHead} as the last layer. */
        public Builder dueling(final int actions) {
            return head("dueling", actions, true);
        }

        private Builder head(final String layer, final int actions, final boolean dueling) {
            final Shape x = requireRank(1, layer, actions, "input(...) or flatten()");
            layer(Head.of(x.dim(0), actions, values, dueling, sigma), actions * values.perAction());
            this.actions = actions;
            this.head = modules.getLast();
            return this;
        }

        private static String orNone(final Shape shape) {
            return shape == null ? "none" : shape.toString();
        }

        private void requireInput(final String layer) {
            if (input == null) {
                throw new IllegalStateException(
                        "QNet: layer=%s, expected input(...) or image(...) before it"
                                .formatted(layer));
            }
        }

        private Shape requireRank(
                final int rank, final String layer, final int width, final String before) {
            if (input == null || shape.rank() != rank) {
                throw new IllegalStateException(
                        "QNet: %s=%d, input=%s, expected %s before it"
                                .formatted(layer, width, orNone(shape), before));
            }
            return shape;
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
            final int obsSize = image == null ? input.dim(0) : 0;
            final QNet net =
                    new QNet(
                            engine,
                            new Settings(
                                    obsSize,
                                    image,
                                    scale,
                                    zero,
                                    actions,
                                    values,
                                    new Sequential(modules)),
                            true);
            net.parameters.initialise(engine.random("init"));
            return net;
        }
    }
}

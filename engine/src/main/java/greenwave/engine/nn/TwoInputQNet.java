package greenwave.engine.nn;

import greenwave.engine.Engine;
import greenwave.engine.autograd.Trace;
import greenwave.engine.env.ImageSpec;
import greenwave.engine.tensor.Tensor;
import greenwave.kernels.DType;

import java.util.List;
import java.util.Objects;

/**
 * A network from two inputs to the value of each action f32 [B, actions]: an image u8 [B, C, H, W], such as the positions of
 * vehicles, and a vector f32 [B, D]. Both pass layers of their own, are flattened and concatenated, and pass a head. Images
 * stay u8 until the first operation, which scales them. Parameters are called {@code image.0.weight}, {@code
 * vector.0.weight}, {@code head.0.weight} and so on, as those of a torch.nn.Module with three torch.nn.Sequential.
 */
public final class TwoInputQNet implements QNetwork {
    private final Engine engine;
    private final Settings settings;
    private final Parameters parameters;

    /** What fixes the computation. */
    private record Settings(
            ImageSpec image,
            float scale,
            int obsSize,
            int actions,
            ActionValues values,
            Branches branches) {}

    /** The three parts. */
    private record Branches(Module image, Module vector, Module head) {
        ParameterLayout layout() {
            final ParameterLayout layout = new ParameterLayout();
            image.declare(layout, "image.");
            vector.declare(layout, "vector.");
            head.declare(layout, "head.");
            return layout;
        }

        Tensor forward(final Tensor pixels, final Tensor numbers, final Scope scope) {
            final Tensor seen = image.forward(pixels, scope.child("image")).flatten(1);
            final Tensor told = vector.forward(numbers, scope.child("vector")).flatten(1);
            return head.forward(seen.concat(1, told), scope.child("head"));
        }
    }

    private TwoInputQNet(final Engine engine, final Settings settings, final boolean trained) {
        this.engine = engine;
        this.settings = settings;
        this.parameters = new Parameters(engine.backend(), settings.branches().layout(), trained);
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

    @Override
    public Tensor outputs(final Observation seen, final Mode mode) {
        final Tensor pixels = seen.image().fromBytes(settings.scale());
        final Scope scope = Scope.of(parameters, mode);
        return settings.branches().forward(pixels, seen.vector(), scope);
    }

    @Override
    public TwoInputQNet frozenCopy() {
        final TwoInputQNet copy = new TwoInputQNet(engine, settings, false);
        copy.copyFrom(this);
        return copy;
    }

    /** Collects the layers. */
    public static final class Builder {
        private final Engine engine;
        private ImageSpec image;
        private float scale = 1 / 255f;
        private int vector;
        private List<Module> imageLayers = List.of();
        private List<Module> vectorLayers = List.of();
        private int hidden = 512;
        private ActionValues values = ActionValues.mean();
        private boolean dueling;
        private double sigma; // of noise; 0: there is none

        private Builder(final Engine engine) {
            this.engine = engine;
        }

        /** Sets the size of an image and the layers that it passes; those of the Nature paper (Mnih et al. 2015) if none are named. */
        public Builder image(
                final int channels, final int height, final int width, final Module... layers) {
            this.image = new ImageSpec(channels, height, width);
            this.imageLayers =
                    layers.length > 0
                            ? List.of(layers)
                            : List.of(
                                    new Conv2d(channels, 32, 8, 4),
                                    new ReLU(),
                                    new Conv2d(32, 64, 4, 2),
                                    new ReLU(),
                                    new Conv2d(64, 64, 3, 1),
                                    new ReLU());
            return this;
        }

        /** Sets what a pixel is multiplied by, 1/255 if never called; 1 for binary images of 0 and 1. */
        public Builder pixelScale(final float scale) {
            this.scale = scale;
            return this;
        }

        /** Sets the width of the vector and the layers that it passes; 64 units with ReLU if none are named. */
        public Builder vector(final int width, final Module... layers) {
            this.vector = width;
            this.vectorLayers =
                    layers.length > 0
                            ? List.of(layers)
                            : List.of(new Linear(width, 64), new ReLU());
            return this;
        }

        /** Sets the units between the concatenation and the action values, 512 if never called. */
        public Builder hidden(final int units) {
            this.hidden = units;
            return this;
        }

        /** Lets the head be a {@link DuelingHead}. */
        public Builder dueling() {
            this.dueling = true;
            return this;
        }

        /** Lets the layers after the concatenation be {@link NoisyLinear} ones with the paper's {@link NoisyLinear#SIGMA}. */
        public Builder noisy() {
            return noisy(NoisyLinear.SIGMA);
        }

        /** Lets the layers after the concatenation be {@link NoisyLinear} ones with a {@code sigma} > 0. */
        public Builder noisy(final double sigma) {
            this.sigma = sigma;
            return this;
        }

        /** Sets what the head says about each action, its mean if never called. */
        public Builder values(final ActionValues values) {
            this.values = Objects.requireNonNull(values, "values");
            return this;
        }

        /**
         * {@return the network, its first weights drawn}
         *
         * @throws IllegalStateException if image or vector was never set
         * @throws IllegalArgumentException if the layers do not fit the inputs or each other
         */
        public TwoInputQNet actions(final int actions) {
            if (image == null || vector == 0) {
                throw new IllegalStateException(
                        "TwoInputQNet: image=%s, vector=%d, expected both set before actions(...)"
                                .formatted(image, vector));
            }
            final Sequential ofImage = new Sequential(imageLayers);
            final Sequential ofVector = new Sequential(vectorLayers);
            final int seen = width(ofImage, 1, image.channels(), image.height(), image.width());
            final int joined = seen + width(ofVector, 1, vector);
            final Sequential head =
                    new Sequential(
                            List.of(
                                    Head.linear(joined, hidden, sigma),
                                    new ReLU(),
                                    Head.of(hidden, actions, values, dueling, sigma)));
            final Branches branches = new Branches(ofImage, ofVector, head);
            final TwoInputQNet net =
                    new TwoInputQNet(
                            engine,
                            new Settings(image, scale, vector, actions, values, branches),
                            true);
            net.parameters.initialise(engine.random("init"));
            return net;
        }

        /** What the layers make of one sample, found by recording them. */
        private int width(final Module layers, final int... dims) {
            final ParameterLayout layout = new ParameterLayout();
            layers.declare(layout, "");
            try (Parameters weights = new Parameters(engine.backend(), layout, false)) {
                final Tensor x = new Trace().input("x", DType.F32, dims);
                final Tensor y = layers.forward(x, Scope.of(weights, Mode.EVALUATING));
                return Math.toIntExact(y.shape().size());
            }
        }
    }
}

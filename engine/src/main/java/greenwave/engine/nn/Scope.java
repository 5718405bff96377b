package greenwave.engine.nn;

import greenwave.engine.autograd.Trace;
import greenwave.engine.tensor.Tensor;

import java.util.random.RandomGenerator;

/** Where a module finds its parameters while its computation is recorded, and whether that computation trains. */
public final class Scope {
    private final Parameters parameters;
    private final String prefix;
    private final RandomGenerator noise; // null when evaluating

    private Scope(final Parameters parameters, final String prefix, final RandomGenerator noise) {
        this.parameters = parameters;
        this.prefix = prefix;
        this.noise = noise;
    }

    /** {@return the scope of a whole network that is evaluated: nothing is random, no statistics move} */
    static Scope evaluating(final Parameters parameters) {
        return new Scope(parameters, "", null);
    }

    /** {@return the scope of a whole network in training; {@code noise} gives what is random its seeds} */
    static Scope training(final Parameters parameters, final RandomGenerator noise) {
        return new Scope(parameters, "", noise);
    }

    /** {@return the scope of part {@code name} of this} */
    public Scope child(final String name) {
        return new Scope(parameters, prefix + name + ".", noise);
    }

    /** {@return the parameter that this module has declared as {@code name}, as a leaf of {@code trace}} */
    public Tensor parameter(final Trace trace, final String name) {
        return parameters.tensor(trace, prefix + name);
    }

    /** {@return whether layers that differ in training and evaluation train} */
    public boolean training() {
        return noise != null;
    }

    /**
     * {@return what gives seeds to random layers}
     *
     * @throws IllegalStateException when evaluating
     */
    public RandomGenerator noise() {
        if (noise == null) {
            throw new IllegalStateException("scope: evaluating, expected training");
        }
        return noise;
    }
}

package greenwave.engine.nn;

import greenwave.engine.autograd.Trace;
import greenwave.engine.tensor.Tensor;

import java.util.random.RandomGenerator;

/** Where a module finds its parameters while its computation is recorded, and in which mode it is recorded. */
public final class Scope {
    private final Parameters parameters;
    private final String prefix;
    private final Mode mode;

    private Scope(final Parameters parameters, final String prefix, final Mode mode) {
        this.parameters = parameters;
        this.prefix = prefix;
        this.mode = mode;
    }

    /** {@return the scope of a whole network} */
    static Scope of(final Parameters parameters, final Mode mode) {
        return new Scope(parameters, "", mode);
    }

    /** {@return the scope of part {@code name} of this} */
    public Scope child(final String name) {
        return new Scope(parameters, prefix + name + ".", mode);
    }

    /** {@return the parameter that this module has declared as {@code name}, as a leaf of {@code trace}} */
    public Tensor parameter(final Trace trace, final String name) {
        return parameters.tensor(trace, prefix + name);
    }

    /** {@return whether layers that differ in training and evaluation train} */
    public boolean training() {
        return mode.training();
    }

    /** {@return whether there is {@link #noise}} */
    public boolean noisy() {
        return mode.noise() != null;
    }

    /**
     * {@return what gives seeds to random layers}
     *
     * @throws IllegalStateException when evaluating
     */
    public RandomGenerator noise() {
        if (!noisy()) {
            throw new IllegalStateException("scope: evaluating, expected training or exploring");
        }
        return mode.noise();
    }
}

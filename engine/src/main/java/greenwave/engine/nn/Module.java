package greenwave.engine.nn;

import greenwave.engine.tensor.Tensor;

/** A part of a network: what parameters it has and what it computes with them. Immutable, holds no numbers. */
public interface Module {
    /**
     * Declares the parameters.
     *
     * @param layout receives them
     * @param prefix starts their names, for example {@code 0.}
     */
    void declare(ParameterLayout layout, String prefix);

    /**
     * Records the forward computation.
     *
     * @param x the input
     * @param scope holds what was declared
     * @return the output, in the trace of {@code x}
     * @throws IllegalArgumentException if the shape of {@code x} does not fit
     */
    Tensor forward(Tensor x, Scope scope);
}

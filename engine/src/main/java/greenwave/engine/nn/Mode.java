package greenwave.engine.nn;

import java.util.random.RandomGenerator;

/**
 * How a network computes where its layers leave a choice.
 *
 * @param training whether batches are normalised by their own statistics, which then move, and {@link Dropout} drops
 * @param noise gives random layers their seeds; null where {@link NoisyLinear} is its mean
 */
public record Mode(boolean training, RandomGenerator noise) {
    /** Nothing is random, no statistics move: the greedy policy, and targets. */
    public static final Mode EVALUATING = new Mode(false, null);

    /** Refuses training without noise. */
    public Mode {
        if (training && noise == null) {
            throw new IllegalArgumentException("Mode: training, noise=null, expected noise");
        }
    }

    /** {@return the mode of what gradients are taken of} */
    public static Mode training(final RandomGenerator noise) {
        return new Mode(true, noise);
    }

    /** {@return as {@link #EVALUATING}, but with noise on the weights, drawn anew in every run (Fortunato et al. 2018)} */
    public static Mode exploring(final RandomGenerator noise) {
        return new Mode(false, noise);
    }
}

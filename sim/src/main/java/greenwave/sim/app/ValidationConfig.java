package greenwave.sim.app;

import java.util.List;

/**
 * When training stops to look at its policy, and on what.
 *
 * @param every episodes between two looks; 0: it never does, and keeps the last policy instead of the best
 * @param seeds SUMO seeds, below those that training draws
 * @param targetDelay mean delay at which the run ends early, s per vehicle; 0: it does not
 */
record ValidationConfig(int every, Seeds seeds, double targetDelay) {
    private static final int MOST_SEED = 99_999; // training draws from 100,000 on

    /** {@return the settings that {@code values} name} */
    static ValidationConfig of(final ConfigValues values) {
        final List<Integer> seeds = values.integers("validation_seeds", 0, MOST_SEED);
        final int every = (int) values.integer("eval_every", 0, 1_000_000);
        final double target = values.number("target_delay", 0, 1e9);
        if (target > 0 && every == 0) {
            throw new IllegalArgumentException(
                    "target_delay=%s, eval_every=0, expected eval_every >= 1 with a target"
                            .formatted(target));
        }
        return new ValidationConfig(every, new Seeds(seeds), target);
    }
}

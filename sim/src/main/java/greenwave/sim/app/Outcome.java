package greenwave.sim.app;

import java.util.List;

/**
 * What came of training with one seed.
 *
 * @param seed training seed
 * @param figure what the final policy reached on the evaluation seeds: median delay in s per vehicle, or mean steps
 * @param curve the same figure per training episode
 */
record Outcome(long seed, double figure, List<Double> curve) {}

package greenwave.engine.dqn;

/**
 * The chance to explore in each world: epsilon to the power 1 + alpha · i / (N - 1) in world i of N, so that some worlds
 * explore all the time and others follow the policy far (Horgan et al. 2018, Distributed Prioritized Experience Replay,
 * arXiv:1803.00933, there with epsilon 0.4 and alpha 7). With alpha 0, or one world, it is epsilon.
 */
final class WorldEpsilons {
    private final double[] exponents;
    private final double[] epsilons;

    WorldEpsilons(final int worlds, final double alpha) {
        this.exponents = new double[worlds];
        this.epsilons = new double[worlds];
        for (int i = 0; i < worlds; i++) {
            exponents[i] = 1 + (worlds == 1 ? 0 : alpha * i / (worlds - 1));
        }
    }

    /** {@return by world; overwritten by the next call, which allocates nothing} */
    double[] at(final double epsilon) {
        for (int i = 0; i < epsilons.length; i++) {
            epsilons[i] = exponents[i] == 1 ? epsilon : Math.pow(epsilon, exponents[i]);
        }
        return epsilons;
    }

    /** {@return the mean over the worlds of what was last given} */
    double mean() {
        double sum = 0;
        for (final double each : epsilons) {
            sum += each;
        }
        return sum / epsilons.length;
    }
}

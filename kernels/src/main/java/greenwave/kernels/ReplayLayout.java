package greenwave.kernels;

/**
 * The sizes of a {@link ResidentReplay}.
 *
 * @param capacity slots for transitions, positive
 * @param observations places for observations, positive; observation number n lies at n modulo this
 * @param vector numbers of an observation, not negative
 * @param image bytes of its image, not negative
 * @param actions positive
 * @param priorities how slots are drawn; null if all alike
 */
public record ReplayLayout(
        int capacity, int observations, int vector, int image, int actions, Priorities priorities) {
    /** A priority is a whole number of units; so many are 1. */
    public static final double UNITS = 1 << 20;

    /**
     * Priorities after Schaul et al. 2016, arXiv:1511.05952, proportional variant.
     *
     * @param alpha how far errors decide
     * @param eps what is added to an error, positive
     * @param limit the largest priority
     * @param global whether weights are normalised by the smallest priority of all slots; else by that of the batch
     */
    public record Priorities(double alpha, double eps, double limit, boolean global) {}
}

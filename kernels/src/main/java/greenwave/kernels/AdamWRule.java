package greenwave.kernels;

/**
 * The constants of {@link Kernels#adamW}.
 *
 * @param beta1 decay of the first moments, in [0, 1)
 * @param beta2 decay of the second moments, in [0, 1)
 * @param eps added to the denominator
 * @param decay weight decay; a step takes {@code rate · decay} of each weight
 * @param limit gradients are brought into [-limit, limit] first; infinity leaves them
 * @param tau how far the target moves towards the new weights, in (0, 1]
 */
public record AdamWRule(
        double beta1, double beta2, double eps, double decay, float limit, float tau) {
    /** {@return the share of a weight that decay leaves in a step at learning rate {@code rate}} */
    public float keep(final float rate) {
        return (float) (1 - rate * decay);
    }

    /** {@return the learning rate over the bias correction of the first moments after {@code steps} steps} */
    public float stride(final float rate, final int steps) {
        return (float) (rate / (1 - Math.pow(beta1, steps)));
    }

    /** {@return one over the root of the bias correction of the second moments after {@code steps} steps} */
    public float unbias(final int steps) {
        return (float) (1 / Math.sqrt(1 - Math.pow(beta2, steps)));
    }
}

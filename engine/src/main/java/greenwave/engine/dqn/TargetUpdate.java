package greenwave.engine.dqn;

/**
 * How the target network follows the one in training.
 *
 * @param tau the target's step towards the network, in (0, 1]; 1 copies
 * @param every updates from one step of the target to the next, positive
 */
public record TargetUpdate(float tau, long every) {
    /** Checks the ranges above. */
    public TargetUpdate {
        LearnerBuilder.require(tau > 0 && tau <= 1, "tau", tau, "in (0, 1]");
        LearnerBuilder.require(every >= 1, "targetEvery", every, ">= 1");
    }

    /** {@return a small step after each update (Lillicrap et al. 2016, arXiv:1509.02971); the DQN tutorial's tau is 0.005} */
    public static TargetUpdate soft(final float tau) {
        return new TargetUpdate(tau, 1);
    }

    /** {@return a copy after every {@code every} updates (Mnih et al. 2015), there 10,000} */
    public static TargetUpdate hard(final long every) {
        return new TargetUpdate(1, every);
    }

    /** {@return whether the target moves after every update} */
    boolean always() {
        return every == 1;
    }
}

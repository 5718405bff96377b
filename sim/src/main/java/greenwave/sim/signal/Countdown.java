package greenwave.sim.signal;

/**
 * SUMO-Gym's rule: a light that is asked for another green begins a transition and takes no further
 * request until it and a share of the green after it have passed. Lights are independent.
 *
 * @param deltaTime simulated seconds per decision, at least 1; may be less than the transition
 * @param yellowTime seconds of yellow, at least 1
 * @param lockedGreen seconds of green after it in which the light can't be changed either
 * @param startLocked whether an episode begins as if a switch had just begun
 */
public record Countdown(int deltaTime, int yellowTime, int lockedGreen, boolean startLocked)
        implements Switching {
    /** Checks the ranges above. */
    public Countdown {
        if (deltaTime < 1 || yellowTime < 1 || lockedGreen < 0) {
            throw new IllegalArgumentException(
                    "countdown: delta_time=%d s, yellow_time=%d s, locked_green=%d s, expected delta_time >= 1, yellow_time >= 1, locked_green >= 0"
                            .formatted(deltaTime, yellowTime, lockedGreen));
        }
    }

    @Override
    public CountdownController controller(final Signal signal, final SwitchingProgram program) {
        return new CountdownController(this, program::phase, signal.first());
    }
}

package greenwave.engine.dqn;

/** A number that depends on how many env steps were taken, such as the chance to explore. */
@FunctionalInterface
public interface Schedule {
    /** {@return the value after {@code steps} env steps} */
    double at(long steps);

    /** {@return always {@code value}} */
    static Schedule constant(final double value) {
        return steps -> value;
    }

    /**
     * {@return from {@code start} to {@code end} in a straight line over {@code steps}, then {@code end}}
     *
     * @throws IllegalArgumentException unless {@code steps} is positive
     */
    static Schedule linear(final double start, final double end, final long steps) {
        if (steps < 1) {
            throw new IllegalArgumentException(
                    "Schedule.linear: steps=%d, expected >= 1".formatted(steps));
        }
        return at -> start + (end - start) * Math.min(1, at / (double) steps);
    }

    /**
     * {@return {@code end + (start - end) · exp(-steps / decay)}: the PyTorch DQN tutorial's}
     *
     * @throws IllegalArgumentException unless {@code decay} is positive
     */
    static Schedule exponential(final double start, final double end, final double decay) {
        if (!(decay > 0)) {
            throw new IllegalArgumentException(
                    "Schedule.exponential: decay=%s, expected > 0".formatted(decay));
        }
        return at -> end + (start - end) * Math.exp(-at / decay);
    }
}

package greenwave.engine.optim;

/** The learning rate of each step of an optimizer. */
@FunctionalInterface
public interface RateSchedule {
    /** {@return the rate of the step that {@code steps} steps precede; finite, not negative} */
    double at(long steps);

    /** {@return always {@code rate}} */
    static RateSchedule constant(final double rate) {
        return steps -> rate;
    }

    /**
     * {@return from {@code start} to {@code end} in a straight line over {@code duration} steps, then {@code end}:
     * torch's LinearLR}
     *
     * @throws IllegalArgumentException unless {@code duration} is positive
     */
    static RateSchedule linear(final double start, final double end, final long duration) {
        requirePositive("linear: duration", duration);
        return steps -> start + (end - start) * Math.min(steps, duration) / duration;
    }

    /**
     * {@return from {@code start} to {@code end} along half a cosine over {@code duration} steps, then {@code end}: the
     * first descent of torch's CosineAnnealingLR (Loshchilov and Hutter 2017, arXiv:1608.03983)}
     *
     * @throws IllegalArgumentException unless {@code duration} is positive
     */
    static RateSchedule cosine(final double start, final double end, final long duration) {
        requirePositive("cosine: duration", duration);
        return steps ->
                end
                        + (start - end)
                                * (1 + Math.cos(Math.PI * Math.min(steps, duration) / duration))
                                / 2;
    }

    /**
     * {@return {@code start}, multiplied by {@code factor} after every {@code interval} steps: torch's StepLR}
     *
     * @throws IllegalArgumentException unless {@code interval} is positive
     */
    static RateSchedule step(final double start, final double factor, final long interval) {
        requirePositive("step: interval", interval);
        return steps -> start * Math.pow(factor, steps / interval);
    }

    private static void requirePositive(final String name, final long value) {
        if (value < 1) {
            throw new IllegalArgumentException(
                    "RateSchedule.%s=%d, expected >= 1".formatted(name, value));
        }
    }
}

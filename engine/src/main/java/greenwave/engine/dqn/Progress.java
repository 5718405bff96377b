package greenwave.engine.dqn;

/**
 * How far a run has come.
 *
 * @param fraction of the way to its end, in [0, 1]
 * @param envSteps decisions, summed over worlds
 * @param updates gradient steps, summed over learners
 * @param episodes ended, summed over worlds
 * @param epsilon chance to explore, the mean over worlds
 * @param seconds wall clock since the start
 */
public record Progress(
        double fraction,
        long envSteps,
        long updates,
        long episodes,
        double epsilon,
        double seconds) {
    /** {@return decisions per second of wall clock} */
    public double envStepsPerSecond() {
        return envSteps / seconds;
    }

    /** {@return gradient steps per second of wall clock} */
    public double updatesPerSecond() {
        return updates / seconds;
    }

    /** {@return all of it in one line} */
    public String line() {
        return "%3.0f %%  %,d env steps  %,d episodes  epsilon %.3f  %,.0f env steps/s  %,.0f updates/s"
                .formatted(
                        100 * fraction,
                        envSteps,
                        episodes,
                        epsilon,
                        envStepsPerSecond(),
                        updatesPerSecond());
    }
}

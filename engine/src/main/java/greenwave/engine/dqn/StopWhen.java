package greenwave.engine.dqn;

/**
 * When training ends: at the first limit reached.
 *
 * @param maxEnvSteps decisions, summed over worlds; positive
 * @param maxEpisodes ended episodes, summed over worlds; positive
 */
public record StopWhen(long maxEnvSteps, long maxEpisodes) {
    /** Checks the ranges above. */
    public StopWhen {
        if (maxEnvSteps < 1 || maxEpisodes < 1) {
            throw new IllegalArgumentException(
                    "StopWhen: envSteps=%d, episodes=%d, expected both >= 1"
                            .formatted(maxEnvSteps, maxEpisodes));
        }
    }

    /** {@return a limit on decisions alone} */
    public static StopWhen envSteps(final long count) {
        return new StopWhen(count, Long.MAX_VALUE);
    }

    /** {@return a limit on episodes alone} */
    public static StopWhen episodes(final long count) {
        return new StopWhen(Long.MAX_VALUE, count);
    }

    /** {@return whether a limit is reached} */
    public boolean reached(final long envSteps, final long episodes) {
        return envSteps >= maxEnvSteps || episodes >= maxEpisodes;
    }

    /** {@return how far the nearer limit has been approached, in [0, 1]} */
    public double fraction(final long envSteps, final long episodes) {
        return Math.min(
                1, Math.max((double) envSteps / maxEnvSteps, (double) episodes / maxEpisodes));
    }
}

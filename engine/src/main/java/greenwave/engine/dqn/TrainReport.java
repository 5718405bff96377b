package greenwave.engine.dqn;

import java.util.List;

/**
 * A run of training that has ended.
 *
 * @param engine backend and seed
 * @param envSteps decisions, summed over worlds
 * @param updates gradient steps, summed over learners
 * @param episodes ended, summed over worlds
 * @param recovered how often a world was lost and started anew
 * @param seconds wall clock
 * @param lastEpisodes the last ten that ended, or fewer if there were fewer, in order
 */
public record TrainReport(
        String engine,
        long envSteps,
        long updates,
        long episodes,
        long recovered,
        double seconds,
        List<EpisodeReport> lastEpisodes) {
    /** {@return decisions per second of wall clock} */
    public double envStepsPerSecond() {
        return envSteps / seconds;
    }

    /** {@return gradient steps per second of wall clock} */
    public double updatesPerSecond() {
        return updates / seconds;
    }

    /** {@return the mean total reward of {@link #lastEpisodes}; NaN if none has ended} */
    public double meanReward() {
        return lastEpisodes.stream()
                .mapToDouble(episode -> episode.end().totalReward())
                .average()
                .orElse(Double.NaN);
    }

    /** {@return all of it in one line} */
    @Override
    public String toString() {
        return "%s: %,d env steps, %,d updates, %,d episodes in %.1f s (%,.0f env steps/s, %,.0f updates/s), mean reward of the last %d episodes %.3f%s"
                .formatted(
                        engine,
                        envSteps,
                        updates,
                        episodes,
                        seconds,
                        envStepsPerSecond(),
                        updatesPerSecond(),
                        lastEpisodes.size(),
                        meanReward(),
                        recovered == 0 ? "" : ", recovered " + recovered);
    }
}

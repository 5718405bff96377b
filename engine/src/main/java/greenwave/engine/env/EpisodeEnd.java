package greenwave.engine.env;

import java.util.Map;

/**
 * What an environment reports when an episode of one world has ended.
 *
 * @param world index of the world, in [0, worlds)
 * @param episode number of the episode in that world, from 0
 * @param seed what the episode was made from: the same seed and actions give the same episode
 * @param decisions batched steps taken in it
 * @param totalReward sum of the rewards of all agents over the episode
 * @param metrics figures of the domain by name, in a fixed order; NaN where the world was lost and the
 *     episode cut off
 * @param recovered how often the world was lost in it and started anew
 */
public record EpisodeEnd(
        int world,
        int episode,
        long seed,
        int decisions,
        double totalReward,
        Map<String, Double> metrics,
        int recovered) {
    /** The end of an episode in which the world was never lost. */
    public EpisodeEnd(
            final int world,
            final int episode,
            final long seed,
            final int decisions,
            final double totalReward,
            final Map<String, Double> metrics) {
        this(world, episode, seed, decisions, totalReward, metrics, 0);
    }
}

package greenwave.engine.dqn;

import greenwave.engine.env.EpisodeEnd;

/**
 * An episode of training that has ended.
 *
 * @param end what the environment says of it
 * @param envSteps decisions of the run so far, summed over worlds
 * @param updates gradient steps of the run so far, summed over learners
 * @param epsilon chance to explore in the last decision, the mean over worlds
 * @param meanLoss over the updates made while it ran; NaN if there were none
 */
public record EpisodeReport(
        EpisodeEnd end, long envSteps, long updates, double epsilon, double meanLoss) {}

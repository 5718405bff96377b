package greenwave.engine.env;

import java.util.List;

/**
 * Result of one batched step.
 *
 * @param groups columns per {@link AgentGroup}, in the order of {@link EnvSpec#groups}; the same
 *     memory in every step
 * @param ended the episodes that ended in this step, by world
 */
public record StepBatch(List<GroupBatch> groups, List<EpisodeEnd> ended) {}

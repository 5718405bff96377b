package greenwave.engine.env;

import java.util.List;

/**
 * Agents of equal shape: they share one network, and their rows stand together in a {@link
 * GroupBatch}.
 *
 * @param name unique in its environment, stable from run to run, for example {@code 33x8}
 * @param agents names of the agents in row order, at least one
 * @param obsSize numbers in one agent's observation, positive
 * @param actions actions of one agent, at least two
 */
public record AgentGroup(String name, List<String> agents, int obsSize, int actions) {
    /** Checks the ranges above. */
    public AgentGroup {
        agents = List.copyOf(agents);
        if (agents.isEmpty() || obsSize < 1 || actions < 2) {
            throw new IllegalArgumentException(
                    "AgentGroup: name=%s, agents=%s, obsSize=%d, actions=%d, expected at least 1 agent, obsSize >= 1, actions >= 2"
                            .formatted(name, agents, obsSize, actions));
        }
    }
}

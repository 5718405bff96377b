package greenwave.engine.env;

import java.util.List;

/**
 * The static shape of a {@link VecEnv}.
 *
 * @param worlds worlds that step together, positive
 * @param groups the agents of one world by shape, at least one group
 */
public record EnvSpec(int worlds, List<AgentGroup> groups) {
    /** Checks the ranges above. */
    public EnvSpec {
        groups = List.copyOf(groups);
        if (worlds < 1 || groups.isEmpty()) {
            throw new IllegalArgumentException(
                    "EnvSpec: worlds=%d, groups=%s, expected worlds >= 1 and at least one group"
                            .formatted(worlds, groups));
        }
    }

    /**
     * {@return the only group}
     *
     * @throws IllegalStateException if agents differ in shape
     */
    public AgentGroup onlyGroup() {
        if (groups.size() != 1) {
            throw new IllegalStateException(
                    "EnvSpec: groups=%d, expected 1: agents of several shapes need a network each"
                            .formatted(groups.size()));
        }
        return groups.getFirst();
    }

    /** {@return the rows of group {@code group} in a batch: worlds times agents} */
    public int rows(final int group) {
        return worlds * groups.get(group).agents().size();
    }

    /**
     * Refuses positions that are not those of such worlds.
     *
     * @throws IllegalArgumentException unless there is one per world, with an action for every agent per decision
     */
    public void check(final List<WorldPosition> positions) {
        if (positions.size() != worlds) {
            throw new IllegalArgumentException(
                    "EnvSpec: positions of worlds=%d, expected %d"
                            .formatted(positions.size(), worlds));
        }
        final int agents = groups.stream().mapToInt(group -> group.agents().size()).sum();
        for (final WorldPosition position : positions) {
            if (position.actions().length % agents != 0) {
                throw new IllegalArgumentException(
                        "EnvSpec: actions of a world=%d, expected a multiple of agents=%d"
                                .formatted(position.actions().length, agents));
            }
        }
    }
}

package greenwave.engine.dqn;

import greenwave.engine.env.AgentGroup;
import greenwave.engine.env.EnvSpec;
import greenwave.engine.env.WorldPosition;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The actions of every world since its episode began: they bring another environment to where this one stands. */
final class ActionLog {
    private static final int FIRST_LENGTH = 1024;

    /** What one world did. */
    private static final class World {
        int episode;
        int[] actions = new int[FIRST_LENGTH];
        int length;
    }

    private final int[] agents; // by group
    private final int decision; // actions of one
    private final World[] worlds;

    ActionLog(final EnvSpec spec) {
        this.agents = spec.groups().stream().map(AgentGroup::agents).mapToInt(List::size).toArray();
        this.decision = Arrays.stream(agents).sum();
        this.worlds = new World[spec.worlds()];
        Arrays.setAll(worlds, _ -> new World());
    }

    /** Takes note of one decision in every world, by group, then row. Allocates only where an episode outgrows all before. */
    void append(final int[][] actions) {
        for (int w = 0; w < worlds.length; w++) {
            append(actions, w);
        }
    }

    /** Takes note of one decision in world {@code w}. */
    void append(final int[][] actions, final int w) {
        final World world = worlds[w];
        while (world.length + decision > world.actions.length) {
            world.actions = Arrays.copyOf(world.actions, 2 * world.actions.length);
        }
        for (int g = 0; g < agents.length; g++) {
            System.arraycopy(actions[g], w * agents[g], world.actions, world.length, agents[g]);
            world.length += agents[g];
        }
    }

    /** Takes note that {@code world} has begun {@code episode}. */
    void begin(final int world, final int episode) {
        worlds[world].episode = episode;
        worlds[world].length = 0;
    }

    /** {@return where every world stands} */
    List<WorldPosition> positions() {
        final List<WorldPosition> positions = new ArrayList<>();
        for (final World world : worlds) {
            final int[] actions = Arrays.copyOf(world.actions, world.length);
            positions.add(new WorldPosition(world.episode, actions));
        }
        return positions;
    }

    /** Goes on from {@code positions}, one per world. */
    void restore(final List<WorldPosition> positions) {
        for (int w = 0; w < worlds.length; w++) {
            final int[] actions = positions.get(w).actions();
            worlds[w].episode = positions.get(w).episode();
            worlds[w].actions = Arrays.copyOf(actions, Math.max(FIRST_LENGTH, actions.length));
            worlds[w].length = actions.length;
        }
    }
}

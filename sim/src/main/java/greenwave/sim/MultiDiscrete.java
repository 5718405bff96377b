package greenwave.sim;

import greenwave.engine.env.AgentGroup;
import greenwave.engine.env.EnvSpec;
import greenwave.sim.signal.Signal;

import java.util.ArrayList;
import java.util.List;

/**
 * All signals of a world as one agent: an action has a number per signal, in SUMO's order, each below the
 * signal's own bound. Gymnasium's {@code MultiDiscrete}, and its form as a {@code Box} of real numbers.
 * Immutable.
 */
public final class MultiDiscrete {
    private final List<Integer> sizes = new ArrayList<>();
    private final int[] group; // by signal
    private final int[] place;
    private final int[] agents; // by group

    /** The signals of {@code env}. */
    public MultiDiscrete(final SumoVecEnv env) {
        final EnvSpec spec = env.spec();
        final List<Signal> signals =
                env.signals().stream().filter(signal -> signal.greens().size() > 1).toList();
        group = new int[signals.size()];
        place = new int[signals.size()];
        agents = spec.groups().stream().mapToInt(g -> g.agents().size()).toArray();
        for (int i = 0; i < group.length; i++) {
            for (int g = 0; g < agents.length; g++) {
                final AgentGroup shape = spec.groups().get(g);
                final int at = shape.agents().indexOf(signals.get(i).id());
                if (at >= 0) {
                    group[i] = g;
                    place[i] = at;
                }
            }
            sizes.add(signals.get(i).greens().size());
        }
    }

    /** {@return the number of choices of each signal} */
    public List<Integer> sizes() {
        return List.copyOf(sizes);
    }

    /**
     * Writes one world's action where {@link SumoVecEnv#step} takes it.
     *
     * @param choice a number per signal, each in [0, {@link #sizes}) or {@link SumoVecEnv#NONE}
     * @param actions by group, then row
     * @throws IllegalArgumentException on a wrong length; nothing is written
     */
    public void write(final int world, final int[] choice, final int[][] actions) {
        if (choice.length != group.length) {
            throw new IllegalArgumentException(
                    "MultiDiscrete: numbers=%d, expected %d, one per signal"
                            .formatted(choice.length, group.length));
        }
        for (int i = 0; i < choice.length; i++) {
            actions[group[i]][world * agents[group[i]] + place[i]] = choice[i];
        }
    }

    /**
     * {@return the choice that a point of the box means: each number rounded down, then brought into
     * range}
     *
     * @param point a number per signal; NaN counts as 0
     * @throws IllegalArgumentException on a wrong length
     */
    public int[] ofBox(final double[] point) {
        if (point.length != group.length) {
            throw new IllegalArgumentException(
                    "MultiDiscrete: numbers=%d, expected %d, one per signal"
                            .formatted(point.length, group.length));
        }
        final int[] choice = new int[point.length];
        for (int i = 0; i < choice.length; i++) {
            choice[i] = (int) Math.max(0, Math.min(sizes.get(i) - 1, Math.floor(point[i])));
        }
        return choice;
    }
}

package greenwave.sim.signal;

import greenwave.sim.SumoException;
import greenwave.sim.net.Network;
import greenwave.sim.net.TrafficLight;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;

/**
 * A traffic light that can be controlled: an action chooses one of its green phases.
 *
 * @param id name of the traffic light
 * @param greens states of the green phases, a letter per link index; action k shows the k-th
 * @param lanes incoming lanes in link order
 * @param laneLengths metres, by place in {@code lanes}
 * @param outgoingLanes lanes behind the junction, sorted
 */
public record Signal(
        String id,
        List<String> greens,
        List<String> lanes,
        List<Double> laneLengths,
        List<String> outgoingLanes) {
    private static final Logger LOG = System.getLogger(Signal.class.getName());

    /** Copies the lists. */
    public Signal {
        greens = List.copyOf(greens);
        lanes = List.copyOf(lanes);
        laneLengths = List.copyOf(laneLengths);
        outgoingLanes = List.copyOf(outgoingLanes);
    }

    /**
     * {@return the signals of {@code network} that can be controlled, in its order} One that cannot
     * is left to its own program, with a warning that says why.
     *
     * @throws SumoException if there is none
     */
    public static List<Signal> controllable(final Network network) {
        final List<Signal> signals = new ArrayList<>();
        final List<String> refused = new ArrayList<>();
        for (final TrafficLight light : network.trafficLights()) {
            final Signal signal = of(light, network);
            if (signal.greens.size() >= 2) {
                signals.add(signal);
            } else {
                refused.add(reason(light, signal.greens.size()));
            }
        }
        if (signals.isEmpty()) {
            throw new SumoException(
                    network.file()
                            + ": "
                            + (refused.isEmpty()
                                    ? "network has no traffic lights, expected at least 1"
                                    : String.join("; ", refused)));
        }
        for (final String reason : refused) {
            LOG.log(Level.WARNING, "{0}: {1}; it keeps its own program", network.file(), reason);
        }
        return List.copyOf(signals);
    }

    private static String reason(final TrafficLight light, final int greens) {
        return light.programs().isEmpty()
                ? "signal %s has no program, expected one with at least 2 green phases"
                        .formatted(light.id())
                : "signal %s has %d green phase%s, expected at least 2"
                        .formatted(light.id(), greens, greens == 1 ? "" : "s");
    }

    /** Takes the program whose ID comes first, as sumo-rl does; it need not be the running one. */
    private static Signal of(final TrafficLight light, final Network network) {
        final List<String> greens =
                light.programs().isEmpty()
                        ? List.of()
                        : light.programs().getFirst().phases().stream()
                                .map(TrafficLight.Phase::state)
                                .filter(Signal::isGreen)
                                .toList();
        final List<String> lanes = light.incomingLanes();
        return new Signal(
                light.id(),
                greens,
                lanes,
                lanes.stream().map(network::laneLength).toList(),
                light.outgoingLanes());
    }

    /** No yellow, and not red all over. Capital Y, u, o and O count as green. */
    private static boolean isGreen(final String state) {
        return state.indexOf('y') < 0 && !state.chars().allMatch(c -> c == 'r' || c == 's');
    }

    /**
     * {@return the state between two greens} A link that loses its green shows yellow, any other
     * keeps its letter: one that is about to turn green stays red.
     */
    public String yellow(final int from, final int to) {
        final String before = greens.get(from);
        final String after = greens.get(to);
        final StringBuilder state = new StringBuilder(before);
        for (int link = 0; link < before.length(); link++) {
            final boolean green = before.charAt(link) == 'G' || before.charAt(link) == 'g';
            final boolean red = after.charAt(link) == 'r' || after.charAt(link) == 's';
            if (green && red) {
                state.setCharAt(link, 'y');
            }
        }
        return state.toString();
    }
}

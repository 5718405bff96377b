package greenwave.sim.signal;

import greenwave.sim.net.Edge;
import greenwave.sim.net.Network;
import greenwave.sim.net.RightOfWay;
import greenwave.sim.net.TrafficLight;
import greenwave.sim.net.TrafficLight.Connection;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * The same phases at every signal, by a {@link PhaseTable}: one network can then control signals of
 * different shapes. Phases that open nothing are illegal. Each letter follows from its link index; where
 * several connections share one, it is green if all of them are. A pedestrian crossing is green while only
 * yielding turns lead over it. Ways that cross are never both open unless one yields. Source: general-tls
 * (e95fbd4), which looks at no angles.
 */
public final class StandardPhases implements ActionSpace {
    private final PhaseTable table;
    private final Compat compat;
    private final boolean fullMask;

    /** Phases of {@code table}. */
    public StandardPhases(final PhaseTable table) {
        this(table, Compat.NONE, false);
    }

    private StandardPhases(final PhaseTable table, final Compat compat, final boolean fullMask) {
        this.table = table;
        this.compat = compat;
        this.fullMask = fullMask;
    }

    /**
     * {@return general-tls's phases and errors}
     *
     * @param order observation whose mask is meant: for three roads it differs
     */
    public static StandardPhases generalTls(final RoadObservation.Order order) {
        return new StandardPhases(
                PhaseTable.STANDARD, Compat.GENERAL_TLS, order != RoadObservation.Order.INCOMING);
    }

    @Override
    public Signal signal(final TrafficLight light, final Network network) {
        final List<Road> roads =
                Road.clockwise(network, light.incomingLanes(), light.outgoingLanes()).stream()
                        .filter(Road::incoming)
                        .toList();
        if (!table.has(roads.size())) {
            throw new UncontrollableException(
                    "signal %s has %d incoming roads, expected %s"
                            .formatted(light.id(), roads.size(), among(table.sizes())));
        }
        return new Signal(
                light, network, greens(light, network, roads), legal(roads.size()), compat);
    }

    private static String among(final List<Integer> sizes) {
        return sizes.size() == 1
                ? sizes.getFirst().toString()
                : "%s to %s".formatted(sizes.getFirst(), sizes.getLast());
    }

    private List<Boolean> legal(final int roads) {
        return IntStream.range(0, table.actions())
                .mapToObj(
                        action -> fullMask && roads == 3 ? action >= 5 : table.opens(roads, action))
                .toList();
    }

    private List<String> greens(
            final TrafficLight light, final Network network, final List<Road> roads) {
        final Map<String, Integer> place = new HashMap<>();
        roads.forEach(road -> place.put(road.id(), place.size()));
        final boolean inTheirOrder = compat == Compat.GENERAL_TLS && network.leftHand();
        return IntStream.range(0, table.actions())
                .mapToObj(
                        action ->
                                inTheirOrder
                                        ? concatenated(light, network, place, action)
                                        : state(light, network, place, action))
                .toList();
    }

    /**
     * General-tls looks at no link index: letters stand by road, clockwise, then right, straight, left, back. Where
     * traffic keeps to the right that is the order of links; elsewhere they end up at wrong ones.
     */
    private String concatenated(
            final TrafficLight light,
            final Network network,
            final Map<String, Integer> place,
            final int action) {
        final StringBuilder state = new StringBuilder();
        for (int road = 0; road < place.size(); road++) {
            for (int movement = 0; movement < PhaseTable.MOVEMENTS; movement++) {
                for (final List<Connection> link : light.links()) {
                    for (final Connection way : link) {
                        final Integer from = place.get(network.lane(way.from()).edge());
                        if (from != null
                                && from == road
                                && PhaseTable.movement(way.direction(), false) == movement) {
                            state.append(table.letter(place.size(), road, action, movement));
                        }
                    }
                }
            }
        }
        return state.toString();
    }

    private String state(
            final TrafficLight light,
            final Network network,
            final Map<String, Integer> place,
            final int action) {
        final int links = links(light);
        final StringBuilder state = new StringBuilder("r".repeat(links));
        for (int link = 0; link < light.links().size(); link++) {
            char shown = 0;
            for (final Connection way : light.links().get(link)) {
                final Integer road = place.get(network.lane(way.from()).edge());
                if (road != null) {
                    final int movement = PhaseTable.movement(way.direction(), network.leftHand());
                    final char letter = table.letter(place.size(), road, action, movement);
                    shown = shown == 0 ? letter : lesser(shown, letter);
                }
            }
            if (shown != 0) {
                state.setCharAt(link, shown);
            }
        }
        if (compat == Compat.NONE) {
            settleConflicts(light, network.rightOfWay(), state);
        }
        openCrossings(light, network, state);
        return state.toString();
    }

    /**
     * The table knows no angles: where roads do not meet at right angles, it may open ways that cross. Of two
     * such ways the one that gives way to the other yields; if the junction does not say which one does, or
     * each waits for the other, the lesser or later one is closed.
     */
    private static void settleConflicts(
            final TrafficLight light, final RightOfWay rightOfWay, final StringBuilder state) {
        for (int a = 0; a < light.links().size(); a++) {
            for (int b = a + 1; b < light.links().size(); b++) {
                for (final Connection first : light.links().get(a)) {
                    for (final Connection second : light.links().get(b)) {
                        final boolean open = state.charAt(a) != 'r' && state.charAt(b) != 'r';
                        if (open && rightOfWay.conflicts(first, second)) {
                            final boolean firstYields = rightOfWay.yields(first, second);
                            final boolean secondYields = rightOfWay.yields(second, first);
                            if (firstYields == secondYields) {
                                final boolean keepB =
                                        state.charAt(a) == 'g' && state.charAt(b) == 'G';
                                state.setCharAt(keepB ? a : b, 'r');
                            } else {
                                state.setCharAt(firstYields ? a : b, 'g');
                            }
                        }
                    }
                }
            }
        }
    }

    /** Link indices that no connection uses have letters too, as many as the light's own programs say. */
    private static int links(final TrafficLight light) {
        return light.programs().stream()
                .flatMap(program -> program.phases().stream())
                .mapToInt(phase -> phase.state().length())
                .max()
                .orElse(light.links().size());
    }

    private static char lesser(final char a, final char b) {
        return a == 'r' || b == 'r' ? 'r' : a == 'g' || b == 'g' ? 'g' : 'G';
    }

    private static void openCrossings(
            final TrafficLight light, final Network network, final StringBuilder state) {
        final String vehicles = state.toString();
        for (int link = 0; link < light.links().size(); link++) {
            for (final Connection way : light.links().get(link)) {
                final Edge edge = network.edges().get(network.lane(way.to()).edge());
                if (edge.kind() == Edge.Kind.CROSSING && isFree(edge, light, network, vehicles)) {
                    state.setCharAt(link, 'G');
                }
            }
        }
    }

    /** Vehicles that turn on a small {@code g} give way to pedestrians. */
    private static boolean isFree(
            final Edge crossing,
            final TrafficLight light,
            final Network network,
            final String vehicles) {
        boolean open = false;
        for (int link = 0; link < light.links().size(); link++) {
            final char letter = vehicles.charAt(link);
            for (final Connection way : light.links().get(link)) {
                final boolean crosses =
                        crossing.crossed().contains(network.lane(way.from()).edge())
                                || crossing.crossed().contains(network.lane(way.to()).edge());
                final boolean straight =
                        PhaseTable.movement(way.direction(), network.leftHand()) == 1;
                if (crosses && (letter == 'G' || letter == 'g' && straight)) {
                    return false;
                }
            }
            open |= letter != 'r';
        }
        return open;
    }
}

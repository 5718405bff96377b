package greenwave.sim.signal;

import greenwave.sim.SumoException;
import greenwave.sim.net.Network;
import greenwave.sim.net.TrafficLight;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;

/** A traffic light that can be controlled: an action chooses one of its green phases. Immutable. */
public final class Signal {
    private static final Logger LOG = System.getLogger(Signal.class.getName());

    private final TrafficLight light;
    private final Network network;
    private final Compat compat;
    private final List<String> greens;
    private final List<Boolean> legal;
    private final int first;
    private final List<String> lanes;
    private final List<Double> laneLengths;
    private final List<String> outgoingLanes;
    private final List<Road> roads;

    /**
     * A light with these greens, all of them legal.
     *
     * @param greens states of the green phases, a letter per link index
     * @throws UncontrollableException if there are fewer than two
     */
    public Signal(final TrafficLight light, final Network network, final List<String> greens) {
        this(light, network, greens, Collections.nCopies(greens.size(), true), Compat.NONE);
    }

    /**
     * A light with these greens.
     *
     * @param greens states of the green phases, a letter per link index
     * @param legal by place in {@code greens}; an agent never chooses one that is not
     * @param compat decides on lanes, yellow and the first green
     * @throws UncontrollableException if fewer than two are legal; sumo-rl takes any number
     */
    public Signal(
            final TrafficLight light,
            final Network network,
            final List<String> greens,
            final List<Boolean> legal,
            final Compat compat) {
        this.light = light;
        this.network = network;
        this.compat = compat;
        this.greens = List.copyOf(greens);
        this.legal = List.copyOf(legal);
        final long choices = this.legal.stream().filter(Boolean::booleanValue).count();
        if (choices < 2 && compat != Compat.SUMO_RL) {
            throw new UncontrollableException(
                    "signal %s has %d green phase%s, expected at least 2"
                            .formatted(light.id(), choices, choices == 1 ? "" : "s"));
        }
        this.first = compat == Compat.NONE ? this.legal.indexOf(true) : 0;
        this.lanes = lanes(light.incomingLanes());
        this.laneLengths = lanes.stream().map(network::laneLength).toList();
        this.outgoingLanes =
                lanes(light.outgoingLanes(compat == Compat.NONE ? Integer.MAX_VALUE : 1));
        this.roads = Road.clockwise(network, lanes, outgoingLanes);
    }

    private List<String> lanes(final List<String> all) {
        return compat == Compat.NONE ? all.stream().filter(network::isRoad).toList() : all;
    }

    /**
     * {@return the signals of {@code network} that can be controlled, in its order} One that cannot
     * is left to its own program, with a warning that says why.
     *
     * @throws SumoException if there is none
     */
    public static List<Signal> controllable(final Network network, final ActionSpace actions) {
        final List<Signal> signals = new ArrayList<>();
        final List<String> refused = new ArrayList<>();
        for (final TrafficLight light : network.trafficLights()) {
            try {
                signals.add(actions.signal(light, network));
            } catch (final UncontrollableException e) {
                refused.add(e.getMessage());
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

    /** {@return name of the traffic light} */
    public String id() {
        return light.id();
    }

    /** {@return the traffic light in the network} */
    public TrafficLight light() {
        return light;
    }

    /** {@return the network it stands in} */
    public Network network() {
        return network;
    }

    /** {@return states of the green phases, a letter per link index; action k shows the k-th} */
    public List<String> greens() {
        return greens;
    }

    /** {@return whether an agent may choose an action, at the right time} */
    public boolean legal(final int action) {
        return legal.get(action);
    }

    /** {@return the green that an episode begins with} */
    public int first() {
        return first;
    }

    /** {@return incoming lanes in link order} */
    public List<String> lanes() {
        return lanes;
    }

    /** {@return metres, by place in {@link #lanes}} */
    public List<Double> laneLengths() {
        return laneLengths;
    }

    /** {@return lanes behind the junction, sorted} */
    public List<String> outgoingLanes() {
        return outgoingLanes;
    }

    /** {@return its roads, clockwise from north} */
    public List<Road> roads() {
        return roads;
    }

    /** {@return whether right and left turns change places: traffic keeps to the left} */
    boolean isMirrored() {
        return network.leftHand() && compat != Compat.GENERAL_TLS;
    }

    /** {@return its incoming roads, clockwise from north} */
    public List<Road> incomingRoads() {
        return roads.stream().filter(Road::incoming).toList();
    }

    /**
     * {@return the state between two greens} A link that loses its right of way shows yellow, any
     * other keeps its letter: one that is about to turn green stays red.
     */
    public String yellow(final int from, final int to) {
        final String before = greens.get(from);
        final String after = greens.get(to);
        final StringBuilder state = new StringBuilder(before);
        IntStream.range(0, before.length())
                .filter(link -> mayGo(before.charAt(link)) && mustStop(after.charAt(link)))
                .forEach(link -> state.setCharAt(link, 'y'));
        return state.toString();
    }

    /** At an off light vehicles go too, if they yield. */
    private boolean mayGo(final char letter) {
        return letter == 'G'
                || letter == 'g'
                || compat == Compat.NONE && (letter == 'o' || letter == 'O');
    }

    private static boolean mustStop(final char letter) {
        return letter == 'r' || letter == 's';
    }

    @Override
    public String toString() {
        return "Signal[%s, greens=%s]".formatted(id(), greens);
    }
}

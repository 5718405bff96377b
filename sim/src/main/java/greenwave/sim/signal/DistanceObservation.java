package greenwave.sim.signal;

import greenwave.sim.net.Lane;
import greenwave.sim.net.Network;
import greenwave.sim.net.TrafficLight.Connection;

import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * As {@link DefaultObservation}, but of everything within a distance of the stop line, also where that lies
 * on other edges: networks of real cities split roads, and the last lane before a signal may be a few metres
 * long. A lane's region goes upstream over every lane that leads here, until the distance is reached or
 * another signal is in between. A vehicle upstream of a fork counts for each lane that it may come to.
 * Density and queue are the room that vehicles take, 2.5 m of gap included, over the length of the region
 * measured along its longest way. Size: greens + 1 + 2 lanes; all in [0, 1].
 */
public final class DistanceObservation implements Observation {
    private static final double GAP = 2.5; // as LaneReading reckons
    private static final double HALTING = 0.1; // m/s

    private final double metres;
    private volatile Upstream upstream; // of the network asked for last

    /**
     * What leads to each lane without a signal in between.
     *
     * @param entries connections without a signal that enter a lane, by lane
     */
    private record Upstream(Network network, Map<String, List<Connection>> entries) {
        static Upstream of(final Network network) {
            final Set<Connection> signalled = new HashSet<>();
            network.trafficLights().forEach(light -> light.links().forEach(signalled::addAll));
            final Map<String, List<Connection>> entries = new HashMap<>();
            for (final Lane lane : network.lanes().values()) {
                for (final Connection exit : lane.exits()) {
                    if (!signalled.contains(exit)) {
                        entries.computeIfAbsent(exit.to(), _ -> new ArrayList<>()).add(exit);
                    }
                }
            }
            return new Upstream(network, entries);
        }
    }

    /** Vehicles with their fronts within {@code metres} of the stop line. */
    public DistanceObservation(final double metres) {
        if (!(metres > 0 && metres < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException(
                    "distance observation: metres=%s, expected above 0".formatted(metres));
        }
        this.metres = metres;
    }

    /**
     * A lane in a region.
     *
     * @param id of the lane
     * @param downstream metres from its end to the stop line
     */
    private record Piece(String id, double downstream) {}

    @Override
    public int size(final Signal signal) {
        return signal.greens().size() + 1 + 2 * signal.lanes().size();
    }

    @Override
    public Set<Reading> readings() {
        return Set.of(Reading.VEHICLES);
    }

    @Override
    public List<String> lanes(final Signal signal) {
        final Set<String> lanes = new LinkedHashSet<>();
        for (final String lane : signal.lanes()) {
            region(signal.network(), lane).forEach(piece -> lanes.add(piece.id));
        }
        return List.copyOf(lanes);
    }

    @Override
    public Eye eye(final SignalReadings now) {
        final Signal signal = now.signal();
        final int number = signal.lanes().size();
        final Region[] regions = new Region[number];
        for (int lane = 0; lane < number; lane++) {
            final List<Piece> pieces = region(signal.network(), signal.lanes().get(lane));
            regions[lane] = new Region(now, pieces, metres);
        }
        return (out, first) -> {
            final long densities = DefaultObservation.writeHead(now, out, first);
            for (int lane = 0; lane < number; lane++) {
                final Region region = regions[lane];
                region.read();
                out.setAtIndex(ValueLayout.JAVA_FLOAT, densities + lane, (float) region.density);
                out.setAtIndex(
                        ValueLayout.JAVA_FLOAT, densities + number + lane, (float) region.queue);
            }
        };
    }

    /** The region of one lane, and what is in it. */
    private static final class Region {
        private final LaneReading[] lanes;
        private final double[] downstream;
        private final double metres;
        private final double length;
        private double density;
        private double queue;

        Region(final SignalReadings now, final List<Piece> pieces, final double metres) {
            this.metres = metres;
            lanes = pieces.stream().map(p -> now.lane(p.id)).toArray(LaneReading[]::new);
            downstream = pieces.stream().mapToDouble(Piece::downstream).toArray();
            double longest = 0;
            for (int i = 0; i < lanes.length; i++) {
                longest = Math.max(longest, downstream[i] + lanes[i].length());
            }
            length = Math.min(longest, metres);
        }

        void read() {
            double taken = 0;
            double halting = 0;
            for (int i = 0; i < lanes.length; i++) {
                final List<Vehicle> present = lanes[i].present();
                for (int v = 0; v < present.size(); v++) {
                    final Vehicle vehicle = present.get(v);
                    final double distance = downstream[i] + lanes[i].length() - vehicle.position();
                    if (distance <= metres) {
                        taken += GAP + vehicle.length();
                        halting += vehicle.speed() < HALTING ? GAP + vehicle.length() : 0;
                    }
                }
            }
            density = Math.min(1, taken / length);
            queue = Math.min(1, halting / length);
        }
    }

    /** Goes upstream, nearest lanes first; each lane is taken once, by the way found first. */
    private List<Piece> region(final Network network, final String lane) {
        Upstream known = upstream;
        if (known == null || known.network != network) {
            known = Upstream.of(network);
            upstream = known;
        }
        final List<Piece> pieces = new ArrayList<>(List.of(new Piece(lane, 0)));
        final Set<String> taken = new HashSet<>(Set.of(lane));
        for (int next = 0; next < pieces.size(); next++) {
            final Piece piece = pieces.get(next);
            final double behind = piece.downstream + network.laneLength(piece.id);
            for (final Connection entry : known.entries.getOrDefault(piece.id, List.of())) {
                if (behind < metres && taken.add(entry.from())) {
                    pieces.add(new Piece(entry.from(), behind));
                }
            }
        }
        return pieces;
    }
}

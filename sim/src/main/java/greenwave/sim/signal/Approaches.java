package greenwave.sim.signal;

import greenwave.sim.net.Lane;
import greenwave.sim.net.Network;
import greenwave.sim.net.TrafficLight.Connection;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What lies before the stop lines of a signal, within a distance and also where that is on other edges:
 * networks of real cities split roads, and the last lane before a signal may be a few metres long. The approach
 * of a lane goes upstream over every lane that leads here, until the distance is reached or another signal is
 * in between; a vehicle upstream of a fork belongs to each lane that it may come to. Any thread.
 */
final class Approaches {
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

    /**
     * A lane of an approach.
     *
     * @param id of the lane
     * @param downstream metres from its end to the stop line
     */
    private record Piece(String id, double downstream) {}

    /** Hears of the vehicles of an approach. */
    @FunctionalInterface
    interface Visitor {
        /**
         * Hears of one.
         *
         * @param distance metres from its front to the stop line
         * @param limit that of the lane where it is, m/s
         */
        void see(Vehicle vehicle, double distance, double limit);
    }

    /** The approach of one lane in one episode. One thread. */
    static final class Approach {
        private final LaneReading[] lanes;
        private final double[] downstream;
        private final double[] limits;
        private final double metres;
        private final double length;

        private Approach(final SignalReadings now, final List<Piece> pieces, final double metres) {
            final Network network = now.signal().network();
            this.metres = metres;
            this.lanes = pieces.stream().map(p -> now.lane(p.id)).toArray(LaneReading[]::new);
            this.downstream = pieces.stream().mapToDouble(Piece::downstream).toArray();
            this.limits = pieces.stream().mapToDouble(p -> network.lane(p.id).speed()).toArray();
            double longest = 0;
            for (int i = 0; i < lanes.length; i++) {
                longest = Math.max(longest, downstream[i] + lanes[i].length());
            }
            this.length = Math.min(longest, metres);
        }

        /** {@return metres along its longest way} */
        double length() {
            return length;
        }

        /** Shows {@code visitor} every vehicle whose front is within the distance. Allocates nothing. */
        void visit(final Visitor visitor) {
            for (int i = 0; i < lanes.length; i++) {
                final List<Vehicle> present = lanes[i].present();
                for (int v = 0; v < present.size(); v++) {
                    final Vehicle vehicle = present.get(v);
                    final double distance = downstream[i] + lanes[i].length() - vehicle.position();
                    if (distance <= metres) {
                        visitor.see(vehicle, distance, limits[i]);
                    }
                }
            }
        }
    }

    /** Everything within {@code metres} of a stop line, which are positive. */
    Approaches(final double metres) {
        this.metres = metres;
    }

    /** {@return all lanes of the approaches of {@code signal}: to be read} */
    List<String> lanes(final Signal signal) {
        final Set<String> lanes = new LinkedHashSet<>();
        for (final String lane : signal.lanes()) {
            pieces(signal.network(), lane).forEach(piece -> lanes.add(piece.id));
        }
        return List.copyOf(lanes);
    }

    /** {@return the approaches of one episode, by place of the lane in {@link Signal#lanes}} */
    Approach[] of(final SignalReadings now) {
        final Network network = now.signal().network();
        return now.signal().lanes().stream()
                .map(lane -> new Approach(now, pieces(network, lane), metres))
                .toArray(Approach[]::new);
    }

    /** Goes upstream, nearest lanes first; each lane is taken once, by the way found first. */
    private List<Piece> pieces(final Network network, final String lane) {
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

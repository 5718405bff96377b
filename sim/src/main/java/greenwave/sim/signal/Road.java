package greenwave.sim.signal;

import greenwave.sim.net.Edge;
import greenwave.sim.net.Lane;
import greenwave.sim.net.Network;
import greenwave.sim.net.Point;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * A road that ends or begins at a signal.
 *
 * @param id of its edge
 * @param incoming whether it leads to the signal
 * @param bearing compass bearing in degrees, clockwise from north in [0, 360), from the junction at
 *     the signal's end to the one at the other end
 * @param lanes all of its lanes, controlled or not
 */
public record Road(String id, boolean incoming, double bearing, List<Lane> lanes) {
    /** Copies the list. */
    public Road {
        lanes = List.copyOf(lanes);
    }

    /**
     * {@return the roads of these lanes, clockwise from north} Where two have the same bearing, the
     * incoming one comes first, then the one whose lane comes first. A road that leads from the signal
     * to itself, as between joined junctions, is incoming.
     */
    static List<Road> clockwise(
            final Network network, final List<String> incomingLanes, final List<String> outgoing) {
        final Set<String> in = edges(network, incomingLanes);
        final Set<String> out = edges(network, outgoing);
        out.removeAll(in);
        final List<Road> roads = new ArrayList<>();
        in.forEach(edge -> roads.add(of(network, network.edges().get(edge), true)));
        out.forEach(edge -> roads.add(of(network, network.edges().get(edge), false)));
        roads.sort(Comparator.comparingDouble(Road::bearing)); // stable
        return List.copyOf(roads);
    }

    private static Set<String> edges(final Network network, final List<String> lanes) {
        final Set<String> edges = new LinkedHashSet<>();
        for (final String lane : lanes) {
            if (network.isRoad(lane)) {
                edges.add(network.lane(lane).edge());
            }
        }
        return edges;
    }

    private static Road of(final Network network, final Edge edge, final boolean incoming) {
        return new Road(
                edge.id(),
                incoming,
                bearing(network, edge, incoming),
                edge.lanes().stream().map(network::lane).toList());
    }

    private static double bearing(final Network network, final Edge edge, final boolean incoming) {
        final Point near = network.junctions().get(incoming ? edge.to() : edge.from());
        final Point far = network.junctions().get(incoming ? edge.from() : edge.to());
        if (near == null || far == null) {
            return 0; // an edge without junctions is in no network that SUMO accepts
        }
        final double angle = Math.toDegrees(Math.atan2(far.y() - near.y(), far.x() - near.x()));
        return ((90 - angle) % 360 + 360) % 360;
    }
}

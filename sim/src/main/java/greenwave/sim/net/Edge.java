package greenwave.sim.net;

import java.util.List;

/**
 * A road in one direction, or what takes its place inside a junction.
 *
 * @param id name in the network
 * @param from junction at which it begins; null inside a junction
 * @param to junction at which it ends; null inside a junction
 * @param kind what it is for
 * @param crossed IDs of the roads that a crossing leads over; none for any other kind
 * @param lanes IDs of its lanes, the rightmost first (in left-hand networks the leftmost)
 */
public record Edge(
        String id, String from, String to, Kind kind, List<String> crossed, List<String> lanes) {
    /** What an edge is for. */
    public enum Kind {
        /** A road. */
        ROAD,
        /** A way over a junction. */
        INTERNAL,
        /** Where pedestrians cross a road. */
        CROSSING,
        /** Where pedestrians wait for one. */
        WALKING_AREA,
        /** A way in from a macroscopic zone. */
        CONNECTOR
    }

    /** Copies the lists. */
    public Edge {
        crossed = List.copyOf(crossed);
        lanes = List.copyOf(lanes);
    }

    /** {@return whether vehicles drive here between junctions} */
    public boolean isRoad() {
        return kind == Kind.ROAD;
    }
}

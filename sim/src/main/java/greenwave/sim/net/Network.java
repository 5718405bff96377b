package greenwave.sim.net;

import greenwave.sim.SumoException;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * What signal control needs to know of a road network.
 *
 * @param file where it was read from
 * @param trafficLights in the order in which SUMO lists them: by ID, byte by byte
 * @param lanes by ID; internal lanes and walking areas included
 * @param edges by ID; those inside junctions included
 * @param junctions where junctions lie, by ID; without internal ones
 * @param bounds the file's own boundary, or that of its junctions where it has none
 * @param leftHand whether traffic keeps to the left
 * @param rightOfWay who gives way to whom
 * @param junction ID of some junction
 * @param radius metres around that junction within which every vehicle is
 */
public record Network(
        Path file,
        List<TrafficLight> trafficLights,
        Map<String, Lane> lanes,
        Map<String, Edge> edges,
        Map<String, Point> junctions,
        Bounds bounds,
        boolean leftHand,
        RightOfWay rightOfWay,
        String junction,
        double radius) {
    /** Copies the collections. */
    public Network {
        trafficLights = List.copyOf(trafficLights);
        lanes = Map.copyOf(lanes);
        edges = Map.copyOf(edges);
        junctions = Map.copyOf(junctions);
    }

    /**
     * Reads a {@code .net.xml} or {@code .net.xml.gz} file.
     *
     * @param additional files that may bring further signal programs
     * @throws SumoException naming {@code file:line} if a file is missing or malformed
     */
    public static Network read(final Path file, final List<Path> additional) {
        return new NetworkReader(file).read(additional);
    }

    /**
     * {@return a lane}
     *
     * @throws SumoException if the network has no such lane
     */
    public Lane lane(final String id) {
        final Lane lane = lanes.get(id);
        if (lane == null) {
            throw new SumoException("%s: lane %s is connected but not defined".formatted(file, id));
        }
        return lane;
    }

    /**
     * {@return the length of {@code lane} in metres}
     *
     * @throws SumoException if the network has no such lane
     */
    public double laneLength(final String lane) {
        return lane(lane).length();
    }

    /** {@return whether vehicles drive on {@code lane}: not a walking area, crossing or way over a junction} */
    public boolean isRoad(final String lane) {
        return edges.get(lane(lane).edge()).isRoad();
    }
}

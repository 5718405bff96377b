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
 * @param laneLengths metres by lane ID; internal lanes and walking areas included
 * @param junction ID of some junction
 * @param radius metres around that junction within which every vehicle is
 */
public record Network(
        Path file,
        List<TrafficLight> trafficLights,
        Map<String, Double> laneLengths,
        String junction,
        double radius) {
    /** Copies the collections. */
    public Network {
        trafficLights = List.copyOf(trafficLights);
        laneLengths = Map.copyOf(laneLengths);
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
     * {@return the length of {@code lane} in metres}
     *
     * @throws SumoException if the network has no such lane
     */
    public double laneLength(final String lane) {
        final Double length = laneLengths.get(lane);
        if (length == null) {
            throw new SumoException(
                    "%s: lane %s is connected but not defined".formatted(file, lane));
        }
        return length;
    }
}

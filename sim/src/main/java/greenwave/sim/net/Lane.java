package greenwave.sim.net;

import greenwave.sim.net.TrafficLight.Connection;

import java.util.List;
import java.util.stream.Collectors;

/**
 * A lane of a road network.
 *
 * @param id name in the network
 * @param edge ID of its edge
 * @param length metres
 * @param speed limit in m/s, 0 where the file names none
 * @param rails whether only trams and trains may use it
 * @param exits connections that leave it, in file order; none on an internal lane
 */
public record Lane(
        String id,
        String edge,
        double length,
        double speed,
        boolean rails,
        List<Connection> exits) {
    /** Copies the list. */
    public Lane {
        exits = List.copyOf(exits);
    }

    /**
     * {@return where it leads: the distinct letters of its exits' directions, sorted} {@code r R} right,
     * {@code s} straight, {@code l L} left, {@code t} turn; empty on a lane that ends the network.
     */
    public String movements() {
        return exits.stream()
                .map(exit -> String.valueOf(exit.direction()))
                .distinct()
                .sorted()
                .collect(Collectors.joining());
    }
}

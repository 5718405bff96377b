package greenwave.sim.net;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;
import java.util.TreeSet;

/**
 * One traffic light of a network, as SUMO holds it after loading.
 *
 * @param id name in the network; a joined light spans several junctions
 * @param programs by program ID in byte order, as SUMO lists them; none for a rail signal
 * @param running ID of the program that runs from the start, the last one loaded; empty without any
 * @param links controlled connections by link index, each in file order; an unused index is empty
 */
public record TrafficLight(
        String id, List<Program> programs, String running, List<List<Connection>> links) {
    /**
     * A signal plan.
     *
     * @param id unique among the programs of its light
     * @param type SUMO's algorithm, for example {@code static} or {@code actuated}
     * @param phases in the order they are shown
     */
    public record Program(String id, String type, List<Phase> phases) {
        /** Copies the list. */
        public Program {
            phases = List.copyOf(phases);
        }
    }

    /**
     * One phase of a program.
     *
     * @param duration seconds
     * @param state a letter per link index: {@code G g y r s u o O}
     */
    public record Phase(double duration, String state) {}

    /**
     * A way from lane to lane; for pedestrians from a walking area onto a crossing.
     *
     * @param from ID of the lane before the stop line
     * @param to ID of the lane behind the junction
     * @param direction {@code r R} right, {@code s} straight, {@code l L} left, {@code t} turn, or
     *     {@code i} where the file names none
     */
    public record Connection(String from, String to, char direction) {}

    /** Copies the lists. */
    public TrafficLight {
        programs = List.copyOf(programs);
        links = links.stream().map(List::copyOf).toList();
    }

    /**
     * {@return the program that runs from the start}
     *
     * @throws java.util.NoSuchElementException if there is none
     */
    public Program runningProgram() {
        return programs.stream().filter(p -> p.id().equals(running)).findFirst().orElseThrow();
    }

    /** {@return lanes before the stop line, each once, in link order; as TraCI's controlled lanes} */
    public List<String> incomingLanes() {
        final SequencedSet<String> lanes = new LinkedHashSet<>();
        for (final List<Connection> link : links) {
            for (final Connection connection : link) {
                lanes.add(connection.from());
            }
        }
        return List.copyOf(lanes);
    }

    /** {@return lanes behind the junction, each once, sorted} */
    public List<String> outgoingLanes() {
        return outgoingLanes(Integer.MAX_VALUE);
    }

    /** {@return {@link #outgoingLanes()}, where the first {@code perLink} connections of a link index count} */
    public List<String> outgoingLanes(final int perLink) {
        final TreeSet<String> lanes = new TreeSet<>(ByteOrder.UTF8);
        for (final List<Connection> link : links) {
            link.stream().limit(perLink).map(Connection::to).forEach(lanes::add);
        }
        return new ArrayList<>(lanes);
    }
}

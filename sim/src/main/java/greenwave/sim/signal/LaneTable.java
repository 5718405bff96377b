package greenwave.sim.signal;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What was read of all observed lanes and signals of one world at one instant. Written by the world,
 * read through {@link SignalReadings}.
 */
public final class LaneTable {
    private final Map<String, LaneReading> lanes = new LinkedHashMap<>();
    private final Map<String, String> states = new HashMap<>();
    private final List<LaneReading> incoming;

    /**
     * A table of empty lanes.
     *
     * @param lengths in metres, by lane
     * @param incoming the lanes that lead to controlled signals
     */
    public LaneTable(final Map<String, Double> lengths, final List<String> incoming) {
        lengths.forEach((lane, length) -> lanes.put(lane, new LaneReading(length)));
        this.incoming = incoming.stream().map(this::lane).toList();
    }

    List<LaneReading> incoming() {
        return incoming;
    }

    /**
     * {@return what is read of {@code id}}
     *
     * @throws IllegalArgumentException if that lane is not observed
     */
    public LaneReading lane(final String id) {
        final LaneReading lane = lanes.get(id);
        if (lane == null) {
            throw new IllegalArgumentException(
                    "lane=%s is not read, expected one of the incoming lanes or of Observation.lanes"
                            .formatted(id));
        }
        return lane;
    }

    /** Notes what a signal shows; {@link Reading#STATE}. */
    public void setState(final String signal, final String state) {
        states.put(signal, state);
    }

    String state(final String signal) {
        return states.get(signal);
    }
}

package greenwave.sim.oracle;

import com.fasterxml.jackson.databind.JsonNode;

import greenwave.sim.signal.DefaultObservation;
import greenwave.sim.signal.Signal;

import java.util.List;

/**
 * What sumo-rl says of its signals before an episode.
 *
 * @param header first line of a recording
 * @param fixedTime whether the network's own programs ran
 */
record SumoRlHeader(JsonNode header, boolean fixedTime) {
    /** Compares it with our signals. */
    void compare(final Tally tally, final List<Signal> ours) {
        tally.texts("ts_ids", header.path("ts_ids"), ours.stream().map(Signal::id).toList());
        ours.forEach(signal -> compare(tally, header.path("ts").path(signal.id()), signal));
    }

    private void compare(final Tally tally, final JsonNode theirs, final Signal signal) {
        final String id = signal.id() + ' ';
        final int greens =
                fixedTime ? FixedTimePhases.number(signal.light()) : signal.greens().size();
        final int size = new DefaultObservation().size(signal) - signal.greens().size() + greens;
        tally.texts(id + "lanes", theirs.path("lanes"), signal.lanes());
        tally.texts(
                id + "out_lanes_sorted", theirs.path("out_lanes_sorted"), signal.outgoingLanes());
        theirs.path("lanes_length")
                .properties()
                .forEach(
                        lane ->
                                tally.close(
                                        id + lane.getKey(),
                                        lane.getValue().asDouble(),
                                        signal.network().laneLength(lane.getKey())));
        tally.same(id + "action_n", theirs.path("action_n").asInt(), greens);
        tally.same(id + "obs_dim", theirs.path("obs_dim").asInt(), size);
        if (theirs.has("green_phases")) {
            tally.texts(id + "green_phases", theirs.get("green_phases"), signal.greens());
        }
        compareYellow(tally, theirs.path("yellow"), signal);
    }

    /** Compares the states between greens, given by {@code from>to}. */
    static void compareYellow(final Tally tally, final JsonNode yellow, final Signal signal) {
        yellow.properties()
                .forEach(
                        pair -> {
                            final String[] ends = pair.getKey().split(">");
                            if (ends.length != 2) {
                                throw new IllegalArgumentException(
                                        "yellow=%s, expected from>to".formatted(pair.getKey()));
                            }
                            tally.same(
                                    signal.id() + " yellow " + pair.getKey(),
                                    pair.getValue().asText(),
                                    yellow(signal, ends[0], ends[1]));
                        });
    }

    /** {@return the state between two greens; nothing if the signal has no such greens} */
    private static String yellow(final Signal signal, final String from, final String to) {
        final int before = Integer.parseInt(from);
        final int after = Integer.parseInt(to);
        final int greens = signal.greens().size();
        return Math.max(before, after) < greens ? signal.yellow(before, after) : "";
    }
}

package greenwave.sim.oracle;

import static greenwave.sim.oracle.Fields.need;

import com.fasterxml.jackson.databind.JsonNode;

import greenwave.sim.SumoVecEnv;
import greenwave.sim.SumoVecEnvBuilder;
import greenwave.sim.Transport;
import greenwave.sim.WorldView;
import greenwave.sim.net.Lane;
import greenwave.sim.net.TrafficLight.Connection;
import greenwave.sim.signal.Observation;
import greenwave.sim.signal.Reward;
import greenwave.sim.signal.Road;
import greenwave.sim.signal.RoadObservation;
import greenwave.sim.signal.RoadObservation.Order;
import greenwave.sim.signal.Signal;
import greenwave.sim.signal.SignalReadings;
import greenwave.sim.signal.StandardPhases;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Replays what general-tls did: format {@code generaltls-oracle-1}. */
final class GeneralTlsReplay implements Replay {
    private static final Map<String, Order> BLOCKS =
            Map.of(
                    "default", Order.INCOMING,
                    "attach", Order.ATTACH,
                    "clockwise", Order.CLOCKWISE);

    private final Recording recording;
    private final Path root;
    private final Path folder;
    private final Transport transport;
    private final JsonNode env;
    private final Map<String, Map<String, Reward>> rewards = new HashMap<>(); // by signal, name

    /** As {@link SumoRlReplay}. */
    GeneralTlsReplay(
            final Recording recording,
            final Path root,
            final Path folder,
            final Transport transport) {
        this.recording = recording;
        this.root = root;
        this.folder = folder;
        this.transport = transport;
        this.env = need(recording.header(), "env");
    }

    @Override
    public void run(final Tally tally) {
        final List<JsonNode> rows = recording.rows();
        final SumoCommand command = SumoCommand.ofHeader(recording.header());
        final double end = need(rows.getLast(), "t").asDouble();
        final SumoVecEnvBuilder builder =
                SumoVecEnv.builder(
                                command.config(
                                        root,
                                        Math.max(end, command.begin() + 1),
                                        new SignalLog(folder).additional()))
                        .actions(StandardPhases.generalTls(Order.INCOMING))
                        .observation(new RoadObservation(Order.CLOCKWISE))
                        .transport(transport)
                        .timing(SumoRlReplay.timing(env));
        try (Playback playback = new Playback(builder, command.seed(), () -> {})) {
            tally.at("header");
            final List<Signal> signals = playback.env().signals();
            tally.texts(
                    "ts_ids",
                    need(recording.header(), "ts_ids"),
                    signals.stream().map(Signal::id).toList());
            signals.forEach(signal -> compareHeader(tally, signal));
            for (int row = 0; row < rows.size(); row++) {
                final JsonNode expected = rows.get(row);
                tally.at("k=" + need(expected, "k"));
                if (row > 0) {
                    final JsonNode actions = need(expected, "a");
                    playback.decide(signal -> actions.path(signal).asInt(SumoVecEnv.NONE));
                }
                compare(tally, expected, playback);
            }
        }
    }

    private void compareHeader(final Tally tally, final Signal signal) {
        final JsonNode header = need(need(recording.header(), "ts"), signal.id());
        final String id = signal.id() + ' ';
        tally.texts(
                id + "incoming_roads",
                header.path("incoming_roads"),
                signal.incomingRoads().stream().map(Road::id).toList());
        tally.texts(
                id + "all_roads",
                header.path("all_roads"),
                signal.roads().stream().map(Road::id).toList());
        for (final Road road : signal.roads()) {
            tally.close(
                    id + "bearing " + road.id(),
                    header.path("bearing").path(road.id()).asDouble(-1),
                    road.bearing());
            tally.texts(
                    id + "road_lanes " + road.id(),
                    header.path("road_lanes").path(road.id()),
                    road.lanes().stream().map(Lane::id).toList());
            for (final Lane lane : road.lanes()) {
                final String movement = header.path("movement").path(lane.id()).asText("?");
                tally.same(
                        id + "movement " + lane.id(),
                        movement,
                        movement.length() > lane.movements().length()
                                ? perExit(lane)
                                : lane.movements());
            }
        }
        tally.texts(id + "phases", header.path("phases"), signal.greens());
        compareLinks(tally, header.path("net_link_order"), signal);
        SumoRlHeader.compareYellow(tally, header.path("yellow"), signal);
        BLOCKS.forEach(
                (name, order) -> {
                    final Signal masked =
                            StandardPhases.generalTls(order)
                                    .signal(signal.light(), signal.network());
                    tally.numbers(
                            id + "mask_" + name,
                            header.path("mask_" + name),
                            masked.greens().size(),
                            action -> masked.legal(action) ? 1 : 0);
                });
    }

    /** A letter per exit, sorted: a recording may repeat those that lead the same way. */
    private static String perExit(final Lane lane) {
        return lane.exits().stream()
                .map(exit -> String.valueOf(exit.direction()))
                .sorted()
                .collect(Collectors.joining());
    }

    private static void compareLinks(final Tally tally, final JsonNode links, final Signal signal) {
        final List<List<Connection>> ours = signal.light().links();
        tally.same(signal.id() + " net_link_order.size", links.size(), ours.size());
        for (int link = 0; link < Math.min(links.size(), ours.size()); link++) {
            final List<String> ends = Fields.texts(links.get(link));
            tally.same(
                    signal.id() + " net_link_order[" + link + ']',
                    true,
                    ours.get(link).stream()
                            .anyMatch(way -> List.of(way.from(), way.to()).equals(ends)));
        }
    }

    private void compare(final Tally tally, final JsonNode row, final Playback playback) {
        final WorldView now = playback.view();
        tally.close("t", need(row, "t").asDouble(), now.time());
        for (final SignalReadings signal : now.signals()) {
            final String id = signal.signal().id();
            final JsonNode expected = row.path("ts").path(id);
            final float[] served = playback.observation(id);
            final int head = signal.signal().greens().size() + 1;
            tally.floats(id + " head", need(expected, "head"), Arrays.copyOf(served, head));
            BLOCKS.forEach(
                    (name, order) -> {
                        final float[] whole =
                                order == Order.CLOCKWISE ? served : observe(order, signal);
                        tally.floats(
                                id + ' ' + name,
                                need(expected, name),
                                Arrays.copyOfRange(whole, head, whole.length));
                    });
            tally.same(id + " state", need(expected, "state").asText(), signal.state());
            tally.same(
                    id + " green_phase",
                    need(expected, "green_phase").asInt(),
                    signal.controller().green());
            compareRewards(tally, expected.path("r"), signal);
        }
    }

    private static float[] observe(final Order order, final SignalReadings now) {
        final Observation observation = new RoadObservation(order);
        try (Arena arena = Arena.ofConfined()) {
            final MemorySegment out =
                    arena.allocate(ValueLayout.JAVA_FLOAT, observation.size(now.signal()));
            observation.eye(now).write(out, 0);
            return out.toArray(ValueLayout.JAVA_FLOAT);
        }
    }

    private void compareRewards(
            final Tally tally, final JsonNode expected, final SignalReadings now) {
        final String id = now.signal().id();
        expected.properties()
                .forEach(
                        field -> {
                            final double ours =
                                    rewards.computeIfAbsent(id, _ -> new HashMap<>())
                                            .computeIfAbsent(
                                                    field.getKey(),
                                                    name -> Reward.named(name).get())
                                            .of(now);
                            tally.close(
                                    id + " r." + field.getKey(), field.getValue().asDouble(), ours);
                        });
    }
}

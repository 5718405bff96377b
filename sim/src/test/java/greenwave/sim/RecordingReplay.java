package greenwave.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;

import greenwave.engine.env.AgentGroup;
import greenwave.engine.env.GroupBatch;
import greenwave.engine.env.StepBatch;
import greenwave.sim.signal.Reading;
import greenwave.sim.signal.Reward;
import greenwave.sim.signal.SignalReadings;

import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** Plays a recording's actions through {@link SumoVecEnv} and compares all that it serves. */
final class RecordingReplay {
    private static final double RELATIVE = 1e-9;

    private final Recording recording;
    private final Map<String, Seen> seen = new HashMap<>();
    private int compared;

    /** Pays diff-waiting-time, and keeps what the other rewards and readings said of the signal. */
    private static final class Seen implements Reward {
        final Map<String, Reward> rewards = new LinkedHashMap<>();
        final Map<String, Double> values = new HashMap<>();
        final RecordingReplay replay;
        SignalReadings now;

        Seen(final RecordingReplay replay) {
            this.replay = replay;
            for (final String name :
                    List.of("diff-waiting-time", "average-speed", "queue", "pressure")) {
                rewards.put(name, Reward.named(name).get());
            }
        }

        @Override
        public Set<Reading> readings() {
            return Set.of(Reading.values());
        }

        @Override
        public double of(final SignalReadings readings) {
            now = readings;
            rewards.forEach((name, reward) -> values.put(name, reward.of(readings)));
            replay.seen.put(readings.signal().id(), this);
            return values.get("diff-waiting-time");
        }
    }

    RecordingReplay(final Recording recording) {
        this.recording = recording;
    }

    /** {@return the number of values compared} */
    int run() {
        final List<JsonNode> rows = recording.rows();
        try (SumoVecEnv env =
                SumoVecEnv.builder(recording.config())
                        .timing(recording.timing())
                        .fixedTime(recording.fixedTime())
                        .reward(() -> new Seen(this))
                        .episodeSeed((_, _) -> recording.seed())
                        .open()) {
            assertEquals(recording.signals(), env.signals().stream().map(s -> s.id()).toList());
            compareHeader(env);
            final List<AgentGroup> groups = env.spec().groups();
            StepBatch batch = env.reset(1);
            compareObservations(rows.getFirst(), groups, batch, false);
            for (int row = 0; row + 1 < rows.size(); row++) {
                final int[][] actions = new int[groups.size()][];
                for (int group = 0; group < actions.length; group++) {
                    final int at = row;
                    actions[group] =
                            groups.get(group).agents().stream()
                                    .mapToInt(id -> recording.action(at, id))
                                    .toArray();
                }
                batch = env.step(actions);
                final boolean last = row + 2 == rows.size();
                assertEquals(last ? 1 : 0, batch.ended().size(), "episode end, row " + row);
                compareObservations(rows.get(row + 1), groups, batch, last);
                compareReadings(rows.get(row + 1));
            }
        }
        return compared;
    }

    private void compareHeader(final SumoVecEnv env) {
        env.signals()
                .forEach(
                        signal -> {
                            final JsonNode header = recording.header().at("/ts/" + signal.id());
                            assertEquals(texts(header.get("lanes")), signal.lanes());
                            assertEquals(
                                    texts(header.get("out_lanes_sorted")), signal.outgoingLanes());
                            if (!recording.fixedTime()) {
                                assertEquals(texts(header.get("green_phases")), signal.greens());
                            }
                            header.path("yellow")
                                    .properties()
                                    .forEach(
                                            pair -> {
                                                final String[] ends = pair.getKey().split(">");
                                                assertEquals(
                                                        pair.getValue().asText(),
                                                        signal.yellow(
                                                                Integer.parseInt(ends[0]),
                                                                Integer.parseInt(ends[1])));
                                            });
                            compared += 4;
                        });
    }

    private void compareObservations(
            final JsonNode row,
            final List<AgentGroup> groups,
            final StepBatch batch,
            final boolean last) {
        for (int group = 0; group < groups.size(); group++) {
            final AgentGroup agents = groups.get(group);
            final GroupBatch columns = batch.groups().get(group);
            for (int agent = 0; agent < agents.agents().size(); agent++) {
                final JsonNode obs = row.at("/ts/" + agents.agents().get(agent) + "/obs");
                if (obs.isMissingNode()) {
                    continue;
                }
                for (int i = 0; i < agents.obsSize(); i++) {
                    assertEquals(
                            Float.parseFloat(obs.get(i).asText()),
                            (last ? columns.finalObs() : columns.obs())
                                    .getAtIndex(
                                            ValueLayout.JAVA_FLOAT,
                                            (long) agent * agents.obsSize() + i),
                            "%s k=%s obs[%d]"
                                    .formatted(agents.agents().get(agent), row.get("k"), i));
                    compared++;
                }
            }
        }
    }

    private void compareReadings(final JsonNode row) {
        for (final String id : recording.signals()) {
            final JsonNode expected = row.at("/ts/" + id);
            final Seen actual = seen.get(id);
            final SignalReadings now = actual.now;
            final String where = id + " k=" + row.get("k") + ' ';
            final int lanes = now.signal().lanes().size();
            expected.path("r")
                    .properties()
                    .forEach(
                            reward -> {
                                if (!reward.getKey().equals("env")) {
                                    close(
                                            reward.getValue().asDouble(),
                                            actual.values.get(reward.getKey()),
                                            where + reward.getKey());
                                }
                            });
            compare(expected.get("lane_veh"), lanes, now::vehicles, where + "lane_veh");
            compare(expected.get("lane_halt"), lanes, now::halting, where + "lane_halt");
            compare(expected.get("lane_len"), lanes, now::meanLength, where + "lane_len");
            compare(expected.get("lane_wait"), lanes, now::waiting, where + "lane_wait");
            compare(
                    expected.get("out_veh"),
                    now.signal().outgoingLanes().size(),
                    now::outgoingVehicles,
                    where + "out_veh");
            assertEquals(expected.get("state").asText(), now.state(), where + "state");
            assertEquals(expected.get("green_phase").asInt(), now.controller().green(), where);
            assertEquals(expected.get("tslpc").asInt(), now.controller().sinceChange(), where);
            final JsonNode info = row.path("info");
            if (info.has(id + "_stopped")) {
                assertEquals(info.get(id + "_stopped").asInt(), now.totalQueued(), where);
                close(
                        info.get(id + "_accumulated_waiting_time").asDouble(),
                        now.totalWaiting(),
                        where);
                close(info.get(id + "_average_speed").asDouble(), now.averageSpeed(), where);
                compared += 3;
            }
            compared += 3 + 4 * lanes;
        }
    }

    private void compare(
            final JsonNode expected,
            final int size,
            final Function<Integer, Number> actual,
            final String where) {
        assertEquals(expected.size(), size, where);
        for (int i = 0; i < size; i++) {
            close(expected.get(i).asDouble(), actual.apply(i).doubleValue(), where + '[' + i + ']');
        }
    }

    /** Integers and what rounds alike must be equal; sums may be taken in another order. */
    private static void close(final double expected, final double actual, final String where) {
        assertEquals(expected, actual, RELATIVE * Math.abs(expected), where);
    }

    private static List<String> texts(final JsonNode array) {
        final List<String> texts = new ArrayList<>();
        array.forEach(text -> texts.add(text.asText()));
        return texts;
    }
}

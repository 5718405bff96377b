package greenwave.sim.oracle;

import static greenwave.sim.oracle.Fields.need;

import com.fasterxml.jackson.databind.JsonNode;

import greenwave.sim.SignalTiming;
import greenwave.sim.SumoRlMetrics;
import greenwave.sim.SumoVecEnv;
import greenwave.sim.SumoVecEnvBuilder;
import greenwave.sim.Transport;
import greenwave.sim.WorldView;
import greenwave.sim.signal.Compat;
import greenwave.sim.signal.ProgramPhases;
import greenwave.sim.signal.Reward;
import greenwave.sim.signal.SignalReadings;
import greenwave.sim.signal.SystemReadings;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/** Replays what sumo-rl did: format {@code sumorl-oracle-1}. */
final class SumoRlReplay implements Replay {
    private static final String DEFAULT_REWARD = "diff-waiting-time";

    private final Recording recording;
    private final Path root;
    private final Path folder;
    private final Transport transport;
    private final JsonNode env;
    private final List<String> signals;
    private final List<String> rewardNames; // of signals without names of their own
    private final Map<String, List<String>> rewardsOf = new HashMap<>();
    private final boolean fixedTime;
    private final Map<String, Map<String, Reward>> rewards = new HashMap<>(); // by signal, name
    private final Map<String, List<Reward>> vectors = new HashMap<>(); // by signal
    private final Set<String> leftOut = new HashSet<>();
    private List<SignalLog.Change> changes = List.of();

    /**
     * Prepares the replay.
     *
     * @param root folder that the recording's paths start from
     * @param folder for files of our own
     * @param transport how to talk to SUMO
     */
    SumoRlReplay(
            final Recording recording,
            final Path root,
            final Path folder,
            final Transport transport) {
        this.recording = recording;
        this.root = root;
        this.folder = folder;
        this.transport = transport;
        this.env = need(recording.header(), "env");
        this.signals = Fields.texts(need(recording.header(), "ts_ids"));
        this.fixedTime = env.path("fixed_ts").asBoolean(false);
        final JsonNode named = env.path("reward_fn");
        this.rewardNames = names(named);
        named.properties().forEach(own -> rewardsOf.put(own.getKey(), names(own.getValue())));
    }

    private static List<String> names(final JsonNode named) {
        return named.isArray()
                ? Fields.texts(named)
                : List.of(named.isTextual() ? named.asText() : DEFAULT_REWARD);
    }

    /** {@return sumo-rl's timing arguments, or its defaults} */
    static SignalTiming timing(final JsonNode env) {
        return new SignalTiming(
                env.path("delta_time").asInt(5),
                env.path("yellow_time").asInt(2),
                env.path("min_green").asInt(5),
                env.path("max_green").asInt(50),
                env.path("enforce_max_green").asBoolean(false));
    }

    /** {@return the length of an episode, or sumo-rl's default} */
    static double numSeconds(final JsonNode env) {
        return env.path("num_seconds").asDouble(20_000);
    }

    @Override
    public void run(final Tally tally) {
        final List<JsonNode> rows = recording.rows();
        final SumoCommand command = SumoCommand.ofHeader(recording.header());
        final SignalLog log = new SignalLog(folder);
        final double end = need(rows.getLast(), "t").asDouble();
        final SumoVecEnvBuilder builder =
                SumoVecEnv.builder(
                                command.config(
                                        root, Math.max(end, command.begin() + 1), log.additional()))
                        .actions(
                                fixedTime
                                        ? new FixedTimePhases()
                                        : new ProgramPhases(Compat.SUMO_RL))
                        .transport(transport)
                        .timing(timing(env))
                        .reward(reward())
                        .fixedTime(fixedTime);
        try (Playback playback =
                new Playback(builder, command.seed(), () -> changes = log.read(1))) {
            tally.at("header");
            new SumoRlHeader(recording.header(), fixedTime)
                    .compare(tally, playback.env().signals());
            for (int row = 0; row < rows.size(); row++) {
                final JsonNode expected = rows.get(row);
                if (row > 0) {
                    playback.decide(signal -> action(need(expected, "a"), signal));
                }
                tally.at("k=" + need(expected, "k"));
                compare(tally, expected, playback, row == 0);
            }
        }
        compareStates(tally);
    }

    /** What the environment itself pays; a list without weights has no single value. */
    private Supplier<Reward> reward() {
        final List<Supplier<Reward>> makers = rewardNames.stream().map(Reward::named).toList();
        return env.has("reward_weights")
                ? Reward.weighted(makers, Fields.doubles(env.get("reward_weights")), Compat.SUMO_RL)
                : makers.getFirst();
    }

    private boolean isVector(final String signal) {
        return rewardsOf.getOrDefault(signal, rewardNames).size() > 1 && !env.has("reward_weights");
    }

    /** A single agent acts on the first signal. One that was left out once is never asked again. */
    private int action(final JsonNode action, final String signal) {
        final JsonNode chosen =
                action.isObject()
                        ? action.path(signal)
                        : signal.equals(signals.getFirst()) ? action : action.path("none");
        if (!chosen.isInt()) {
            leftOut.add(signal);
        }
        return leftOut.contains(signal) ? SumoVecEnv.NONE : chosen.asInt();
    }

    private void compare(
            final Tally tally, final JsonNode row, final Playback playback, final boolean start) {
        final WorldView now = playback.view();
        tally.close("t", need(row, "t").asDouble(), now.time());
        final double begin = env.path("begin_time").asDouble(0);
        tally.same("done", row.path("done").asBoolean(), now.time() >= begin + numSeconds(env));
        for (int i = 0; i < now.signals().size(); i++) {
            final SignalReadings signal = now.signals().get(i);
            final String id = signal.signal().id();
            final JsonNode expected = row.path("ts").path(id);
            if (expected.has("obs")) {
                tally.floats(id + " obs", expected.get("obs"), observation(playback, signal));
            }
            if (!start) {
                compareRewards(tally, expected.path("r"), signal, now.rewards().get(i));
            }
            compareLanes(tally, expected, signal);
        }
        if (row.has("info")) {
            compareInfo(tally, row.get("info"), now);
        }
        if (row.has("veh")) {
            compareVehicles(tally, row.get("veh"), now.system());
        }
    }

    /** With {@code fixed_ts} our signals may have more greens than sumo-rl's. */
    private float[] observation(final Playback playback, final SignalReadings now) {
        final float[] ours = playback.observation(now.signal().id());
        if (!fixedTime) {
            return ours;
        }
        final int theirs = FixedTimePhases.number(now.signal().light());
        final int greens = now.signal().greens().size();
        final float[] observation = Arrays.copyOf(ours, ours.length - greens + theirs);
        System.arraycopy(ours, greens, observation, theirs, ours.length - greens);
        return observation;
    }

    private void compareRewards(
            final Tally tally,
            final JsonNode expected,
            final SignalReadings now,
            final double paid) {
        final String id = now.signal().id();
        expected.properties()
                .forEach(
                        field -> {
                            final String name = field.getKey();
                            final JsonNode value = field.getValue();
                            final boolean own = rewardsOf.containsKey(id);
                            if (name.equals("env") && isVector(id)) {
                                tally.floats(id + " r.env", value, vector(now));
                            } else if (!own
                                    && (name.equals("env")
                                            || name.equals(rewardNames.getFirst()))) {
                                tally.close(id + " r." + name, value.asDouble(), paid);
                            } else {
                                final String called =
                                        name.equals("env") ? rewardsOf.get(id).getFirst() : name;
                                tally.close(
                                        id + " r." + name,
                                        value.asDouble(),
                                        reward(name, called, now));
                            }
                        });
    }

    /** {@return a reward that the environment itself does not pay} One that remembers is kept by field. */
    private double reward(final String field, final String name, final SignalReadings now) {
        return rewards.computeIfAbsent(now.signal().id(), _ -> new HashMap<>())
                .computeIfAbsent(field, _ -> Reward.named(name).get())
                .of(now);
    }

    private float[] vector(final SignalReadings now) {
        final List<Reward> parts =
                vectors.computeIfAbsent(
                        now.signal().id(),
                        id ->
                                rewardsOf.getOrDefault(id, rewardNames).stream()
                                        .map(name -> Reward.named(name).get())
                                        .toList());
        final float[] values = new float[parts.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) parts.get(i).of(now);
        }
        return values;
    }

    private static void compareLanes(
            final Tally tally, final JsonNode expected, final SignalReadings now) {
        final String id = now.signal().id() + ' ';
        final int lanes = now.signal().lanes().size();
        tally.numbers(id + "lane_veh", need(expected, "lane_veh"), lanes, now::vehicles);
        tally.numbers(id + "lane_halt", need(expected, "lane_halt"), lanes, now::halting);
        tally.numbers(id + "lane_len", need(expected, "lane_len"), lanes, now::meanLength);
        if (expected.has("lane_wait")) {
            tally.numbers(id + "lane_wait", expected.get("lane_wait"), lanes, now::waiting);
        }
        tally.numbers(
                id + "out_veh",
                need(expected, "out_veh"),
                now.signal().outgoingLanes().size(),
                now::outgoingVehicles);
        tally.same(id + "state", need(expected, "state").asText(), now.state());
        tally.same(
                id + "green_phase",
                need(expected, "green_phase").asInt(),
                now.controller().green());
        tally.same(id + "tslpc", need(expected, "tslpc").asInt(), now.controller().sinceChange());
    }

    private void compareInfo(final Tally tally, final JsonNode expected, final WorldView now) {
        final Map<String, Number> ours =
                new SumoRlMetrics(
                                env.path("add_system_info").asBoolean(true),
                                env.path("add_per_agent_info").asBoolean(true))
                        .of(now);
        expected.properties()
                .forEach(
                        field ->
                                tally.number(
                                        "info." + field.getKey(),
                                        field.getValue(),
                                        ours.get(field.getKey())));
        tally.same("info.size", expected.size(), ours.size());
    }

    private static void compareVehicles(
            final Tally tally, final JsonNode expected, final SystemReadings now) {
        tally.same("veh.n", expected.path("n").asInt(), now.running());
        tally.rounded("veh.sum_speed", expected.path("sum_speed").asDouble(), now.speed(), 6);
        tally.rounded("veh.sum_pos", expected.path("sum_pos").asDouble(), now.position(), 6);
    }

    /** Compares what each signal showed in each simulated second. */
    private void compareStates(final Tally tally) {
        double from = Double.NEGATIVE_INFINITY;
        for (final JsonNode row : recording.rows()) {
            final double until = row.get("t").asDouble();
            if (row.has("tl")) {
                final double after = from;
                final Set<String> ours = new HashSet<>();
                changes.stream()
                        .filter(c -> c.time() > after && c.time() <= until)
                        .filter(c -> signals.contains(c.signal()))
                        .forEach(c -> ours.add(c.time() + " " + c.signal() + ' ' + c.state()));
                tally.at("k=" + row.get("k"));
                tally.same("tl.size", row.get("tl").size(), ours.size());
                for (final JsonNode change : row.get("tl")) {
                    final String shown =
                            change.path(0).asDouble()
                                    + " "
                                    + change.path(1).asText()
                                    + ' '
                                    + change.path(2).asText();
                    tally.same("tl", shown, ours.contains(shown) ? shown : "nothing of it");
                }
            }
            from = until;
        }
    }
}

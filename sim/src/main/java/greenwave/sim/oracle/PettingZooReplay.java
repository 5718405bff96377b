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

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Replays what sumo-rl's PettingZoo environment did: format {@code sumorl-pz-1}. */
final class PettingZooReplay implements Replay {
    private final Recording recording;
    private final Path root;
    private final Path folder;
    private final Transport transport;
    private final JsonNode env;
    private final List<String> agents;

    /** As {@link SumoRlReplay}. */
    PettingZooReplay(
            final Recording recording,
            final Path root,
            final Path folder,
            final Transport transport) {
        this.recording = recording;
        this.root = root;
        this.folder = folder;
        this.transport = transport;
        this.env = need(recording.header(), "env");
        this.agents = Fields.texts(need(recording.header(), "possible_agents"));
    }

    @Override
    public void run(final Tally tally) {
        final List<JsonNode> rows = recording.rows();
        final int seed = need(recording.header(), "reset_seed").asInt();
        final SumoCommand command = SumoCommand.ofArguments(env, seed);
        final SignalTiming timing = SumoRlReplay.timing(env);
        final double end =
                command.begin() + (double) timing.deltaTime() * Math.max(1, rows.size() - 1);
        final SumoVecEnvBuilder builder =
                SumoVecEnv.builder(command.config(root, end, new SignalLog(folder).additional()))
                        .actions(new ProgramPhases(Compat.SUMO_RL))
                        .transport(transport)
                        .timing(timing)
                        .reward(Reward.named(env.path("reward_fn").asText("diff-waiting-time")));
        try (Playback playback = new Playback(builder, seed, () -> {})) {
            for (int row = 0; row < rows.size(); row++) {
                final JsonNode expected = rows.get(row);
                tally.at("k=" + need(expected, "k"));
                if (row > 0) {
                    final JsonNode actions = need(expected, "a");
                    playback.decide(agent -> actions.path(agent).asInt(SumoVecEnv.NONE));
                    compareOutcome(tally, expected, playback.view());
                }
                expected.path("obs")
                        .properties()
                        .forEach(
                                obs ->
                                        tally.floats(
                                                obs.getKey() + " obs",
                                                obs.getValue(),
                                                playback.observation(obs.getKey())));
                compareInfos(tally, expected.path("infos"), playback.view());
            }
        }
    }

    private void compareOutcome(final Tally tally, final JsonNode row, final WorldView now) {
        final boolean over =
                now.time() >= env.path("begin_time").asDouble(0) + SumoRlReplay.numSeconds(env);
        for (int i = 0; i < now.signals().size(); i++) {
            final String agent = now.signals().get(i).signal().id();
            if (row.path("rewards").has(agent)) {
                tally.close(
                        agent + " reward",
                        row.get("rewards").get(agent).asDouble(),
                        now.rewards().get(i));
                tally.same(
                        agent + " terminated",
                        row.path("terminations").path(agent).asBoolean(),
                        false);
                tally.same(
                        agent + " truncated",
                        row.path("truncations").path(agent).asBoolean(),
                        over);
            }
        }
    }

    private void compareInfos(final Tally tally, final JsonNode infos, final WorldView now) {
        tally.same(
                "agents",
                agents,
                now.signals().stream().map(signal -> signal.signal().id()).toList());
        final SumoRlMetrics metrics =
                new SumoRlMetrics(
                        env.path("add_system_info").asBoolean(true),
                        env.path("add_per_agent_info").asBoolean(true));
        infos.properties()
                .forEach(
                        info -> {
                            final String agent = info.getKey();
                            final Map<String, Number> ours =
                                    metrics.ofAgent(agent, now, Compat.SUMO_RL);
                            info.getValue()
                                    .properties()
                                    .forEach(
                                            field ->
                                                    tally.number(
                                                            agent + ' ' + field.getKey(),
                                                            field.getValue(),
                                                            ours.get(field.getKey())));
                            tally.same(agent + " info.size", info.getValue().size(), ours.size());
                        });
    }
}

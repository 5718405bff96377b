package greenwave.bench.train;

import com.fasterxml.jackson.databind.JsonNode;

import greenwave.bench.BenchProcess;
import greenwave.bench.JsonFile;
import greenwave.engine.Engine;
import greenwave.engine.EngineConfig;
import greenwave.engine.dqn.Policy;
import greenwave.engine.env.AgentGroup;
import greenwave.engine.env.EpisodeEnd;
import greenwave.engine.env.StepBatch;
import greenwave.engine.nn.NetFile;
import greenwave.engine.nn.QNet;
import greenwave.sim.SumoConfig;
import greenwave.sim.SumoVecEnv;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** One judge for both sides: the mean delay of a greedy policy on SUMO seeds that training never draws. */
final class Judge implements AutoCloseable {
    private static final List<Integer> SEEDS = List.of(11, 12, 13);

    private final SumoConfig config;
    private final Engine engine = Engine.open(EngineConfig.builder().build());
    private final Map<String, QNet> nets = new LinkedHashMap<>();
    private final List<Policy> policies = new ArrayList<>();

    Judge(final SumoConfig config, final Settings settings) {
        this.config = config;
        try (SumoVecEnv env = Course.environment(config).open()) {
            final List<AgentGroup> groups = env.spec().groups();
            for (final AgentGroup group : groups) {
                final QNet net = settings.net(engine, group);
                nets.put(Course.prefix(group, groups.size() == 1), net);
                policies.add(Policy.of(net));
            }
        }
    }

    /** {@return the delay of MaxPressure on the same seeds, as {@code greenwave eval} finds it} */
    static double maxPressure(final String scenario, final Path report) throws IOException {
        final List<String> arguments =
                List.of(
                        "eval",
                        "--scenario=" + scenario,
                        "--policy=max-pressure",
                        "--seeds="
                                + String.join(",", SEEDS.stream().map(Object::toString).toList()),
                        "--json=" + report);
        final ProcessBuilder eval =
                BenchProcess.java("", List.of(), greenwave.sim.app.Main.class.getName(), arguments)
                        .redirectErrorStream(true)
                        .redirectOutput(report.resolveSibling("eval.txt").toFile());
        try {
            if (eval.start().waitFor() != 0) {
                throw new IOException(
                        "train: greenwave " + String.join(" ", arguments) + " failed");
            }
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("train: interrupted", e);
        }
        double sum = 0;
        for (final JsonNode run : JsonFile.read(report, JsonNode.class).findValue("runs")) {
            sum += run.get("delay").asDouble() / SEEDS.size();
        }
        return sum;
    }

    /** {@return the mean delay of the networks in a safetensors file, seconds per vehicle} */
    double delay(final Path weights) throws IOException {
        NetFile.load(weights, nets);
        try (SumoVecEnv env =
                Course.environment(config)
                        .worlds(SEEDS.size())
                        .episodeSeed((world, _) -> SEEDS.get(world))
                        .open()) {
            final int[][] actions = new int[policies.size()][];
            for (int g = 0; g < actions.length; g++) {
                actions[g] = new int[env.spec().rows(g)];
            }
            StepBatch batch = env.reset(0);
            while (batch.ended().isEmpty()) { // the worlds' windows are equally long
                for (int g = 0; g < actions.length; g++) {
                    policies.get(g).act(batch.groups().get(g).obs(), actions[g]);
                }
                batch = env.step(actions);
            }
            double sum = 0;
            for (final EpisodeEnd end : batch.ended()) {
                sum += end.metrics().get("delay");
            }
            return sum / batch.ended().size();
        }
    }

    @Override
    public void close() {
        engine.close();
    }
}

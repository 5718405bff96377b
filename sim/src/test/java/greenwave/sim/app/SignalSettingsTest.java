package greenwave.sim.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;

import greenwave.engine.Engine;
import greenwave.engine.env.StepBatch;
import greenwave.sim.Scenario;
import greenwave.sim.Scenarios;
import greenwave.sim.SumoVecEnv;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;

class SignalSettingsTest {
    private static final Path SCENARIOS =
            Path.of("src/test/resources/oracle/scenarios").toAbsolutePath();

    @TempDir private Path folder;
    private Path cfg;

    @BeforeEach
    void writeScenario() throws IOException {
        cfg = TestScenario.write(folder);
    }

    private Cli train(final String yaml) throws IOException {
        final Path config = Files.writeString(folder.resolve("settings.yaml"), yaml);
        return Cli.run(
                "train",
                "--config",
                config.toString(),
                "--scenario",
                cfg.toString(),
                "--episodes",
                "3",
                "--eval-seeds",
                "1",
                "--out",
                folder.resolve("run").toString());
    }

    @Test
    void aPolicyTrainedOnFourArmsRunsOnThreeAndTwo() throws IOException {
        final Cli trained = train("actions: standard\nobservation: roads-padded\nbatch: 16\n");
        assertEquals(0, trained.code(), trained.err());
        final JsonNode policy = Json.MAPPER.readTree(folder.resolve("run/policy.json").toFile());
        assertEquals("roads-padded", policy.at("/signals/observation").asText());
        assertEquals("33x8", policy.at("/networks/0/name").asText());
        for (final String fewer : new String[] {"tee3", "two2"}) {
            final Cli judged = eval(SCENARIOS.resolve(fewer).toString());
            assertEquals(0, judged.code(), judged.err());
            assertTrue(judged.out().contains("median"), judged.out());
        }
        final JsonNode summary = Json.MAPPER.readTree(folder.resolve("run/summary.json").toFile());
        assertTrue(summary.get("updates").asInt() > 100, summary.toString());
        actsLegallyOn("tee3", 3);
        actsLegallyOn("two2", 2);
    }

    /** Plays an episode in an environment that refuses what the mask forbids. */
    private void actsLegallyOn(final String scenario, final int choices) throws IOException {
        final PolicyFile policy = PolicyFile.open(folder.resolve("run"));
        try (Scenario opened = Scenarios.open(SCENARIOS.resolve(scenario).toString());
                Engine engine = Engines.open(1);
                SumoVecEnv env =
                        policy.metadata()
                                .signals()
                                .apply(SumoVecEnv.builder(opened.sumo()))
                                .strict(true)
                                .open();
                LearnedController controller =
                        new LearnedController(
                                "trained", policy.load(engine, env.spec().groups()))) {
            final int[][] actions = {new int[1]};
            final Set<Integer> chosen = new HashSet<>();
            StepBatch batch = env.reset(1);
            for (int decision = 0; decision < 100; decision++) {
                assertEquals(choices, legal(batch), scenario);
                controller.act(batch, actions);
                chosen.add(actions[0][0]);
                batch = env.step(actions); // throws where the mask forbids it
            }
            assertTrue(chosen.size() <= choices, chosen.toString());
        }
    }

    private static int legal(final StepBatch batch) {
        int number = 0;
        for (final byte one : batch.groups().getFirst().legal().toArray(ValueLayout.JAVA_BYTE)) {
            number += one;
        }
        return number;
    }

    @Test
    void takesAPhaseTableAndWeightedRewards() throws IOException {
        final Cli trained =
                train(
                        """
                        actions: standard
                        observation: roads
                        phase_table:
                          4: ["1333", "3133", "1313", "3111"]
                        reward: [queue, pressure, co2]
                        reward_weights: [1, 0.5, 1e-6]
                        """);
        assertEquals(0, trained.code(), trained.err());
        final JsonNode policy = Json.MAPPER.readTree(folder.resolve("run/policy.json").toFile());
        assertEquals(4, policy.at("/networks/0/actions").asInt());
        assertEquals("3133", policy.at("/signals/phaseTable/4/1").asText());
    }

    @Test
    void observesByDistance() throws IOException {
        final Cli trained = train("observation: distance\ndistance: 120\n");
        assertEquals(0, trained.code(), trained.err());
        final JsonNode policy = Json.MAPPER.readTree(folder.resolve("run/policy.json").toFile());
        assertEquals(120, policy.at("/signals/distance").asDouble());
        assertEquals("19x2", policy.at("/networks/0/name").asText());
    }

    /** Seed networks see the map from above and the numbers; both go with the policy. */
    @Test
    void seesAnImageBesideTheNumbers() throws IOException {
        final String common = "batch: 16\nhidden: [24, 32]\nchannels: [4, 6]\n";
        final Cli trained = train(common + "image: world-grid\ncell: 10\n");
        assertEquals(0, trained.code(), trained.err());
        final JsonNode policy = Json.MAPPER.readTree(folder.resolve("run/policy.json").toFile());
        assertEquals("52x2+1x40x40", policy.at("/networks/0/name").asText());
        assertEquals("[1,40,40]", policy.at("/networks/0/image").toString());
        assertEquals("[4,6]", policy.at("/networks/0/channels").toString());
        assertEquals(10, policy.at("/signals/cell").asDouble());
        final JsonNode summary = Json.MAPPER.readTree(folder.resolve("run/summary.json").toFile());
        assertTrue(summary.get("updates").asInt() > 100, summary.toString());
        final Cli judged = eval(cfg.toString());
        assertEquals(0, judged.code(), judged.err());
        final JsonNode evaluation =
                Json.MAPPER.readTree(folder.resolve("run/evaluation.json").toFile());
        final String delay = "%.2f".formatted(evaluation.at("/0/median/delay").asDouble());
        assertTrue(judged.out().contains(delay), judged.out());
        final Cli other = eval(SCENARIOS.resolve("tee3").toString());
        assertEquals(2, other.code());
        assertTrue(
                other.err().contains("trained for observations x actions 52x2+1x40x40, expected "),
                other.err());
    }

    private Cli eval(final String scenario) {
        return Cli.run(
                "eval",
                "--scenario",
                scenario,
                "--policy",
                folder.resolve("run").toString(),
                "--seeds",
                "1");
    }

    @Test
    void seesTheLanesBeforeTheStopLineAndCountsDown() throws IOException {
        final Cli trained =
                train(
                        """
                        image: lane-cells
                        cells: 12
                        channels: [4, 4, 4, 4]
                        hidden: [16]
                        batch: 16
                        switching: countdown
                        delta_time: 2
                        yellow_time: 3
                        locked_green: 4
                        asynchronous: true
                        """);
        assertEquals(0, trained.code(), trained.err());
        final JsonNode policy = Json.MAPPER.readTree(folder.resolve("run/policy.json").toFile());
        assertEquals("52x2+2x8x12", policy.at("/networks/0/name").asText());
        assertEquals(
                "{\"deltaTime\":2,\"yellowTime\":3,\"lockedGreen\":4,\"startLocked\":false}",
                policy.get("timing").toString());
        final Cli judged = eval(cfg.toString());
        assertEquals(0, judged.code(), judged.err());
    }

    @Test
    void saysWhatIsWrongWithASetting() throws IOException {
        refuses("actions: all", "actions=all, expected program or standard");
        refuses(
                "observation: eyes",
                "observation=eyes, expected one of lanes, distance, approach, roads, roads-attach, roads-clockwise, roads-padded");
        refuses("compat: sumo", "compat=sumo, expected one of none, sumo-rl, general-tls");
        refuses(
                "actions: standard\ncompat: sumo-rl",
                "actions=standard, phase_table=none, compat=sumo-rl, expected compat=none, or general-tls without a phase table");
        refuses(
                "actions: standard\nphase_table: {2: [\"33\", \"3x\"]}",
                "phase table: roads=2, row=3x, expected 2 digits from 0 to 3");
        refuses(
                "actions: standard\nphase_table: {3: [\"33\", \"32\"]}",
                "phase table: roads=3, rows=2, expected a row per road");
        refuses(
                "reward: [queue, pressure]",
                "reward: rewards=2, weights=[], expected a finite weight for each of at least one reward");
        refuses("image: map", "image=map, expected one of none, world-grid, lane-cells");
        refuses("switching: slow", "switching=slow, expected min-green or countdown");
        final Path yaml = folder.resolve("settings.yaml");
        refuses(
                "image: world-grid\ncell: 0",
                yaml + ": cell=0, expected a number in [0.1, 1000.0]");
        refuses("cells: 2.5", yaml + ": cells=2.5, expected a whole number in [1, 10000]");
        refuses(
                "channels: []",
                yaml + ": channels=[], expected a list of whole numbers in [1, 4096]");
        refuses("asynchronous: maybe", yaml + ": asynchronous=maybe, expected true or false");
        refuses(
                "switching: countdown\nlocked_green: -1",
                yaml + ": locked_green=-1, expected a whole number in [0, 3600]");
        refuses(
                "switching: countdown\nyellow_time: 0",
                "countdown: delta_time=5 s, yellow_time=0 s, locked_green=0 s, expected delta_time >= 1, yellow_time >= 1, locked_green >= 0");
        refuses(
                "actions: standard\nphase_table: {2: [33332333, 33333233]}",
                yaml
                        + ": phase_table={2=[33332333, 33333233]}, expected rows of digits in quotes by number of incoming roads, as in {2: [\"33332333\", \"33333233\"]}");
    }

    private void refuses(final String yaml, final String message) throws IOException {
        final Cli cli = train(yaml + "\n");
        assertEquals(2, cli.code());
        assertEquals("greenwave: " + message + System.lineSeparator(), cli.err());
    }
}

package greenwave.sim.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

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
        final Cli trained = train("actions: standard\nobservation: roads-padded\n");
        assertEquals(0, trained.code(), trained.err());
        final JsonNode policy = Json.MAPPER.readTree(folder.resolve("run/policy.json").toFile());
        assertEquals("roads-padded", policy.at("/signals/observation").asText());
        assertEquals("33x8", policy.at("/networks/0/name").asText());
        for (final String fewer : new String[] {"tee3", "two2"}) {
            final Cli judged =
                    Cli.run(
                            "eval",
                            "--scenario",
                            SCENARIOS.resolve(fewer).toString(),
                            "--policy",
                            folder.resolve("run").toString(),
                            "--seeds",
                            "1");
            assertEquals(0, judged.code(), judged.err());
            assertTrue(judged.out().contains("median"), judged.out());
        }
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

    @Test
    void saysWhatIsWrongWithASetting() throws IOException {
        refuses("actions: all", "actions=all, expected program or standard");
        refuses(
                "observation: eyes",
                "observation=eyes, expected one of lanes, distance, roads, roads-attach, roads-clockwise, roads-padded");
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
        final Path yaml = folder.resolve("settings.yaml");
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

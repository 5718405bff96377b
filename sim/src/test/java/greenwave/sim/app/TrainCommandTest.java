package greenwave.sim.app;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import javax.imageio.ImageIO;

class TrainCommandTest {
    private static final int DECISIONS = TestScenario.WINDOW / 5;

    @TempDir private Path folder;
    private Path cfg;

    @BeforeEach
    void writeScenario() throws IOException {
        cfg = TestScenario.write(folder);
    }

    @Test
    void writesEverythingThatARunIsKnownBy() throws IOException {
        final Path run = train("run", "--episodes", "5", "--seed", "3");

        assertEquals(
                List.of(
                        "config.yaml",
                        "evaluation.json",
                        "learning-curve.png",
                        "policy.json",
                        "policy.safetensors",
                        "progress.csv",
                        "summary.json"),
                names(run));
        assertTrue(Files.readString(run.resolve("config.yaml")).contains("\nseed: 3\n"));
        final List<String> progress = Files.readAllLines(run.resolve("progress.csv"));
        assertEquals(6, progress.size());
        assertEquals(900, ImageIO.read(run.resolve("learning-curve.png").toFile()).getWidth());
        final JsonNode summary = Json.MAPPER.readTree(run.resolve("summary.json").toFile());
        assertEquals(3, summary.get("seed").asInt());
        assertTrue(summary.get("sumo").asText().startsWith("SUMO 1."), summary::toString);
        assertEquals(Runtime.version().toString(), summary.get("jdk").asText());
        assertEquals(5 * DECISIONS, summary.get("envSteps").asInt());
        assertEquals(5 * DECISIONS - 127, summary.get("updates").asInt()); // from the 128th on
        assertEquals(5, summary.at("/timing/deltaTime").asInt());
        assertEquals(2, summary.at("/timing/yellowTime").asInt());
        assertEquals(64, summary.at("/sha256/cross2.net.xml").asText().length());
        assertEquals(64, summary.at("/sha256/cross2.rou.xml").asText().length());
        for (final String speed : List.of("envStepsPerSecond", "updatesPerSecond", "wallSeconds")) {
            assertTrue(summary.get(speed).asDouble() > 0, speed);
        }
    }

    @Test
    void oneSeedGivesOneRunToTheLastByte() throws IOException {
        final Path first = train("first", "--episodes", "5", "--seed", "3");
        final Path again = train("again", "--episodes", "5", "--seed", "3");
        final Path other = train("other", "--episodes", "5", "--seed", "4");

        assertEquals(withoutClock(first), withoutClock(again));
        assertArrayEquals(policy(first), policy(again));
        assertFalse(withoutClock(first).equals(withoutClock(other)));
    }

    @Test
    void aRunIsRepeatedFromItsConfiguration() throws IOException {
        final Path first = train("first", "--episodes", "4", "--seed", "5", "--worlds", "2");
        final Path repeated = folder.resolve("repeated");
        final Cli run =
                Cli.run(
                        "train",
                        "--config",
                        first.resolve("config.yaml").toString(),
                        "--out",
                        repeated.toString(),
                        "--eval-seeds",
                        "1");
        assertEquals(0, run.code(), run.err());
        assertArrayEquals(policy(first), policy(repeated));
    }

    @Test
    void aPrioritizedReplayOfSeveralStepsIsASettingOfItsOwn() throws IOException {
        final Path config =
                Files.writeString(
                        folder.resolve("prioritized.yaml"), "prioritized: true\nn_step: 3\n");
        final String[] settings = {"--config", config.toString(), "--steps", "300", "--seed", "3"};
        final Path first = train("first", settings);
        final Path again = train("again", settings);
        final Path plain = train("plain", "--steps", "300", "--seed", "3");

        assertArrayEquals(policy(first), policy(again));
        assertFalse(Arrays.equals(policy(first), policy(plain)));
        final String written = Files.readString(first.resolve("config.yaml"));
        assertTrue(written.contains("\nprioritized: true\nalpha: 0.6\nbeta: 0.4\nn_step: 3\n"));
    }

    @Test
    void stopsAfterSteps() throws IOException {
        final Path run = train("run", "--steps", "17", "--worlds", "2");
        final JsonNode summary = Json.MAPPER.readTree(run.resolve("summary.json").toFile());
        assertEquals(18, summary.get("envSteps").asInt()); // two worlds step together
        assertFalse(Files.exists(run.resolve("learning-curve.png"))); // no episode has ended
    }

    @Test
    void signalsOfSeveralShapesGetANetworkEach() throws IOException {
        final Path pair = Path.of("src/test/resources/pair/pair.sumocfg");
        final Path run = folder.resolve("run");
        final Cli trained =
                Cli.run(
                        "train",
                        "--scenario",
                        pair.toString(),
                        "--steps",
                        "200",
                        "--out",
                        run.toString(),
                        "--eval-seeds",
                        "1");
        assertEquals(0, trained.code(), trained.err());
        final JsonNode networks =
                Json.MAPPER.readTree(run.resolve("policy.json").toFile()).get("networks");
        assertEquals(2, networks.size());

        final Path json = folder.resolve("eval.json");
        final Cli judged =
                Cli.run(
                        "eval",
                        "--scenario",
                        pair.toString(),
                        "--policy",
                        run.toString(),
                        "--seeds",
                        "1",
                        "--json",
                        json.toString());
        assertEquals(0, judged.code(), judged.err());
        final JsonNode learned = Json.MAPPER.readTree(run.resolve("evaluation.json").toFile());
        assertEquals(
                learned.at("/0/runs/0/delay").asDouble(),
                Json.MAPPER.readTree(json.toFile()).at("/runs/0/delay").asDouble());
    }

    private Path train(final String name, final String... more) {
        final Path run = folder.resolve(name);
        final Stream<String> args =
                Stream.of(
                        "train",
                        "--scenario",
                        cfg.toString(),
                        "--out",
                        run.toString(),
                        "--eval-seeds",
                        "1");
        final Cli trained = Cli.run(Stream.concat(args, Stream.of(more)).toArray(String[]::new));
        assertEquals(0, trained.code(), trained.err());
        assertTrue(trained.out().endsWith("run written to " + run + System.lineSeparator()));
        return run;
    }

    private static List<String> names(final Path run) throws IOException {
        try (Stream<Path> files = Files.list(run)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    private static byte[] policy(final Path run) throws IOException {
        return Files.readAllBytes(run.resolve("policy.safetensors"));
    }

    /** The last three columns are wall-clock figures. */
    private static String withoutClock(final Path run) throws IOException {
        return Files.readAllLines(run.resolve("progress.csv")).stream()
                .map(line -> line.replaceFirst("(,[^,]*){3}$", ""))
                .collect(Collectors.joining("\n"));
    }
}

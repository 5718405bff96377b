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
import java.util.Optional;
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
        final Path run = train("run", "--episodes", "5", "--seed", "3", "--transport", "libtraci");

        assertEquals(
                List.of(
                        "best.safetensors",
                        "checkpoints",
                        "config.yaml",
                        "evaluation.csv",
                        "evaluation.json",
                        "learning-curve.png",
                        "policy.json",
                        "policy.safetensors",
                        "progress.csv",
                        "report.html",
                        "summary.json",
                        "tensorboard"),
                names(run));
        assertTrue(Files.readString(run.resolve("config.yaml")).contains("\nseed: 3\n"));
        final List<String> progress = Files.readAllLines(run.resolve("progress.csv"));
        assertEquals(6, progress.size());
        assertEquals(900, ImageIO.read(run.resolve("learning-curve.png").toFile()).getWidth());
        final JsonNode summary = Json.MAPPER.readTree(run.resolve("summary.json").toFile());
        assertEquals(3, summary.get("seed").asInt());
        assertEquals("libtraci", summary.get("transport").asText());
        assertTrue(summary.get("sumo").asText().startsWith("SUMO 1."), summary::toString);
        assertEquals(Runtime.version().toString(), summary.get("jdk").asText());
        assertEquals(5 * DECISIONS, summary.get("envSteps").asInt());
        assertEquals(5 * DECISIONS - 128, summary.get("updates").asInt()); // after the 128th
        assertEquals(5, summary.at("/timing/deltaTime").asInt());
        assertEquals(2, summary.at("/timing/yellowTime").asInt());
        assertEquals(64, summary.at("/sha256/cross2.net.xml").asText().length());
        assertEquals(64, summary.at("/sha256/cross2.rou.xml").asText().length());
        for (final String speed : List.of("envStepsPerSecond", "updatesPerSecond", "wallSeconds")) {
            assertTrue(summary.get(speed).asDouble() > 0, speed);
        }
    }

    @Test
    void saysWhenItWasAsGoodAsMaxPressure() throws IOException {
        final Path run = train("run", "--episodes", "4", "--eval-every", "1");
        final Path json = folder.resolve("max-pressure.json");
        final Cli eval =
                Cli.run(
                        "eval",
                        "--scenario",
                        cfg.toString(),
                        "--policy",
                        "max-pressure",
                        "--seeds",
                        "11-13",
                        "--json",
                        json.toString());
        assertEquals(0, eval.code(), eval.err());
        double sum = 0;
        for (final JsonNode one : Json.MAPPER.readTree(json.toFile()).get("runs")) {
            sum += one.get("delay").asDouble();
        }
        final double delay = sum / 3;
        final JsonNode said =
                Json.MAPPER.readTree(run.resolve("summary.json").toFile()).get("maxPressure");
        assertEquals(delay, said.get("delay").asDouble(), 1e-9);
        final Optional<String[]> first =
                Files.readAllLines(run.resolve("evaluation.csv")).stream()
                        .skip(1)
                        .map(line -> line.split(","))
                        .filter(line -> Double.parseDouble(line[3]) <= delay)
                        .findFirst();
        assertEquals(first.map(line -> line[0]).orElse("null"), said.get("episodes").asText());
        assertEquals(
                first.map(line -> Double.valueOf(line[9]).toString()).orElse("null"),
                said.get("wallSeconds").asText());
        final String page = Files.readString(run.resolve("report.html"));
        assertTrue(page.contains("MaxPressure's mean delay on the validation seeds"), page);
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
    void keepsThePolicyThatWasBestOnTheValidationSeeds() throws IOException {
        final Path run =
                train("run", "--episodes", "5", "--eval-every", "2", "--validation-seeds", "11,12");
        final List<String[]> rows =
                Files.readAllLines(run.resolve("evaluation.csv")).stream()
                        .skip(1)
                        .map(line -> line.split(","))
                        .toList();
        assertEquals(
                List.of("2", "4", "5"), rows.stream().map(row -> row[0]).toList()); // and the last
        final double best =
                rows.stream().mapToDouble(row -> Double.parseDouble(row[3])).min().orElseThrow();
        final Path json = folder.resolve("best.json");
        final Cli eval =
                Cli.run(
                        "eval",
                        "--scenario",
                        cfg.toString(),
                        "--policy",
                        run.toString(),
                        "--seeds",
                        "11,12",
                        "--json",
                        json.toString());
        assertEquals(0, eval.code(), eval.err());
        final JsonNode runs = Json.MAPPER.readTree(json.toFile()).get("runs");
        final double mean =
                (runs.get(0).get("delay").asDouble() + runs.get(1).get("delay").asDouble()) / 2;
        assertEquals(best, mean, 1e-6);
    }

    @Test
    void validationDoesNotChangeWhatIsLearned() throws IOException {
        final Path with = train("with", "--episodes", "3", "--eval-every", "1");
        final Path without = train("without", "--episodes", "3", "--eval-every", "0");
        assertEquals(withoutClock(with), withoutClock(without));
        assertEquals(1, Files.readAllLines(without.resolve("evaluation.csv")).size());
    }

    @Test
    void stopsAtTheTarget() throws IOException {
        final Path run =
                train("run", "--episodes", "50", "--eval-every", "2", "--target-delay", "1000");
        assertEquals(3, Files.readAllLines(run.resolve("progress.csv")).size());
    }

    @Test
    void severalSeedsInOneCommand() throws IOException {
        final Path all = folder.resolve("all");
        final Cli trained =
                Cli.run(
                        "train",
                        "--scenario",
                        cfg.toString(),
                        "--seeds",
                        "4,7",
                        "--episodes",
                        "2",
                        "--out",
                        all.toString(),
                        "--eval-seeds",
                        "1");
        assertEquals(0, trained.code(), trained.err());
        assertEquals(List.of("learning-curve.png", "seed4", "seed7", "seeds.json"), names(all));
        assertEquals(900, ImageIO.read(all.resolve("learning-curve.png").toFile()).getWidth());
        final JsonNode seeds = Json.MAPPER.readTree(all.resolve("seeds.json").toFile());
        double sum = 0;
        for (final JsonNode one : seeds.get("runs")) {
            final Path run = all.resolve(one.get("folder").asText());
            final JsonNode learned = Json.MAPPER.readTree(run.resolve("evaluation.json").toFile());
            assertEquals(learned.at("/0/median/delay").asDouble(), one.get("figure").asDouble());
            sum += one.get("figure").asDouble();
        }
        assertEquals(sum / 2, seeds.get("mean").asDouble(), 1e-9);
    }

    @Test
    void aCartIsTrainedAndJudged() throws IOException {
        final Path run = folder.resolve("cart");
        final Cli trained =
                Cli.run(
                        "train",
                        "--scenario",
                        "cartpole",
                        "--episodes",
                        "20",
                        "--out",
                        run.toString());
        assertEquals(0, trained.code(), trained.err());
        assertEquals(21, Files.readAllLines(run.resolve("progress.csv")).size());
        final Path json = folder.resolve("cart.json");
        final Cli judged =
                Cli.run(
                        "eval",
                        "--scenario",
                        "cartpole",
                        "--policy",
                        run.toString(),
                        "--json",
                        json.toString());
        assertEquals(0, judged.code(), judged.err());
        final JsonNode again = Json.MAPPER.readTree(json.toFile());
        final JsonNode first = Json.MAPPER.readTree(run.resolve("evaluation.json").toFile());
        assertEquals(first.at("/0/steps"), again.get("steps"));
        final Cli other =
                Cli.run("eval", "--scenario", "cartpole-pixels", "--policy", run.toString());
        assertEquals(2, other.code());
        assertTrue(other.err().contains("trained for scenario=cartpole"), other.err());
    }

    @Test
    void theReportHoldsEverythingAndNothingThatRuns() throws IOException {
        final String html =
                Files.readString(train("run", "--episodes", "2").resolve("report.html"));
        for (final String part :
                List.of("scenario:", "delay, s per vehicle", "green 0,", "<td>fixed</td>")) {
            assertTrue(html.contains(part), part);
        }
        for (final String forbidden : List.of("<script", "http", "<img", "@import", "url(")) {
            assertFalse(html.contains(forbidden), forbidden);
        }
    }

    @Test
    void aProtocolRanksBelowFlags() throws IOException {
        final Path run = train("run", "--protocol", "resco", "--episodes", "1");
        final String written = Files.readString(run.resolve("config.yaml"));
        for (final String line :
                List.of("delta_time: 10", "yellow_time: 3", "min_green: 7", "episodes: 1")) {
            assertTrue(written.contains("\n" + line + "\n"), line);
        }
    }

    @Test
    void aSettingOfTheCommandLineRanksAboveTheFile() throws IOException {
        final Path config =
                Files.writeString(folder.resolve("some.yaml"), "batch: 32\nn_step: 2\n");
        final Path run =
                train(
                        "run",
                        "--config",
                        config.toString(),
                        "--set",
                        "batch=16",
                        "--set",
                        "hidden=[16, 8]",
                        "--steps",
                        "100");
        final String written = Files.readString(run.resolve("config.yaml"));
        for (final String part : List.of("batch: 16\n", "hidden:\n- 16\n- 8\n", "n_step: 2\n")) {
            assertTrue(written.contains("\n" + part), part);
        }
    }

    @Test
    void rainbowIsAPresetThatKeysOverride() throws IOException {
        final Path config =
                Files.writeString(
                        folder.resolve("rainbow.yaml"),
                        "algorithm: rainbow\natoms: 11\nv_min: -3\nn_step: 2\nhidden: [16]\n");
        final Path run = train("run", "--config", config.toString(), "--steps", "200");

        final String written = Files.readString(run.resolve("config.yaml"));
        for (final String line :
                List.of(
                        "double: true",
                        "dueling: true",
                        "noisy: true",
                        "distributional: c51",
                        "atoms: 11",
                        "v_min: -3",
                        "eps_start: 0.9",
                        "eps_end: 0",
                        "prioritized: true",
                        "alpha: 0.5",
                        "n_step: 2")) {
            assertTrue(written.contains("\n" + line + "\n"), line);
        }
        final JsonNode head =
                Json.MAPPER.readTree(run.resolve("policy.json").toFile()).at("/networks/0/head");
        assertEquals("c51", head.get("distributional").asText());
        assertEquals(11, head.get("atoms").asInt());
        assertEquals(delayInEvaluation(run), delayOf(run, cfg));
    }

    @Test
    void eachSignalMayHaveANetworkOfItsOwn() throws IOException {
        final Path pair = Path.of("src/test/resources/pair/pair.sumocfg").toAbsolutePath();
        final Path config =
                Files.writeString(
                        folder.resolve("own.yaml"),
                        "sharing: none\ndistributional: quantile\natoms: 8\ntarget_update: hard\n");
        final Path run = train("run", pair, "--config", config.toString(), "--steps", "150");
        final JsonNode networks =
                Json.MAPPER.readTree(run.resolve("policy.json").toFile()).get("networks");
        assertEquals(2, networks.size());
        for (final JsonNode network : networks) {
            assertEquals(1, network.get("signals").size());
            assertEquals(network.at("/signals/0"), network.get("name"));
        }
        assertEquals(delayInEvaluation(run), delayOf(run, pair));
        final Cli elsewhere =
                Cli.run(
                        "eval",
                        "--scenario",
                        cfg.toString(),
                        "--policy",
                        run.toString(),
                        "--seeds",
                        "1");
        assertEquals(2, elsewhere.code());
        assertTrue(elsewhere.err().contains("trained for"), elsewhere.err());
    }

    private static double delayInEvaluation(final Path run) throws IOException {
        return Json.MAPPER
                .readTree(run.resolve("evaluation.json").toFile())
                .at("/0/runs/0/delay")
                .asDouble();
    }

    /** What the policy file of {@code run} does on seed 1 of {@code scenario}. */
    private double delayOf(final Path run, final Path scenario) throws IOException {
        final Path json = folder.resolve("eval.json");
        final Cli judged =
                Cli.run(
                        "eval",
                        "--scenario",
                        scenario.toString(),
                        "--policy",
                        run.toString(),
                        "--seeds",
                        "1",
                        "--json",
                        json.toString());
        assertEquals(0, judged.code(), judged.err());
        return Json.MAPPER.readTree(json.toFile()).at("/runs/0/delay").asDouble();
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
        return train(name, cfg, more);
    }

    private Path train(final String name, final Path scenario, final String... more) {
        final Path run = folder.resolve(name);
        final Stream<String> args =
                Stream.of(
                        "train",
                        "--scenario",
                        scenario.toString(),
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

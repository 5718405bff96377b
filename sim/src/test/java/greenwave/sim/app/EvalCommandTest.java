package greenwave.sim.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

class EvalCommandTest {
    private static final List<String> FIGURES =
            List.of(
                    "delay",
                    "waiting",
                    "timeLoss",
                    "duration",
                    "finished",
                    "scheduled",
                    "gridlock");

    @TempDir private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"fixed", "actuated", "greedy", "max-pressure", "random"})
    void reportsEverySeedAndTheMedians(final String policy) throws IOException {
        final JsonNode report = eval(policy, "3,1,2");

        assertEquals(policy, report.get("controller").asText());
        assertEquals(List.of("controller", "runs", "median"), keys(report));
        assertEquals(
                List.of(3, 1, 2),
                report.get("runs").findValues("seed").stream().map(JsonNode::asInt).toList());
        final List<String> columns = new ArrayList<>(List.of("seed"));
        columns.addAll(FIGURES);
        assertEquals(columns, keys(report.at("/runs/0")));
        assertEquals(FIGURES, keys(report.get("median")));
        for (final String figure : FIGURES.subList(0, 6)) {
            final double[] sorted =
                    IntStream.range(0, 3)
                            .mapToDouble(i -> report.at("/runs/" + i).get(figure).asDouble())
                            .sorted()
                            .toArray();
            assertEquals(sorted[1], report.get("median").get(figure).asDouble(), figure);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"fixed", "actuated", "greedy", "max-pressure", "random"})
    void aSeedDoesNotDependOnItsNeighbours(final String policy) throws IOException {
        assertEquals(eval(policy, "1-4").at("/runs/2"), eval(policy, "3").at("/runs/0"));
    }

    @Test
    void everyCommandHasHelp() {
        for (final String command : new String[] {"train", "eval", "scenarios"}) {
            final Cli help = Cli.run(command, "--help");
            assertEquals(0, help.code());
            assertTrue(help.out().startsWith("Usage: greenwave " + command), help.out());
        }
        assertTrue(Cli.run("--version").out().startsWith("greenwave "));
    }

    @Test
    void listsTheBuiltInScenarios() {
        final List<String> lines = Cli.run("scenarios").out().lines().toList();
        assertEquals(
                List.of("scenario", "cross", "grid4x4", "tee"),
                lines.stream().map(line -> line.split(" ")[0]).toList());
        assertTrue(lines.get(1).matches("cross +1 +1 x 8 +~\\d+ +0\\.\\.3600 s"), lines.get(1));
        assertTrue(lines.get(2).matches("grid4x4 +16 +16 x 4 +~\\d+ +0\\.\\.3600 s"), lines.get(2));
    }

    private JsonNode eval(final String policy, final String seeds) throws IOException {
        final Path scenario = folder.resolve(policy + " " + seeds.replace(',', '-'));
        assertTrue(scenario.toFile().mkdir());
        final Path json = scenario.resolve("report.json");
        final Cli run =
                Cli.run(
                        "eval",
                        "--scenario",
                        TestScenario.write(scenario).toString(),
                        "--policy",
                        policy,
                        "--seeds",
                        seeds,
                        "--json",
                        json.toString());
        assertEquals(0, run.code(), run.err());
        return Json.MAPPER.readTree(json.toFile());
    }

    private static List<String> keys(final JsonNode node) {
        final List<String> keys = new ArrayList<>();
        node.fieldNames().forEachRemaining(keys::add);
        return keys;
    }
}

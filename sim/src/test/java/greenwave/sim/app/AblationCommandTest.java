package greenwave.sim.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** {@code ablation} with a real SUMO. */
class AblationCommandTest {
    @TempDir private Path folder;

    @Test
    void comparesPartsAndRepeatsNothing() throws IOException {
        final Path out = folder.resolve("out");
        final String[] args = {
            "ablation",
            "--scenario",
            TestScenario.write(folder).toString(),
            "--episodes",
            "1",
            "--seeds",
            "3",
            "--eval-seeds",
            "1",
            "--out",
            out.toString()
        };
        final Cli first = Cli.run(args);
        assertEquals(0, first.code(), first.err());

        final JsonNode rows = Json.MAPPER.readTree(out.resolve("ablation.json").toFile());
        assertEquals(
                List.of(
                        "DQN",
                        "double",
                        "dueling",
                        "3-step",
                        "prioritized",
                        "noisy",
                        "C51",
                        "Rainbow"),
                rows.findValuesAsText("variant"));
        for (final JsonNode row : rows) {
            assertEquals(1, row.get("episodes").asInt());
            final Path run =
                    out.resolve(row.get("variant").asText()).resolve(SeedsReport.folder(3));
            final JsonNode learned = Json.MAPPER.readTree(run.resolve("evaluation.json").toFile());
            assertEquals(
                    learned.at("/0/median/delay").asDouble(),
                    row.at("/delay/runs/0/figure").asDouble());
            final String config = Files.readString(run.resolve("config.yaml"));
            row.get("settings")
                    .properties()
                    .forEach(
                            setting ->
                                    assertTrue(
                                            config.contains(
                                                    "%n%s: %s%n"
                                                            .formatted(
                                                                    setting.getKey(),
                                                                    setting.getValue().asText())),
                                            config));
        }
        assertTrue(first.out().contains(", 1 episodes | seed 3 | mean |"), first::out);

        final Cli again = Cli.run(args);
        assertEquals(0, again.code(), again.err());
        assertEquals(rows, Json.MAPPER.readTree(out.resolve("ablation.json").toFile()));
        assertFalse(again.out().contains("env steps/s"), again::out);
    }
}

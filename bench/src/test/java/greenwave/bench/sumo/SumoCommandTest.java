package greenwave.bench.sumo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import picocli.CommandLine;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;

/** How fast anything is, no test can say; that all do the same work, it can. */
class SumoCommandTest {
    @TempDir Path folder;

    @Test
    void everybodySimulatesTheSameTraffic() throws Exception {
        final Path json = folder.resolve("sumo.json");
        final CommandLine command = new CommandLine(new SumoCommand());
        final StringWriter out = new StringWriter();
        command.setOut(new PrintWriter(out, true));
        final int code =
                command.execute(
                        "--scenario=cross",
                        "--worlds=2",
                        "--rounds=1",
                        "--seconds=60",
                        "--json=" + json);
        assertEquals(0, code);
        assertTrue(
                out.toString().contains("raw simulated the same traffic as ours"), out::toString);
        final JsonNode figures = new ObjectMapper().readTree(json.toFile());
        assertEquals(12, figures.get("decisions").asInt());
        assertTrue(figures.get("same_traffic").asBoolean());
        for (final String key :
                List.of(
                        "raw",
                        "ours",
                        "wire",
                        "libtraci",
                        "ours_over_raw",
                        "wire_over_raw",
                        "learner",
                        "learner_over_random",
                        "learner_lock_step_over_random")) {
            assertTrue(figures.get(key).asDouble() > 0, key);
        }
        for (final String module : List.of("python_traci", "python_libsumo")) {
            assertTrue(
                    figures.get(module).isNull() == figures.get("missing").has(module),
                    "null with a reason: " + module);
        }
    }
}

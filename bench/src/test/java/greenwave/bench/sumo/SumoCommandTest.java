package greenwave.bench.sumo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
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
                        "--seconds=300",
                        "--json=" + json);
        assertEquals(0, code);
        assertTrue(
                out.toString().contains("raw simulated the same traffic as ours"), out::toString);
        final JsonNode figures = new ObjectMapper().readTree(json.toFile());
        assertEquals(60, figures.get("decisions").asInt());
        assertTrue(figures.get("same_traffic").asBoolean());
        for (final String key :
                List.of(
                        "raw",
                        "raw_our_environment",
                        "ours",
                        "wire",
                        "libtraci",
                        "ours_over_raw",
                        "ours_over_raw_our_environment",
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

    /** SUMO tells its time to the hundredth of a second: a ratio to 0.00 s would be infinite. */
    @Test
    void tooShortToTell() throws Exception {
        assertEquals(0.41, RawSumo.seconds("Performance:\n Duration: 0.41s\n"));
        assertEquals(0.0375, RawSumo.seconds(" Duration: 37.50ms\n"), 1e-12);
        final IllegalArgumentException e =
                assertThrows(
                        IllegalArgumentException.class,
                        () -> RawSumo.seconds("Performance:\n Duration: 0.00s\n"));
        assertEquals(
                "sumo: SUMO alone took 0.00s, expected longer: give more --seconds",
                e.getMessage());
    }
}

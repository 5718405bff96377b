package greenwave.sim.oracle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import greenwave.sim.SumoConfig;
import greenwave.sim.SumoRlCsv;
import greenwave.sim.SumoRlMetrics;
import greenwave.sim.SumoVecEnv;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The files that sumo-rl wrote itself. */
class SumoRlCsvTest {
    private static final Path ORACLE = Path.of("src/test/resources/oracle").toAbsolutePath();

    @TempDir Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"cross2-random", "cross2-fixedts"})
    void writesWhatSumoRlWrote(final String name) throws IOException {
        final Recording recording =
                Recording.read(ORACLE.resolve("recordings/" + name + ".jsonl.gz"));
        final SumoConfig config =
                SumoCommand.of(recording.header().get("sumo_cmd"))
                        .config(
                                ORACLE,
                                recording.rows().getLast().get("t").asDouble(),
                                new SignalLog(folder).additional());
        try (SumoVecEnv env =
                SumoVecEnv.builder(config)
                        .fixedTime(name.endsWith("fixedts"))
                        .episodeSeed((_, _) -> 42)
                        .listener(
                                _ ->
                                        new SumoRlCsv(
                                                folder.resolve("ours").toString(),
                                                new SumoRlMetrics(true, true),
                                                true))
                        .open()) {
            env.reset(1);
            for (int row = 1; row < recording.rows().size(); row++) {
                env.step(new int[][] {{recording.rows().get(row).get("a").asInt(0)}});
            }
        }
        final List<String> theirs =
                Files.readAllLines(ORACLE.resolve("csv/" + name + "_conn0_ep1.csv"));
        final List<String> ours = Files.readAllLines(folder.resolve("ours_conn0_ep1.csv"));
        assertEquals(theirs.size(), ours.size());
        assertEquals(theirs.getFirst(), ours.getFirst());
        int same = 0;
        for (int line = 1; line < theirs.size(); line++) {
            same += theirs.get(line).equals(ours.get(line)) ? 1 : 0;
            final String[] cells = theirs.get(line).split(",");
            final String[] written = ours.get(line).split(",");
            assertEquals(cells.length, written.length);
            for (int cell = 0; cell < cells.length; cell++) {
                final double number = Double.parseDouble(cells[cell]);
                assertEquals(
                        number,
                        Double.parseDouble(written[cell]),
                        1e-9 * Math.abs(number),
                        "line " + line);
                assertEquals(cells[cell].contains("."), written[cell].contains("."));
            }
        }
        assertFalse(same < theirs.size() / 3, "lines equal to the letter: " + same);
    }

    @Test
    void losesNoEpisode() throws IOException {
        final Path files = folder.resolve("new/run");
        final SumoConfig config =
                new SumoConfig(
                        "cross2",
                        ORACLE.resolve("scenarios/cross2/cross2.net.xml"),
                        List.of(ORACLE.resolve("scenarios/cross2/cross2.rou.xml")),
                        List.of(),
                        0,
                        10,
                        List.of());
        try (SumoVecEnv env =
                SumoVecEnv.builder(config)
                        .worlds(2)
                        .listener(
                                _ ->
                                        new SumoRlCsv(
                                                files.toString(),
                                                new SumoRlMetrics(false, true),
                                                false))
                        .open()) {
            env.reset(1);
            for (int step = 0; step < 4; step++) {
                env.step(new int[][] {{0, 0}});
            }
        }
        for (final String end : List.of("conn0_ep1", "conn0_ep2", "conn1_ep1", "conn1_ep2")) {
            final List<String> lines = Files.readAllLines(Path.of(files + "_" + end + ".csv"));
            assertEquals(3, lines.size());
            assertEquals(
                    "step,C_stopped,C_accumulated_waiting_time,C_average_speed,"
                            + "agents_total_stopped,agents_total_accumulated_waiting_time",
                    lines.getFirst());
        }
    }
}

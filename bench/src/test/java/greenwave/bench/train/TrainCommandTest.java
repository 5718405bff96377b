package greenwave.bench.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import greenwave.bench.Dialogue;
import greenwave.bench.JsonFile;
import greenwave.engine.env.StepBatch;
import greenwave.sim.Scenario;
import greenwave.sim.Scenarios;
import greenwave.sim.SumoConfig;
import greenwave.sim.SumoVecEnv;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import picocli.CommandLine;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** How fast anything is, no test can say; that both sides do the same, it can. */
class TrainCommandTest {
    private static final double TOLERANCE = 1e-5; // of sums of f32

    @TempDir Path folder;

    private static void requirePeer() throws Exception {
        assumeTrue(Python.missing().isEmpty(), "no python3-torch, python3-numpy, sumo-tools");
    }

    @Test
    void thePeerSeesAndEarnsWhatWeDo() throws Exception {
        requirePeer();
        final int decisions = 150;
        try (Scenario cross = Scenarios.open("cross")) {
            final Course course = Course.of("cross", cross.sumo(), 1, Settings.defaults(1));
            final Path file = folder.resolve("course.json");
            JsonFile.write(file, course);
            final SplittableRandom random = new SplittableRandom(5);
            final int greens = course.groups().getFirst().actions();
            final int[] actions =
                    IntStream.generate(() -> random.nextInt(greens)).limit(decisions).toArray();
            final JsonNode theirs;
            try (Dialogue python = Python.start(file)) {
                theirs =
                        new ObjectMapper()
                                .readTree(
                                        python.ask(
                                                IntStream.of(actions)
                                                        .mapToObj(Integer::toString)
                                                        .collect(
                                                                Collectors.joining(
                                                                        ",", "play ", ""))));
            }
            try (SumoVecEnv env =
                    Course.environment(cross.sumo()).episodeSeed(course::seed).open()) {
                StepBatch batch = env.reset(0);
                assertSame(theirs.get(0), batch, 0);
                for (int k = 0; k < decisions; k++) {
                    batch = env.step(new int[][] {{actions[k]}});
                    assertSame(theirs.get(k + 1), batch, k + 1);
                    final float reward =
                            batch.groups()
                                    .getFirst()
                                    .reward()
                                    .getAtIndex(ValueLayout.JAVA_FLOAT, 0);
                    final JsonNode shown = theirs.get(k + 1);
                    assertEquals(
                            shown.get(shown.size() - 1).asDouble(),
                            reward,
                            TOLERANCE,
                            "reward " + k);
                }
            }
        }
    }

    private static void assertSame(
            final JsonNode theirs, final StepBatch ours, final int decision) {
        final MemorySegment obs = ours.groups().getFirst().obs();
        for (int i = 0; i < obs.byteSize() / Float.BYTES; i++) {
            assertEquals(
                    theirs.get(i).asDouble(),
                    obs.getAtIndex(ValueLayout.JAVA_FLOAT, i),
                    TOLERANCE,
                    "decision " + decision + ", number " + i);
        }
    }

    @Test
    void bothSidesTrainAndAreJudgedByTheSameJudge() throws Exception {
        requirePeer();
        final Path json = folder.resolve("train.json");
        final CommandLine command = new CommandLine(new TrainCommand());
        final StringWriter out = new StringWriter();
        command.setOut(new PrintWriter(out, true));
        try (Scenario cross = Scenarios.open("cross")) {
            final int code =
                    command.execute(
                            "--scenario=" + window(cross.sumo(), 400),
                            "--worlds=2",
                            "--turns=2",
                            "--rate-turns=1",
                            "--delay=0",
                            "--json=" + json);
            assertEquals(0, code, out::toString);
        }
        final JsonNode figures = new ObjectMapper().readTree(json.toFile());
        assertTrue(figures.get("time_ratio").isNull(), "nobody reaches a delay of 0");
        assertTrue(figures.get("rate_ratio").get("median").asDouble() > 0);
        for (final String side : new String[] {"ours", "theirs"}) {
            final JsonNode points = figures.get(side).get("points");
            assertEquals(2, points.size());
            assertEquals(320, points.get(1).get("decisions").asInt(), side);
            // ours learns while the next decision is carried out, so after that of the 128th
            // transition
            final int before = side.equals("ours") ? 128 : 126;
            assertEquals(320 - before, points.get(1).get("updates").asInt(), side);
            assertTrue(points.get(1).get("delay").asDouble() > 0, side);
        }
    }

    private Path window(final SumoConfig config, final int seconds) throws Exception {
        return Files.writeString(
                folder.resolve("window.sumocfg"),
                """
                <configuration><input><net-file value="%s"/><route-files value="%s"/></input>
                <time><begin value="0"/><end value="%d"/></time></configuration>
                """
                        .formatted(config.network(), config.routes().getFirst(), seconds));
    }

    @Test
    void theSettingsAreTheDefaultsOfGreenwaveTrain() throws Exception {
        final String documented = Files.readString(Path.of("../sim/src/doc/settings.md"));
        final JsonNode settings = new ObjectMapper().valueToTree(Settings.defaults(1));
        for (final String key : new String[] {"batch", "gamma", "replay", "updates_per_step"}) {
            assertTrue(documented.contains("| `%s` | %s |".formatted(key, settings.get(key))), key);
        }
        assertTrue(documented.contains("| `lr` | 3e-4 |") && Settings.defaults(1).lr() == 3e-4);
        assertTrue(documented.contains("| `hidden` | `[128, 128]` |"));
        assertTrue(documented.contains("| `tau`, `target_every` | 0.005, 500 |"));
        assertTrue(
                documented.contains("| `eps_start`, `eps_end`, `eps_decay` | 0.9, 0.05, 1000 |"));
        assertEquals("[128,128]", settings.get("hidden").toString());
        assertEquals(0.005, settings.get("tau").asDouble());
        assertEquals(0.9, settings.get("eps_start").asDouble());
        assertEquals(0.05, settings.get("eps_end").asDouble());
        assertEquals(1000, settings.get("eps_decay").asDouble());
    }
}

package greenwave.sim.app;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;

import greenwave.engine.RandomStream;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** {@code train --resume} with a real SUMO: the run that was stopped becomes the one that never was. */
class ResumeCommandTest {
    /** How many kills, spread over the run by a fixed seed. */
    private static final int KILLS = Integer.getInteger("greenwave.kills", 4);

    private static final long PATIENCE_SECONDS = 60;

    /** Without, another JVM would compute with plain loops and round otherwise. */
    private static final List<String> VECTORS = List.of("--add-modules=jdk.incubator.vector");

    @TempDir private Path folder;
    private Path cfg;
    private Path config;

    @BeforeEach
    void writeScenario() throws IOException {
        cfg = TestScenario.write(folder);
        config =
                Files.writeString(
                        folder.resolve("small.yaml"),
                        """
                        prioritized: true
                        n_step: 3
                        batch: 16
                        hidden: [16]
                        checkpoint_every: 2
                        """);
    }

    /** Where the importance weights' exponent rises until the end of a run, a longer run is another from its start. */
    private void keepWeightsWhateverTheLength() throws IOException {
        Files.writeString(config, "beta: 1\n", StandardOpenOption.APPEND);
    }

    private String[] training(final Path run, final String... more) {
        final Stream<String> args =
                Stream.of(
                        "train",
                        "--scenario",
                        cfg.toString(),
                        "--config",
                        config.toString(),
                        "--out",
                        run.toString(),
                        "--eval-seeds",
                        "1");
        return Stream.concat(args, Stream.of(more)).toArray(String[]::new);
    }

    private Path train(final String name, final String... more) {
        final Path run = folder.resolve(name);
        final Cli trained = Cli.run(training(run, more));
        assertEquals(0, trained.code(), trained.err());
        return run;
    }

    private static Cli resume(final Path run, final String... more) {
        final Stream<String> args =
                Stream.of("train", "--resume", run.toString(), "--eval-seeds", "1");
        return Cli.run(Stream.concat(args, Stream.of(more)).toArray(String[]::new));
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

    private static void assertSameRun(final Path expected, final Path run) throws IOException {
        assertEquals(withoutClock(expected), withoutClock(run));
        assertArrayEquals(policy(expected), policy(run));
        assertArrayEquals(
                Files.readAllBytes(expected.resolve("policy.json")),
                Files.readAllBytes(run.resolve("policy.json")));
        assertArrayEquals(
                Files.readAllBytes(expected.resolve("evaluation.json")),
                Files.readAllBytes(run.resolve("evaluation.json")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "2"})
    void aLongerRunIsTheOneOfThatLength(final String worlds) throws IOException {
        keepWeightsWhateverTheLength();
        final Path whole = train("whole", "--worlds", worlds, "--episodes", "7");
        final Path run = train("run", "--worlds", worlds, "--episodes", "4");
        final Cli resumed = resume(run, "--episodes", "7");
        assertEquals(0, resumed.code(), resumed.err());
        assertTrue(resumed.out().startsWith("resumed after episode 4"), resumed::out);
        assertSameRun(whole, run);
    }

    /** Their order is not fixed, but no episode and no decision is lost, and every decision is learned from. */
    @Test
    void worldsThatDoNotWaitForEachOtherGoOnWithoutLoss() throws IOException {
        keepWeightsWhateverTheLength();
        Files.writeString(config, "lock_step: false\n", StandardOpenOption.APPEND);
        final Path run = train("run", "--worlds", "3", "--episodes", "4");
        final long begun = episodes(run);
        assertTrue(begun >= 4 && begun < 4 + 3, "episodes=" + begun);
        final Cli resumed = resume(run, "--episodes", "9");
        assertEquals(0, resumed.code(), resumed.err());
        assertTrue(resumed.out().startsWith("resumed after episode " + begun), resumed::out);
        final long ended = episodes(run);
        assertTrue(ended >= 9 && ended < 9 + 3, "episodes=" + ended);
        final JsonNode summary = Json.MAPPER.readTree(run.resolve("summary.json").toFile());
        assertEquals(ended, summary.get("episodes").asLong());
        final long decisions = summary.get("envSteps").asLong();
        assertTrue(decisions >= ended * TestScenario.WINDOW / 5, "decisions=" + decisions);
        assertEquals(decisions, summary.get("updates").asLong(), 16 + 2 * 3, "all but a batch");
    }

    private static long episodes(final Path run) throws IOException {
        try (Stream<String> lines = Files.lines(run.resolve("progress.csv"))) {
            return lines.count() - 1;
        }
    }

    @Test
    void cartsCanNotBeUnderWay() throws IOException {
        final Cli refused =
                Cli.run(
                        "train",
                        "--scenario",
                        "cartpole",
                        "--set",
                        "lock_step=false",
                        "--out",
                        folder.resolve("cart").toString());
        assertEquals(Main.BAD_INPUT, refused.code());
        assertEquals(
                "greenwave: Trainer: lockStep=false, environment=CartPole, expected an AsyncVecEnv\n",
                refused.err());
    }

    @ParameterizedTest
    @ValueSource(strings = {"cartpole", "cartpole-pixels"})
    void aCartGoesOnToo(final String scenario) throws IOException {
        Files.writeString(config, "batch: 16\nhidden: [16]\ncheckpoint_every: 4\n");
        final Path whole = playCart(scenario, "whole", 9);
        final Path run = playCart(scenario, "run", 6);
        Files.delete(run.resolve("policy.safetensors"));
        flipMiddle(checkpoints(run).getLast().resolve("tensors.safetensors"));
        final Cli resumed = resume(run, "--episodes", "9");
        assertEquals(0, resumed.code(), resumed.err());
        assertTrue(resumed.out().startsWith("resumed after episode 4"), resumed::out);
        assertSameRun(whole, run);
        final String mean = "meanStepsOfLast100";
        assertEquals(
                Json.MAPPER.readTree(whole.resolve("summary.json").toFile()).get(mean),
                Json.MAPPER.readTree(run.resolve("summary.json").toFile()).get(mean));
    }

    private Path playCart(final String scenario, final String name, final int episodes) {
        final Path run = folder.resolve(name);
        final Cli trained =
                Cli.run(
                        "train",
                        "--scenario",
                        scenario,
                        "--config",
                        config.toString(),
                        "--worlds",
                        "2",
                        "--eval-seeds",
                        "1",
                        "--episodes",
                        Integer.toString(episodes),
                        "--out",
                        run.toString());
        assertEquals(0, trained.code(), trained.err());
        return run;
    }

    /** The checkpoint at a limit of decisions lies within an episode, which SUMO plays again. */
    @Test
    void aRunGoesOnInTheMiddleOfAnEpisode() throws IOException {
        keepWeightsWhateverTheLength();
        final Path whole = train("whole", "--worlds", "2", "--steps", "300");
        final Path run = train("run", "--worlds", "2", "--steps", "110");
        final Cli resumed = resume(run, "--steps", "300");
        assertEquals(0, resumed.code(), resumed.err());
        assertSameRun(whole, run);
    }

    @Test
    void aDamagedCheckpointGivesWayToTheOneBefore() throws IOException {
        final Path whole = train("whole", "--episodes", "6");
        for (final String file :
                List.of("state.json", "tensors.safetensors", "replay-0.snapshot", "SHA256SUMS")) {
            final Path run = folder.resolve("run-" + file);
            copy(whole, run);
            Files.delete(run.resolve("policy.safetensors"));
            final List<Path> checkpoints = checkpoints(run);
            assertEquals(2, checkpoints.size());
            flipMiddle(checkpoints.getLast().resolve(file));

            final Cli resumed = resume(run);
            assertEquals(0, resumed.code(), resumed.err());
            assertTrue(resumed.out().startsWith("resumed after episode 4"), resumed::out);
            assertSameRun(whole, run);
            checkpoints(run).forEach(checkpoint -> tryToFlip(checkpoint.resolve(file)));
            assertRefused(
                    "greenwave: checkpoints=.*: all are damaged, the oldest because .*",
                    resume(run));
        }
    }

    private static void copy(final Path from, final Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (final Path file : files.toList()) {
                Files.copy(file, to.resolve(from.relativize(file)));
            }
        }
    }

    private static List<Path> checkpoints(final Path run) throws IOException {
        try (Stream<Path> files = Files.list(run.resolve("checkpoints"))) {
            return files.sorted().toList();
        }
    }

    private static void tryToFlip(final Path file) {
        try {
            flipMiddle(file);
        } catch (final IOException e) {
            throw new AssertionError(e);
        }
    }

    private static void flipMiddle(final Path file) throws IOException {
        try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
            final long at = bytes.length() / 2;
            bytes.seek(at);
            final int old = bytes.read();
            bytes.seek(at);
            bytes.write(old ^ 1);
        }
    }

    @Test
    void whatContradictsTheRunIsRefused() throws IOException {
        final Path run = train("run", "--episodes", "2", "--seed", "3");
        assertRefused(
                "greenwave: --seed: seed=4, expected 3, as in the run", resume(run, "--seed", "4"));
        assertRefused(
                "greenwave: --worlds: worlds=2, expected 1, as in the run",
                resume(run, "--worlds", "2"));
        final Path other = Files.writeString(folder.resolve("other.yaml"), "gamma: 0.5\n");
        assertRefused(
                "greenwave: .*other.yaml: gamma=0.5, expected 0.95, as in the run",
                resume(run, "--config", other.toString()));
        assertRefused(
                "greenwave: --out: out=.*elsewhere, expected the folder of the run, .*run",
                resume(run, "--out", folder.resolve("elsewhere").toString()));
        assertRefused(
                "greenwave: resume=.*, expected the folder of a run, with its config.yaml",
                resume(folder.resolve("nowhere")));
        assertRefused(
                "greenwave: out=.*run holds a finished run, expected another folder",
                Cli.run(training(run)));
        Files.delete(run.resolve("policy.safetensors"));
        assertRefused(
                "greenwave: out=.*run holds a run with checkpoints, expected another folder, or"
                        + " --resume .*run",
                Cli.run(training(run)));
        assertEquals(0, resume(run, "--seed", "3").code());

        Files.writeString(folder.resolve("cross2.rou.xml"), "\n", StandardOpenOption.APPEND);
        assertRefused(
                "greenwave: resume=.*: cross2.rou.xml of the scenario is not the one that the run"
                        + " began with",
                resume(run));
    }

    private static void assertRefused(final String line, final Cli run) {
        assertEquals(2, run.code());
        final List<String> lines =
                run.err().lines().filter(l -> !l.contains("goes on from")).toList();
        assertEquals(1, lines.size(), run.err());
        assertTrue(lines.getFirst().matches(line), run.err());
    }

    @Test
    void aRunThatWasNeverSavedBeginsAgain() throws IOException {
        final Path whole = train("whole", "--episodes", "2");
        final Path run = folder.resolve("run");
        Files.createDirectory(run);
        Files.copy(whole.resolve("config.yaml"), run.resolve("config.yaml"));
        final Cli resumed = resume(run);
        assertEquals(0, resumed.code(), resumed.err());
        assertTrue(resumed.out().startsWith("no checkpoint yet: the run begins again"));
        assertSameRun(whole, run);
    }

    @Test
    void aKilledRunIsResumedAsIfItNeverHadBeen() throws Exception {
        final String[] length = {"--worlds", "2", "--episodes", "12"};
        train("warm-up", length);
        final long start = System.nanoTime();
        final Path whole = train("whole", length);
        final long nanos = System.nanoTime() - start;
        final var random = new RandomStream(7);
        for (int kill = 0; kill < KILLS; kill++) {
            final Path run = folder.resolve("killed-" + kill);
            final long delay = (long) (random.nextDouble() * 1.5 * nanos);
            startAndKill(run, delay, length);
            final Cli resumed = resume(run);
            assertEquals(0, resumed.code(), resumed.err());
            assertSameRun(whole, run);
        }
    }

    /** Kills after {@code delay} ns, counted from when the run's folder is there. */
    private void startAndKill(final Path run, final long delay, final String... more)
            throws Exception {
        final List<String> args = new ArrayList<>(List.of(Main.class.getName()));
        args.addAll(List.of(training(run, more)));
        final Process process =
                Cli.java(VECTORS, args.toArray(String[]::new))
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start();
        List<ProcessHandle> simulators = List.of();
        try {
            final long patience = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
            while (!Files.exists(run.resolve("config.yaml"))) {
                assertTrue(System.nanoTime() < patience, "the run did not start");
                Thread.sleep(5);
            }
            process.waitFor(delay, TimeUnit.NANOSECONDS);
        } finally {
            simulators = process.descendants().toList();
            process.destroyForcibly().waitFor();
            simulators.forEach(ProcessHandle::destroyForcibly);
        }
    }

    @Test
    void aSignalIsAnsweredWithHowToGoOn() throws Exception {
        final Path run = folder.resolve("run");
        final List<String> args = new ArrayList<>(List.of(Main.class.getName()));
        args.addAll(List.of(training(run, "--episodes", "100000")));
        final Path err = folder.resolve("err");
        final Process process =
                Cli.java(VECTORS, args.toArray(String[]::new))
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .redirectError(err.toFile())
                        .start();
        try {
            final long patience = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
            while (!Files.exists(run.resolve("checkpoints")) || checkpoints(run).size() < 2) {
                assertTrue(System.nanoTime() < patience, "no checkpoint");
                Thread.sleep(20);
            }
            process.destroy();
            assertTrue(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS), "still running");
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
        final String printed = Files.readString(err);
        final String hint =
                "greenwave: interrupted: 'greenwave train --resume %s' goes on from its last checkpoint%n"
                        .formatted(run);
        assertTrue(printed.endsWith(hint), printed);
        assertFalse(Files.exists(run.resolve("policy.safetensors")));
        final Cli resumed = resume(run, "--episodes", "2");
        assertEquals(0, resumed.code(), resumed.err());
    }
}

package greenwave.sim.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import greenwave.sim.Signals;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** However a command ends, no SUMO runs on and its temporary folder is empty. */
class NothingLeftBehindTest {
    private static final long PATIENCE_SECONDS = 30;

    @TempDir private Path folder;
    private Path temporary;

    @BeforeEach
    void makeTemporaryFolder() throws IOException {
        temporary = Files.createDirectory(folder.resolve("tmp"));
    }

    @Test
    void afterARunToTheEnd() throws Exception {
        final Cli run = Cli.fork(greenwave("--steps", "800", "--eval-seeds", "1"));
        assertEquals(0, run.code(), run.err());
        assertTemporaryFolderIsEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"INT", "TERM", "KILL"})
    void afterASignal(final String signal) throws Exception {
        final Process run =
                Signals.heeded(greenwave("--episodes", "1000", "--worlds", "2"))
                        .redirectOutput(folder.resolve("out").toFile())
                        .redirectError(folder.resolve("err").toFile())
                        .start();
        try {
            final List<ProcessHandle> simulators = awaitSimulators(run);
            Signals.send(signal, run.pid());
            assertTrue(run.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS), "still running");
            for (final ProcessHandle simulator : simulators) {
                simulator.onExit().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            }
        } finally {
            run.descendants().forEach(ProcessHandle::destroyForcibly);
            run.destroyForcibly();
        }
        if (!signal.equals("KILL")) { // no process can clean up after that one
            assertTemporaryFolderIsEmpty();
        }
    }

    private ProcessBuilder greenwave(final String... more) {
        final Stream<String> args =
                Stream.of(
                        Main.class.getName(),
                        "train",
                        "--scenario",
                        "cross",
                        "--out",
                        folder.resolve("run").toString());
        return Cli.java(
                List.of("-Djava.io.tmpdir=" + temporary),
                Stream.concat(args, Stream.of(more)).toArray(String[]::new));
    }

    private static List<ProcessHandle> awaitSimulators(final Process run)
            throws InterruptedException {
        final long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (System.nanoTime() < deadline) {
            final List<ProcessHandle> found =
                    run.descendants()
                            .filter(p -> p.info().command().orElse("").endsWith("sumo"))
                            .toList();
            if (found.size() == 2) {
                return found;
            }
            Thread.sleep(20);
        }
        throw new AssertionError("SUMO did not start");
    }

    private void assertTemporaryFolderIsEmpty() throws IOException {
        try (Stream<Path> files = Files.list(temporary)) {
            // The JVM's own perf data is not ours.
            assertEquals(
                    List.of(),
                    files.filter(f -> !f.getFileName().toString().startsWith("hsperf")).toList());
        }
    }
}

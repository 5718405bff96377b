package greenwave.bench.stress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import greenwave.bench.Main;
import greenwave.engine.replay.NumberedRingStress;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openjdk.jcstress.annotations.JCStressTest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** The short stress run, and that it would notice. */
class StressTest {
    @TempDir private Path directory;

    /** What one run of {@code greenwave-bench stress --short} came to. */
    private record Run(int exitCode, String output) {}

    private Run stress(final String... arguments) throws IOException, InterruptedException {
        final String classPath =
                System.getProperty(
                        "surefire.test.class.path", System.getProperty("java.class.path"));
        final List<String> command =
                new ArrayList<>(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-cp",
                                classPath,
                                Main.class.getName(),
                                "stress",
                                "--short",
                                "--report",
                                directory.resolve("report").toString()));
        command.addAll(List.of(arguments));
        final Path output = directory.resolve("output.txt");
        final int exitCode =
                new ProcessBuilder(command)
                        .directory(directory.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(output.toFile())
                        .start()
                        .waitFor();
        return new Run(exitCode, Files.readString(output));
    }

    @Test
    void noOutcomeIsForbidden() throws Exception {
        final Run run = stress();
        assertEquals(0, run.exitCode(), run.output());
        final long tests =
                Stream.of(SumTreeStress.class, NumberedRingStress.class)
                        .flatMap(all -> Arrays.stream(all.getDeclaredClasses()))
                        .filter(test -> test.isAnnotationPresent(JCStressTest.class))
                        .count();
        assertTrue(
                run.output().contains("All remaining tests: " + tests + " matching test results."),
                run.output());
    }

    @Test
    void aSplitSwapIsCaught() throws Exception {
        final Run run = stress("--tests", "stress.broken.SplitSwapStress");
        assertEquals(1, run.exitCode(), run.output());
        assertTrue(
                run.output().contains("Forbidden  A delta was lost or counted twice."),
                run.output());
    }
}

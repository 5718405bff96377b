package greenwave.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Runs SUMO on its own, to have something to compare with. */
final class PlainSumo {
    private PlainSumo() {}

    /** Runs {@code config} to its end; {@code more} are further options. */
    static void run(final SumoConfig config, final long seed, final String... more)
            throws IOException, InterruptedException {
        final List<String> command = new ArrayList<>(List.of("sumo", "-n", "" + config.network()));
        command.addAll(List.of("-r", list(config.routes())));
        if (!config.additional().isEmpty()) {
            command.addAll(List.of("-a", list(config.additional())));
        }
        command.addAll(List.of("-b", "" + config.begin(), "-e", "" + config.end()));
        command.addAll(List.of("--seed", "" + seed, "--no-step-log", "--xml-validation", "never"));
        command.addAll(config.options());
        command.addAll(List.of(more));
        run(command);
    }

    /** Runs {@code config} and writes its trips to {@code file}. */
    static void writeTrips(final SumoConfig config, final long seed, final Path file)
            throws IOException, InterruptedException {
        run(
                config,
                seed,
                "--tripinfo-output",
                file.toString(),
                "--tripinfo-output.write-unfinished",
                "--tripinfo-output.write-undeparted",
                "--statistic-output",
                file + ".statistics");
    }

    /** Runs {@code command} and fails with its output unless it succeeds. */
    static void run(final List<String> command) throws IOException, InterruptedException {
        final Path log = Files.createTempFile("plain-sumo", ".log");
        try {
            final Process process =
                    new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(log.toFile())
                            .start();
            assertEquals(0, process.waitFor(), () -> command + "\n" + read(log));
        } finally {
            Files.delete(log);
        }
    }

    private static String list(final List<Path> files) {
        return files.stream().map(Path::toString).collect(Collectors.joining(","));
    }

    private static String read(final Path file) {
        try {
            return Files.readString(file);
        } catch (final IOException e) {
            return e.toString();
        }
    }
}

package greenwave.bench.suite;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.TimeUnit;

/**
 * Where and when figures were taken.
 *
 * @param load tasks that wanted a processor in the minute before: figures of a busy machine are worse
 * @param commit of the sources; {@code unknown} outside of a checkout
 */
record MachineInfo(
        String date,
        String cpu,
        int cores,
        String load,
        String memory,
        String os,
        String jdk,
        String sumo,
        String commit) {
    private static final long PATIENCE_SECONDS = 10;

    static MachineInfo here() throws IOException {
        return new MachineInfo(
                Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(),
                field(Path.of("/proc/cpuinfo"), "model name"),
                Runtime.getRuntime().availableProcessors(),
                Files.readString(Path.of("/proc/loadavg")).split(" ")[0],
                gibibytes(field(Path.of("/proc/meminfo"), "MemTotal")),
                "%s %s".formatted(System.getProperty("os.name"), System.getProperty("os.version")),
                "%s %s".formatted(System.getProperty("java.vendor"), Runtime.version()),
                said(System.getProperty("greenwave.sumo", "sumo"), "--version"),
                said("git", "describe", "--always", "--dirty", "--abbrev=10"));
    }

    private static String field(final Path file, final String name) throws IOException {
        try (var lines = Files.lines(file)) {
            return lines.filter(line -> line.startsWith(name))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse("unknown");
        }
    }

    private static String gibibytes(final String kibibytes) {
        final String digits = kibibytes.replaceAll("\\D", "");
        return digits.isEmpty() ? "unknown" : (Long.parseLong(digits) >> 20) + " GiB";
    }

    /** {@return the first line that a program prints; {@code unknown} if it fails} */
    private static String said(final String... command) {
        try {
            final Process process =
                    new ProcessBuilder(command)
                            .redirectError(ProcessBuilder.Redirect.DISCARD)
                            .start();
            final String said =
                    new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            final boolean ended = process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
            return ended && process.exitValue() == 0
                    ? said.lines().findFirst().orElse("unknown")
                    : "unknown";
        } catch (final IOException e) {
            return "unknown";
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
            return "unknown";
        }
    }
}

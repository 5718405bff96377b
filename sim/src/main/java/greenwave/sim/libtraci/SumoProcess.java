package greenwave.sim.libtraci;

import greenwave.sim.SumoException;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** One running SUMO that listens for its client. Owned by the thread that starts it. */
final class SumoProcess {
    private static final int ATTEMPTS = 4;
    private static final int LAST_LINES = 6;
    private static final String PORT_LOST = "listening socket"; // SUMO could not bind

    private final Process process;
    private final Path errors;
    private final int port;

    private SumoProcess(final Process process, final Path errors, final int port) {
        this.process = process;
        this.errors = errors;
        this.port = port;
    }

    /**
     * Starts SUMO and waits until it listens, which is after it has read the network.
     *
     * @param port TCP port, or 0 for a free one; a free one that is lost to another program before
     *     SUMO has it is replaced
     * @param folder where its error output is kept
     * @throws SumoException if the port is taken, or SUMO ends before it listens
     */
    static SumoProcess start(
            final SumoHost host,
            final SumoInstallation sumo,
            final List<String> options,
            final int port,
            final Path folder) {
        if (port != 0) {
            SumoPorts.requireFree(port);
        }
        for (int attempt = 1; ; attempt++) {
            final int actual = port != 0 ? port : SumoPorts.free();
            final SumoProcess started = spawn(host, sumo, options, actual, folder);
            if (started.awaitListening()) {
                return started;
            }
            final String words = started.lastWords();
            if (port != 0 || attempt == ATTEMPTS || !words.contains(PORT_LOST)) {
                throw new SumoException(
                        "SUMO refused to start, status %d: %s"
                                .formatted(started.process.exitValue(), words));
            }
        }
    }

    private static SumoProcess spawn(
            final SumoHost host,
            final SumoInstallation sumo,
            final List<String> options,
            final int port,
            final Path folder) {
        final List<String> all = new ArrayList<>(options);
        all.addAll(List.of("--remote-port", Integer.toString(port)));
        final File errors = folder.resolve("sumo.err").toFile();
        final ProcessBuilder builder =
                sumo.process(all)
                        .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .redirectError(errors);
        try {
            return new SumoProcess(host.start(builder), errors.toPath(), port);
        } catch (final IOException e) {
            throw new SumoException(
                    "SUMO cannot be started: %s: %s".formatted(sumo.program(), e.getMessage()), e);
        }
    }

    private boolean awaitListening() {
        try {
            while (!SumoPorts.listens(process, port)) {
                if (process.waitFor(1, TimeUnit.MILLISECONDS)) {
                    return false;
                }
            }
            return true;
        } catch (final InterruptedException e) {
            throw interrupted(e);
        }
    }

    int port() {
        return port;
    }

    long pid() {
        return process.pid();
    }

    /** {@return whether it ended within {@code seconds}} */
    boolean awaitExit(final long seconds) {
        try {
            return process.waitFor(seconds, TimeUnit.SECONDS);
        } catch (final InterruptedException e) {
            throw interrupted(e);
        }
    }

    /** {@return the exit status; 128 + n after signal n} */
    int status() {
        return process.exitValue();
    }

    void kill() {
        process.destroyForcibly();
        awaitExit(Long.MAX_VALUE);
    }

    /** {@return the last lines of the error output as one line} */
    String lastWords() {
        try {
            final List<String> lines =
                    new String(Files.readAllBytes(errors), StandardCharsets.UTF_8)
                            .lines()
                            .map(String::strip)
                            .filter(line -> !line.isEmpty())
                            .toList();
            return lines.isEmpty()
                    ? "no error output"
                    : lines.stream()
                            .skip(Math.max(0, lines.size() - LAST_LINES))
                            .collect(Collectors.joining(" | "));
        } catch (final IOException e) {
            return "error output is lost: " + e;
        }
    }

    private SumoException interrupted(final InterruptedException e) {
        process.destroyForcibly();
        Thread.currentThread().interrupt();
        return new SumoException("sumo: interrupted", e);
    }
}

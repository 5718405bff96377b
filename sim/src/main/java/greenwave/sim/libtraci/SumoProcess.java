package greenwave.sim.libtraci;

import greenwave.sim.SumoException;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** One running SUMO that listens for its client. Owned by the thread that starts it. */
final class SumoProcess {
    private static final int ATTEMPTS = 4;
    private static final int LAST_LINES = 6;
    private static final int LONGEST_PAUSE = 20; // ms
    private static final int SIGNALLED = 128; // exit statuses above tell a signal
    private static final String PORT_LOST = "listening socket"; // what SUMO says if it cannot bind
    private static final String CLIENT_GONE = "peer shutdown"; // or if a client came and went

    /** What to say of a SUMO that has been taken by another client. */
    static final String TAKEN = "another program has taken SUMO's port or connected to it first";

    private final Process process;
    private final Path errors;
    private final int port;
    private final Watchdog.Watch watch;
    private final Optional<Isolation> isolation;

    private SumoProcess(
            final Process process,
            final Path errors,
            final int port,
            final Watchdog.Watch watch,
            final Optional<Isolation> isolation) {
        this.process = process;
        this.errors = errors;
        this.port = port;
        this.watch = watch;
        this.isolation = isolation;
    }

    /**
     * Starts SUMO and waits until it listens, which is after it has read the network.
     *
     * @param port TCP port, or 0 for a free one; a free one that is lost to another program, or whose
     *     SUMO is, is replaced
     * @param folder where its error output is kept
     * @throws SumoException if SUMO ends or hangs before it listens, or is taken by another program
     */
    static SumoProcess start(
            final SumoHost host,
            final SumoInstallation sumo,
            final List<String> options,
            final int port,
            final Path folder) {
        for (int attempt = 1; ; attempt++) {
            final int actual = port != 0 ? port : freePort(host);
            final SumoProcess started = spawn(host, sumo, options, actual, folder);
            final SumoPorts.Service service = started.awaitService();
            if (service == SumoPorts.Service.LISTENS) {
                return started;
            }
            final boolean taken = started.isTaken(service);
            if (!taken || port != 0 || attempt == ATTEMPTS) {
                throw started.failure(taken);
            }
        }
    }

    /** {@return whether another program has its port, or is or was its client} It is killed then. */
    private boolean isTaken(final SumoPorts.Service service) {
        if (service == SumoPorts.Service.HAS_CLIENT) {
            kill();
            return true;
        }
        final String words = lastWords();
        return !wasKilled() && (words.contains(PORT_LOST) || words.contains(CLIENT_GONE));
    }

    private SumoException failure(final boolean taken) {
        if (taken) {
            return SumoException.lost(TAKEN + ": " + lastWords(), null);
        }
        return wasKilled()
                ? SumoException.lost(death(), null)
                : new SumoException(
                        "SUMO refused to start, status %d: %s".formatted(status(), lastWords()));
    }

    private static int freePort(final SumoHost host) {
        return host.isolation().map(Isolation::freePort).orElseGet(SumoPorts::free);
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
                sumo.process(host.isolation().map(Isolation::entry).orElse(List.of()), all)
                        .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .redirectError(errors);
        try {
            final Process process = host.start(builder);
            return new SumoProcess(
                    process,
                    errors.toPath(),
                    port,
                    host.watchdog().watch(process),
                    host.isolation());
        } catch (final IOException e) {
            throw new SumoException(
                    "SUMO cannot be started: %s: %s".formatted(sumo.program(), e.getMessage()), e);
        }
    }

    /** {@return what it does with its port as soon as it does anything; none if it has ended} */
    private SumoPorts.Service awaitService() {
        try {
            SumoPorts.Service service = SumoPorts.service(process, port);
            int waited = 0;
            while (service == SumoPorts.Service.NONE) {
                // The longer it takes, the less a late look matters; a look costs the others time.
                final int pause = Math.clamp(waited / 16, 1, LONGEST_PAUSE);
                waited += pause;
                if (process.waitFor(pause, TimeUnit.MILLISECONDS)) {
                    break;
                }
                service = SumoPorts.service(process, port);
            }
            watch.answered();
            return service;
        } catch (final InterruptedException e) {
            throw interrupted(e);
        }
    }

    /** {@return the port to connect to, once} */
    int clientPort() {
        return isolation.map(inside -> inside.bridge(port)).orElse(port);
    }

    long pid() {
        return process.pid();
    }

    /** {@return whether the process runs {@code program} itself, not a script of that name or what a script has become} */
    boolean runs(final Path program) {
        try {
            return process.info().command().map(Path::of).equals(Optional.of(program.toRealPath()));
        } catch (final IOException e) {
            return false; // it has just been deleted
        }
    }

    /** {@return who says when it owes an answer} */
    Watchdog.Watch watch() {
        return watch;
    }

    /** {@return whether it is what this JVM is connected to} */
    boolean isConnected() {
        return isolation.isPresent() || SumoPorts.isConnected(process, port);
    }

    /**
     * {@return whether it runs and has a client that is not this JVM} SUMO stops to listen when its
     * client has come.
     */
    boolean isTaken() {
        return !isConnected()
                && SumoPorts.service(process, port) != SumoPorts.Service.LISTENS
                && process.isAlive();
    }

    /** Waits until it ends by itself or the watchdog ends it. */
    void awaitExit() {
        watch.expect();
        awaitExit(Long.MAX_VALUE);
        watch.answered();
    }

    /** {@return whether a signal ended it} */
    boolean wasKilled() {
        return status() > SIGNALLED;
    }

    /** {@return how it ended and the last it said} */
    String death() {
        final String how =
                watch.verdict() == null ? "SUMO ended with status " + status() : watch.verdict();
        return how + ": " + lastWords();
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
        SumoHost.destroy(process);
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
        SumoHost.destroy(process);
        Thread.currentThread().interrupt();
        return new SumoException("sumo: interrupted", e);
    }
}

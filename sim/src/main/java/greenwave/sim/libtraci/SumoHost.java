package greenwave.sim.libtraci;

import greenwave.sim.SumoException;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What must not outlive an environment: its SUMO processes and its temporary folder. Both are gone
 * after {@link #close}, and after the JVM's orderly exit if that comes first. Any thread.
 */
public final class SumoHost implements AutoCloseable {
    private static final Logger LOG = System.getLogger(SumoHost.class.getName());

    private final Path folder;
    private final Thread hook = new Thread(this::sweep, "greenwave-sumo-sweep");
    private final Set<Process> processes = new HashSet<>(); // guarded by this
    private boolean closed; // guarded by this

    /**
     * Makes the folder.
     *
     * @throws SumoException if that fails
     */
    public SumoHost() {
        try {
            folder =
                    Files.createTempDirectory(
                            "greenwave-sumo-" + ProcessHandle.current().pid() + '-');
        } catch (final IOException e) {
            throw new SumoException("sumo: cannot make a temporary folder: " + e, e);
        }
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /** {@return the folder, private to the user; its name has the JVM's process ID} */
    public Path folder() {
        return folder;
    }

    /**
     * Starts a process that ends with this object, and where {@code setpriv} is at hand with the
     * calling thread.
     *
     * @throws IllegalStateException after {@link #close}
     */
    synchronized Process start(final ProcessBuilder builder) throws IOException {
        if (closed) {
            throw new IllegalStateException("sumo: start: the environment is closed");
        }
        processes.removeIf(process -> !process.isAlive());
        final Process process = builder.start();
        processes.add(process);
        return process;
    }

    /** Kills all that still runs, so that a thread which waits for SUMO comes free. */
    public synchronized void kill() {
        processes.forEach(Process::destroyForcibly);
    }

    @Override
    public void close() {
        sweep();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (final IllegalStateException e) {
            LOG.log(Level.TRACE, "the JVM is shutting down", e);
        }
    }

    private synchronized void sweep() {
        closed = true;
        kill();
        try {
            for (final Process process : processes) {
                process.waitFor();
            }
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt(); // the kernel ends them all the same
        }
        processes.clear();
        delete(folder);
    }

    private static void delete(final Path folder) {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> tree = Files.walk(folder)) {
            final List<Path> leavesFirst = tree.sorted(Comparator.reverseOrder()).toList();
            for (final Path path : leavesFirst) {
                Files.deleteIfExists(path);
            }
        } catch (final IOException | UncheckedIOException e) {
            LOG.log(Level.WARNING, "temporary folder {0} stays: {1}", folder, e);
        }
    }
}

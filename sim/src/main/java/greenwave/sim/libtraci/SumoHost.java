package greenwave.sim.libtraci;

import greenwave.sim.SumoException;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What must not outlive an environment: its SUMO processes and its temporary folder. Both are gone
 * after {@link #close}, and after the JVM's orderly exit if that comes first. Any thread.
 */
public final class SumoHost implements AutoCloseable {
    private static final Logger LOG = System.getLogger(SumoHost.class.getName());

    private final Path folder;
    private final boolean isolate;
    private final Object isolating = new Object();
    private final Watchdog watchdog;
    private final Thread hook = new Thread(this::sweep, "greenwave-sumo-sweep");
    private final Set<Process> processes = new HashSet<>(); // guarded by this
    private boolean closed; // guarded by this
    private int starting; // guarded by this
    private volatile Isolation isolation; // null without or not yet; made under isolating

    /**
     * Makes the folder.
     *
     * @param patience how long a SUMO that owes an answer may do nothing before it is killed
     * @param isolate whether each SUMO runs in a network namespace of this object
     * @throws SumoException if that fails
     */
    public SumoHost(final Duration patience, final boolean isolate) {
        this.isolate = isolate;
        watchdog = new Watchdog(patience);
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
     * @throws IllegalStateException after {@link #kill} or {@link #close}
     */
    Process start(final ProcessBuilder builder) throws IOException {
        synchronized (this) {
            requireOpen();
            starting++;
        }
        Process process = null;
        try {
            process = builder.start(); // takes its time: many worlds start at once
            return process;
        } finally {
            started(process);
        }
    }

    private synchronized void started(final Process process) {
        starting--;
        notifyAll();
        if (process != null) {
            processes.removeIf(other -> !other.isAlive());
            processes.add(process);
            if (closed) {
                destroy(process);
            }
        }
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("sumo: start: the environment is closed");
        }
    }

    /**
     * Makes the network namespace where one is asked for. Call on a thread that lives as long as any
     * SUMO.
     *
     * @throws SumoException if none can be had
     */
    public void isolate() {
        synchronized (isolating) {
            if (isolate && isolation == null) {
                isolation = Isolation.open(this);
            }
        }
    }

    /** {@return where each SUMO runs; empty if in the network of everyone} */
    Optional<Isolation> isolation() {
        return Optional.ofNullable(isolation);
    }

    /** {@return who ends processes that hang} */
    Watchdog watchdog() {
        return watchdog;
    }

    /** {@return whether nothing can be started any more} */
    public synchronized boolean isClosed() {
        return closed;
    }

    /**
     * Kills all that still runs, so that a thread which waits for SUMO comes free. Nothing can be
     * started any more.
     */
    public synchronized void kill() {
        closed = true;
        processes.forEach(SumoHost::destroy);
    }

    /** Kills a process and what it has started. */
    static void destroy(final Process process) {
        final List<ProcessHandle> started = Descendants.of(process);
        process.destroyForcibly();
        started.forEach(ProcessHandle::destroyForcibly);
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
        kill();
        watchdog.close();
        try {
            while (starting > 0) {
                wait();
            }
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

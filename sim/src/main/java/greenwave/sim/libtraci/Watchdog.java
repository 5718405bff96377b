package greenwave.sim.libtraci;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Kills a process that owes an answer and does nothing for it. What counts as nothing:
 *
 * <ol>
 *   <li>Its CPU time stands still and it does not wait for a processor either, as the kernel's {@code
 *       /proc/PID/stat} has it: it is stopped, or sleeps. What it has started counts with it.
 *   <li>It computes, but gives no answer for {@value #BUSY_FACTOR} times as long: it goes in circles.
 * </ol>
 *
 * Only time counts in which somebody waits for the answer: what has come and is not looked at is no hang.
 * It is counted in samples of its own, not read from a clock: a machine or JVM that is stopped and goes on
 * later finds nobody late. One thread, which starts with the first process.
 */
final class Watchdog implements AutoCloseable {
    private static final int BUSY_FACTOR = 30;

    /** At least so many samples make the patience, so that a single bad moment is no hang. */
    private static final int SAMPLES = 8;

    private static final long SHORTEST_MILLIS = 5;
    private static final long LONGEST_MILLIS = 1_000;
    private static final int STATE = 0; // fields of /proc/PID/stat after the name
    private static final String RUNNABLE = "R";
    private static final int USER_TIME = 11;
    private static final int SYSTEM_TIME = 12;

    private final Duration patience;
    private final long intervalMillis;
    private final int idleSamples;
    private final List<Watch> watches = new CopyOnWriteArrayList<>();
    private Thread thread; // guarded by this

    /** Waits {@code patience}, rounded up to some milliseconds, for a process that does nothing. */
    Watchdog(final Duration patience) {
        this.patience = patience;
        final long millis = patience.toMillis();
        this.intervalMillis =
                Math.clamp(Math.ceilDiv(millis, SAMPLES), SHORTEST_MILLIS, LONGEST_MILLIS);
        this.idleSamples = (int) Math.max(SAMPLES, Math.ceilDiv(millis, intervalMillis));
    }

    /** One process. The thread that waits for it says so; the watchdog listens. */
    final class Watch {
        private final Process process;
        private volatile boolean owing = true; // a process that starts owes its first word
        private volatile boolean awaited = true;
        private volatile int answers;
        private volatile String verdict;
        private int answersSeen;
        private long cpuSeen = -1;
        private long cpu;
        private String states;
        private int idle;
        private int busy;

        private Watch(final Process process) {
            this.process = process;
        }

        /** From now on the process owes an answer, for which somebody waits. */
        void expect() {
            awaited = true;
            owing = true;
        }

        /** From now on the process owes an answer, which will be waited for later. */
        void expectLater() {
            awaited = false;
            owing = true;
        }

        /** Whether somebody waits for what the process owes. */
        void await(final boolean now) {
            awaited = now;
        }

        /** The process has answered, or nobody waits for it any more. */
        void answered() {
            owing = false;
            answers = answers + 1; // by one thread only
        }

        /** {@return why the watchdog has killed the process, or null} */
        String verdict() {
            return verdict;
        }

        private void sample() {
            final int seen = answers;
            if (!owing || seen != answersSeen) {
                answersSeen = seen;
                idle = 0;
                busy = 0;
                return;
            }
            if (!awaited) {
                return;
            }
            busy++;
            cpu = 0;
            states = "";
            add(process.toHandle());
            Descendants.of(process).forEach(this::add);
            idle = cpu != cpuSeen || states.contains(RUNNABLE) ? 0 : idle + 1;
            cpuSeen = cpu;
            if (idle >= idleSamples) {
                kill("SUMO hung: it did nothing for " + seconds(1) + ", state " + states);
            } else if (busy >= (long) idleSamples * BUSY_FACTOR) {
                kill("SUMO hung: it gave no answer for " + seconds(BUSY_FACTOR));
            }
        }

        /** Adds what a process has used and does. */
        private void add(final ProcessHandle member) {
            try {
                final String line = Files.readString(Path.of("/proc/" + member.pid() + "/stat"));
                // the program's name, in parentheses, may hold spaces and more of them
                final String[] stat = line.substring(line.lastIndexOf(')') + 2).split(" ");
                cpu += Long.parseLong(stat[USER_TIME]) + Long.parseLong(stat[SYSTEM_TIME]);
                states += stat[STATE];
            } catch (final IOException e) {
                states += RUNNABLE; // it has just ended, which is not nothing
            }
        }

        private void kill(final String reason) {
            verdict = reason;
            SumoHost.destroy(process);
        }
    }

    private String seconds(final int factor) {
        return patience.toMillis() * factor / 1000.0 + " s";
    }

    /** Watches {@code process} until it ends. */
    synchronized Watch watch(final Process process) {
        final Watch watch = new Watch(process);
        watches.add(watch);
        if (thread == null) {
            thread = Thread.ofPlatform().daemon().name("greenwave-watchdog").start(this::run);
        }
        return watch;
    }

    private void run() {
        try {
            while (true) {
                Thread.sleep(intervalMillis);
                watches.removeIf(watch -> !watch.process.isAlive());
                watches.forEach(Watch::sample);
            }
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt(); // closed
        }
    }

    /** Stops watching. */
    @Override
    public synchronized void close() {
        if (thread != null) {
            thread.interrupt();
        }
    }
}

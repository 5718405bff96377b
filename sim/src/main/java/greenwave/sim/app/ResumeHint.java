package greenwave.sim.app;

import java.io.PrintWriter;
import java.nio.file.Path;

/** Says how a run goes on that was stopped before its end, by a signal or by a failure. */
final class ResumeHint implements AutoCloseable {
    private final PrintWriter err;
    private final Path run;
    private final Thread onSignal = new Thread(() -> print("interrupted"));
    private boolean finished;
    private volatile boolean saved;

    /** From now on a signal is answered. */
    ResumeHint(final PrintWriter err, final Path run) {
        this.err = err;
        this.run = run;
        Runtime.getRuntime().addShutdownHook(onSignal);
    }

    /** Takes note that there is a checkpoint. */
    void saved() {
        saved = true;
    }

    /** Takes note that the run has come to its end. */
    void finished() {
        finished = true;
    }

    private void print(final String what) {
        final String from = saved ? "its last checkpoint" : "its beginning, not yet saved";
        err.printf(
                "greenwave: %s: 'greenwave train --resume %s' goes on from %s%n", what, run, from);
        err.flush();
    }

    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(onSignal);
        } catch (final IllegalStateException e) {
            return; // a signal has been answered
        }
        if (!finished && saved) {
            print("stopped");
        }
    }
}

package greenwave.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.util.List;

/** Signals to other processes. */
public final class Signals {
    private Signals() {}

    /**
     * {@return {@code process}, to be started so that SIGINT ends it} A shell starts what it puts into the background with that
     * signal ignored, and so would be all that is started from there, these tests included.
     */
    public static ProcessBuilder heeded(final ProcessBuilder process) {
        process.command().addAll(0, List.of("env", "--default-signal=INT"));
        return process;
    }

    /** Sends {@code signal}, such as INT. */
    public static void send(final String signal, final long pid)
            throws IOException, InterruptedException {
        assertEquals(0, new ProcessBuilder("kill", "-" + signal, "" + pid).start().waitFor());
    }
}

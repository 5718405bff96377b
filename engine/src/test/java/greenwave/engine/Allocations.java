package greenwave.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.management.ManagementFactory;

/** Counts what this thread allocates on the Java heap. */
public final class Allocations {
    private static final com.sun.management.ThreadMXBean THREADS =
            (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    // What the compiler inlines it need not box, but that takes its time on a busy machine.
    private static final int MOST_WARM_ROUNDS = 60;

    private Allocations() {}

    /** Bytes per call of a round, rounded down: to fall back to the interpreter once takes some hundred in all. */
    private static long bytesPerCall(final int calls, final Runnable call) {
        final long before = THREADS.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < calls; i++) {
            call.run();
        }
        return (THREADS.getCurrentThreadAllocatedBytes() - before) / calls;
    }

    /** Asserts that the round of {@code calls} after the first that allocates nothing doesn't either. */
    public static void assertNone(final int calls, final Runnable call) {
        long bytes = bytesPerCall(calls, call);
        for (int round = 1; round < MOST_WARM_ROUNDS && bytes > 0; round++) {
            bytes = bytesPerCall(calls, call);
        }
        assertEquals(0, bytes, "bytes per call after " + MOST_WARM_ROUNDS + " rounds");
        assertEquals(0, bytesPerCall(calls, call), "bytes per call once warm");
    }
}

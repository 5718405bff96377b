package greenwave.bench.guard;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;

/**
 * Processor time, not the clock on the wall: what else runs on a shared machine takes turns with a path, and its turns don't
 * count. A path that waits rather than works is not caught by it.
 */
@FunctionalInterface
interface Clock {
    /** {@return nanoseconds of processor time so far} */
    long nanos();

    /** {@return the clock of the thread that asks} */
    static Clock thread() {
        final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        return threads::getCurrentThreadCpuTime;
    }
}

package greenwave.sim;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * A thread with a mailbox that holds one task. To post allocates nothing and takes no lock: the thread looks
 * for the next task for some microseconds, since to be woken takes as long, then parks. Posted to by one
 * other thread.
 */
final class WorldThread {
    /** Something to be done on the thread. */
    interface Task {
        /** Does it. */
        void run() throws Exception;
    }

    private static final long SPIN_NANOS = 10_000;

    private final Thread thread;
    private final Runnable done;
    private volatile Task task; // null: nothing is under way
    private volatile boolean ended;
    private Throwable failure; // of the last task; written before `task` becomes null

    /** Starts the thread, a daemon, which runs {@code done} after every task. */
    WorldThread(final String name, final Runnable done) {
        this.done = done;
        thread = Thread.ofPlatform().daemon().name(name).start(this::work);
    }

    private void work() {
        while (true) {
            awaitTask();
            final Task next = task;
            if (next == null) {
                return;
            }
            Throwable thrown = null;
            try {
                next.run();
            } catch (final Throwable e) { // belongs to who awaits it
                thrown = e;
            }
            failure = thrown;
            task = null;
            done.run();
        }
    }

    private void awaitTask() {
        final long deadline = System.nanoTime() + SPIN_NANOS;
        while (task == null && !ended) {
            if (System.nanoTime() - deadline < 0) {
                Thread.onSpinWait();
            } else {
                LockSupport.park(this);
            }
        }
    }

    /** Has {@code next} done. Whatever was posted before must be done. */
    void post(final Task next) {
        task = next;
        LockSupport.unpark(thread);
    }

    /** {@return whether nothing is under way} */
    boolean isIdle() {
        return task == null;
    }

    /** {@return what the last task failed with, or null; to be asked of an idle thread} */
    Throwable failure() {
        return failure;
    }

    /** Lets the thread end once nothing is under way. */
    void end() {
        ended = true;
        LockSupport.unpark(thread);
    }

    /** {@return whether the thread has ended within {@code nanos}} */
    boolean awaitEnd(final long nanos) throws InterruptedException {
        return thread.join(Duration.ofNanos(Math.max(1, nanos)));
    }
}

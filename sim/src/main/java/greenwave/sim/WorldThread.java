package greenwave.sim;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * The one thread that may touch a world, and a mailbox that holds one task. Posting and waiting
 * allocate nothing and take no lock: each side looks for the other for some microseconds, since to be
 * woken takes as long, then parks. Posted to and awaited by one other thread.
 */
final class WorldThread {
    /** Something to be done on the thread. */
    interface Task {
        /** Does it. */
        void run() throws Exception;
    }

    /**
     * Counts tasks that are done, over all threads of a team, and wakes who waits for enough of them.
     * The counter and the goal are each written before the other is read, so no wake is lost.
     */
    static final class Done {
        private final AtomicLong count = new AtomicLong();
        private volatile long goal = Long.MAX_VALUE;
        private volatile Thread waiter;

        private void add() {
            if (count.incrementAndGet() >= goal) {
                LockSupport.unpark(waiter);
            }
        }

        /** {@return how many are done since the team was made} */
        long count() {
            return count.get();
        }

        /** Waits until at least {@code total} are done. */
        void await(final long total) throws InterruptedException {
            final long deadline = System.nanoTime() + SPIN_NANOS;
            while (count.get() < total && System.nanoTime() - deadline < 0) {
                Thread.onSpinWait();
            }
            waiter = Thread.currentThread();
            goal = total;
            try {
                while (count.get() < total) {
                    if (Thread.interrupted()) {
                        throw new InterruptedException();
                    }
                    LockSupport.park(this);
                }
            } finally {
                goal = Long.MAX_VALUE;
                waiter = null;
            }
        }
    }

    private static final long SPIN_NANOS = 10_000;

    private final Thread thread;
    private final Done done;
    private volatile Task task; // null: nothing is under way
    private volatile boolean ended;
    private Throwable failure; // of the last task; written before `task` becomes null

    /** Starts the thread, a daemon. */
    WorldThread(final String name, final Done done) {
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
            done.add();
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

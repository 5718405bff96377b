package greenwave.engine.dqn;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Updates on a thread of their own: a world that has answered does not wait for a gradient. It also keeps apart, for the
 * kernel's scheduler, who computes all the time and who is to be woken at once: on two processors with two simulators, a
 * thread that did both was left waiting behind one simulator while the other's processor stood idle.
 *
 * <p>Driven by the training thread. What it did before an update is begun is seen by the update, and what an update did by
 * who has caught up with it.
 */
final class BackgroundUpdates extends Updates {
    private static final long NOBODY = -1;

    /** Held for each update; fair, so that who wants to look at a learner is next. */
    private final ReentrantLock computing = new ReentrantLock(true);

    private final AtomicLong underWay = new AtomicLong();
    private final Thread trainer = Thread.currentThread();
    private final Thread thread;
    private volatile long awaited = NOBODY; // the trainer sleeps until so many are under way
    private volatile double progress;
    private volatile Throwable failure;
    private volatile boolean ended;

    /** To be made and used by one thread. */
    BackgroundUpdates(final List<Actor> actors, final LossMeter losses, final double perDecision) {
        super(actors, losses, perDecision);
        this.thread = Thread.ofPlatform().daemon().name("greenwave-learner").start(this::work);
    }

    private void work() {
        while (true) {
            while (underWay.get() == 0 && !ended) {
                LockSupport.park(this);
            }
            if (ended) {
                return;
            }
            computing.lock();
            try {
                tell(progress);
                one();
            } catch (final Throwable e) { // belongs to who waits for it
                failure = e;
                ended = true;
            } finally {
                computing.unlock();
            }
            if (underWay.decrementAndGet() <= awaited || ended) {
                LockSupport.unpark(trainer);
            }
        }
    }

    @Override
    double owed() {
        return super.owed() + underWay.get();
    }

    @Override
    void begin(final int count, final double now) {
        if (count > 0) {
            progress = now;
            underWay.addAndGet(count);
            LockSupport.unpark(thread);
        }
    }

    @Override
    void catchUpTo(final long most) {
        if (underWay.get() > most) {
            awaited = most;
            while (underWay.get() > most && !ended) {
                LockSupport.park(this);
            }
            awaited = NOBODY;
        }
        rethrow();
    }

    private void rethrow() {
        if (failure instanceof final Error error) {
            throw error;
        }
        if (failure instanceof final RuntimeException exception) {
            throw exception;
        }
    }

    @Override
    void undisturbed(final Work work) throws IOException {
        computing.lock();
        try {
            rethrow();
            work.run();
        } finally {
            computing.unlock();
        }
    }

    @Override
    public void close() {
        ended = true;
        LockSupport.unpark(thread);
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (final InterruptedException e) {
                interrupted = true; // an update is short, and what it uses is about to be freed
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}

package greenwave.engine.dqn;

import java.io.IOException;
import java.util.List;

/** The updates of a run: so many of each learner per decision, once all have enough to learn from. */
abstract class Updates implements AutoCloseable {
    /** What is done to learners between two updates. */
    interface Work {
        void run() throws IOException;
    }

    private final List<Actor> actors;
    private final LossMeter losses;
    private final double perDecision;
    private double owed; // by each learner; a fraction

    Updates(final List<Actor> actors, final LossMeter losses, final double perDecision) {
        this.actors = actors;
        this.losses = losses;
        this.perDecision = perDecision;
    }

    /** {@return updates of one learner that have not been done} */
    double owed() {
        return owed;
    }

    /** Goes on with what was {@link #owed}. */
    void restore(final double due) {
        owed = due;
    }

    /**
     * Begins what {@code decisions} more make due, at {@code progress} of the run. No debt builds up while the replays fill: the
     * first updates would all see the same few transitions.
     */
    final void add(final int decisions, final double progress) {
        for (final Actor actor : actors) {
            if (!actor.learner().ready()) {
                return;
            }
        }
        owed += decisions * perDecision;
        final int whole = (int) owed;
        owed -= whole;
        begin(whole, progress);
    }

    /** Does {@code count} updates at {@code progress} of the run, or sees to it that they are done. */
    abstract void begin(int count, double progress);

    /**
     * Waits until no more are under way than {@code decisions} make due; with 0 until all are done.
     *
     * @throws DivergedException if one of them found that
     */
    final void catchUp(final int decisions) {
        catchUpTo((long) (decisions * perDecision));
    }

    abstract void catchUpTo(long underWay);

    /** Does {@code work} while none is being computed. */
    abstract void undisturbed(Work work) throws IOException;

    final void tell(final double progress) {
        for (final Actor actor : actors) {
            actor.learner().replay().progress(progress);
        }
    }

    /** Does one of each learner. */
    final void one() {
        for (final Actor actor : actors) {
            actor.learner().update();
            actor.refresh();
            losses.updated();
        }
    }

    /** Gives up what is under way, if anything. */
    @Override
    public abstract void close();
}

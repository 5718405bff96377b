package greenwave.sim;

import greenwave.engine.env.EpisodeEnd;
import greenwave.sim.signal.Reading;

import java.util.Set;

/**
 * Follows one world from decision to decision. Called on the world's own thread or on the one that drives the
 * environment, by one at a time; listeners of other worlds may be called meanwhile. What it throws fails the
 * world. A world that was lost and is brought back to where it was is heard of once.
 */
public interface WorldListener {
    /** {@return readings it needs; constant} */
    Set<Reading> readings();

    /** Hears that an episode has begun; nothing has been simulated yet. */
    void onStart(WorldView now);

    /** Hears of a decision that has been carried out and rewarded. */
    void onDecision(WorldView now);

    /** Hears that an episode has ended, and how it went if SUMO lived to write its output. */
    default void onEnd(final EpisodeEnd end) {}
}

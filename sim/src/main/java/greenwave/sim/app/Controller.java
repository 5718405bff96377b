package greenwave.sim.app;

import greenwave.engine.env.StepBatch;

/** Decides for all signals of all worlds; used by one thread. */
interface Controller extends AutoCloseable {
    /** {@return its name in reports} */
    String name();

    /** Tells that {@code world} begins an episode with SUMO seed {@code seed}. */
    default void onEpisode(final int world, final long seed) {}

    /**
     * Decides.
     *
     * @param batch what the signals see
     * @param actions by group, then row: filled
     */
    void act(StepBatch batch, int[][] actions);

    @Override
    default void close() {}
}

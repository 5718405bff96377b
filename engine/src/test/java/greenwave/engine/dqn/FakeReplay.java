package greenwave.engine.dqn;

import greenwave.engine.replay.Replay;

import java.lang.foreign.MemorySegment;

/** What stand-ins for a replay have in common: transitions of one step, all alike. */
interface FakeReplay extends Replay {
    @Override
    default int steps() {
        return 1;
    }

    @Override
    default float gamma() {
        return 0.9f;
    }

    @Override
    default boolean prioritized() {
        return false;
    }

    @Override
    default int beginEpisode() {
        return 0;
    }

    @Override
    default int observe(final int row, final MemorySegment obs, final MemorySegment image) {
        throw new UnsupportedOperationException("observe");
    }

    @Override
    default void add(
            final int observed,
            final int action,
            final float reward,
            final float discount,
            final int next,
            final int row,
            final MemorySegment nextLegal,
            final int episode) {
        throw new UnsupportedOperationException("add");
    }

    @Override
    default void close() {}
}

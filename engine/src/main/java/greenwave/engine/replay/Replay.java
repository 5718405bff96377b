package greenwave.engine.replay;

import greenwave.kernels.BatchBuffers;

import java.lang.foreign.MemorySegment;

/**
 * Remembers transitions. Any number of threads write; any number read, each through a {@link BatchSampler} of its own.
 * Nobody waits for anybody.
 *
 * <p>An observation is stored once and named by number: where steps follow each other, that after one is that before the
 * next. {@link NStep} does so for the rows of an environment.
 */
public interface Replay extends AutoCloseable {
    /** {@return how many transitions fit; then the oldest goes} */
    int capacity();

    /** {@return how many are held} */
    int size();

    /** {@return over how many steps the reward of a transition is summed, n} */
    int steps();

    /** {@return what the value of the next state counts, per step} */
    float gamma();

    /** {@return whether drawn transitions carry weights and their errors are wanted back} */
    boolean prioritized();

    /**
     * Tells how far training has come, for what changes on the way.
     *
     * @param fraction in [0, 1]
     */
    default void progress(final double fraction) {}

    /** {@return a number that no other episode of this replay has} */
    int beginEpisode();

    /**
     * Stores an observation.
     *
     * @param row of the segments, from where it is copied
     * @param obs f32 [R, D]; null or empty if D is 0
     * @param image u8 [R, C, H, W]; null or empty if there are none
     * @return its number; it is kept for at least {@link #capacity} more
     * @throws IndexOutOfBoundsException if a segment has no such row; nothing is stored
     * @throws IllegalStateException after {@link #close}
     */
    int observe(int row, MemorySegment obs, MemorySegment image);

    /**
     * Adds a transition between two stored observations.
     *
     * @param observed number of the observation that the action was taken on
     * @param action in [0, A)
     * @param reward finite; over n steps their discounted sum
     * @param discount what the value of {@code next} counts, in [0, 1]; 0 if the episode ended there
     * @param next number of the observation that came of it
     * @param row of {@code nextLegal}
     * @param nextLegal u8 [R, A], 1 where an action is legal on {@code next}
     * @param episode which it belongs to
     * @throws IllegalArgumentException on a value out of range; nothing is added
     * @throws IndexOutOfBoundsException if the segment has no such row; nothing is added
     * @throws IllegalStateException after {@link #close}
     */
    void add(
            int observed,
            int action,
            float reward,
            float discount,
            int next,
            int row,
            MemorySegment nextLegal,
            int episode);

    /**
     * {@return a way to draw batches into {@code batch}, for one thread}
     *
     * @throws IllegalArgumentException if the columns do not fit what is stored
     */
    BatchSampler sampler(BatchBuffers batch);

    /** Frees the memory; later calls do nothing. */
    @Override
    void close();
}

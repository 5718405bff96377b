package greenwave.kernels;

import java.lang.foreign.MemorySegment;

/**
 * Transitions in a backend's own memory, drawn, weighed and gathered by kernels: a training step needs nothing from the
 * host. Slots are drawn alike, or by a sum tree over priorities in whole units, so that sums are exact and equal seeds draw
 * equal batches whatever the order in which threads run.
 *
 * <p>A transition names its observations by number. One whose observations have been overwritten is not drawn: its slot is
 * left without priority, and another is drawn for its row.
 *
 * <p>One thread at a time. Methods queue their work in the order of calls, unless they are said to wait.
 */
public interface ResidentReplay extends AutoCloseable {
    /**
     * What draws depend on beside transitions and priorities.
     *
     * @param largest the priority of new transitions: the largest given, at least 1
     * @param least the smallest given since it was last looked for
     * @param changes of priorities since then
     * @param batches drawn
     */
    record State(double largest, double least, long changes, long batches) {}

    /** Draws batches into the buffers of one plan. */
    interface Sampler extends AutoCloseable {
        /**
         * Sets the state of its random numbers: SplitMix64 (Steele, Lea and Flood 2014), of which a batch uses as many as it
         * has rows, and one for each row that is drawn once more.
         */
        void setRandom(long state);

        /** {@return that state; waits} */
        long random();

        /** Draws a batch and gathers it. Can be recorded. */
        void draw();

        /**
         * Sets priorities by the errors of the batch last drawn; transitions that have been replaced since, and errors that are
         * not finite, are passed over. Of rows with one slot the last counts. Can be recorded.
         *
         * @param errors f32 [B]
         */
        void update(Buffer errors);

        /**
         * Waits and copies the slots of the batch last drawn.
         *
         * @param slots i32 [B]
         */
        void slots(MemorySegment slots);

        /** Frees what the sampler holds; later calls do nothing. */
        @Override
        void close();
    }

    /**
     * {@return where the next {@link #append} takes from, for the caller to fill} It is another at each turn, so that copies on
     * their way are not overwritten; waits where all are on their way.
     */
    ReplayStaging stage();

    /**
     * Adds the first rows of what {@link #stage} gave last. New transitions have the largest priority.
     *
     * @param observations rows, at most those of the staging area
     * @param transitions likewise
     * @param size slots in use from now on, from the first: draws that are all alike go there
     */
    void append(int observations, int transitions, int size);

    /** Sets how far weights make up for uneven draws, of batch {@code first} and those after it; the last holds for all later. */
    void setBetas(long first, double[] betas);

    /**
     * {@return a new sampler}
     *
     * @throws IllegalArgumentException if a column lacks or has another length than the layout says
     */
    Sampler sampler(BatchBuffers batch);

    /**
     * Waits and copies the priorities of all slots, in units.
     *
     * @param units i64 [capacity]
     */
    void priorities(MemorySegment units);

    /**
     * Sets the priorities of all slots, in units; waits.
     *
     * @param units i64 [capacity], 0 where nothing may be drawn
     */
    void setPriorities(MemorySegment units);

    /** {@return the state; waits} */
    State state();

    /** Sets the state. */
    void restore(State state);

    /** {@return how many rows could not be drawn since the last call, no slot of those tried being whole; waits} */
    long failures();

    /** Forgets every transition and observation. */
    void clear();

    /** Frees the memory; later calls do nothing. */
    @Override
    void close();
}

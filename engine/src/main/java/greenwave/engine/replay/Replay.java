package greenwave.engine.replay;

import java.lang.foreign.MemorySegment;
import java.util.random.RandomGenerator;

/** Remembers transitions. One thread at a time. */
public interface Replay extends AutoCloseable {
    /** {@return how many transitions fit; then the oldest goes} */
    int capacity();

    /** {@return how many are held} */
    int size();

    /**
     * Adds one transition, read from row {@code row} of each segment.
     *
     * @param obs f32 [R, D]
     * @param action taken on {@code obs}, in [0, A)
     * @param reward finite
     * @param discount what the value of {@code nextObs} counts, in [0, 1]; 0 if the episode ended there
     * @param nextObs f32 [R, D]
     * @param nextLegal u8 [R, A]
     * @throws IllegalArgumentException on a value out of range; nothing is added
     * @throws IndexOutOfBoundsException if a segment has no such row; nothing is added
     */
    void add(
            int row,
            MemorySegment obs,
            int action,
            float reward,
            float discount,
            MemorySegment nextObs,
            MemorySegment nextLegal);

    /**
     * Draws a batch into the inputs of a plan. Allocates nothing while the size of the batch stays the same.
     *
     * @throws IllegalStateException if fewer than {@code batch.size()} transitions are held
     */
    void sample(BatchBuffers batch, RandomGenerator random);

    /** Frees the memory; later calls do nothing. */
    @Override
    void close();
}

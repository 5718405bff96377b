package greenwave.engine.replay;

import greenwave.kernels.Buffer;

import java.util.random.RandomGenerator;

/** Draws batches from a {@link Replay} into the inputs of one plan. For one thread; allocates nothing. */
public interface BatchSampler {
    /**
     * Draws a batch. Every row is whole, whatever is being written meanwhile.
     *
     * @throws IllegalStateException if fewer transitions are held than a batch has; nothing is drawn
     */
    void sample(RandomGenerator random);

    /**
     * Tells how wrong the network was about the batch last drawn; transitions that have been overwritten since are passed
     * over. Does nothing unless {@link Replay#prioritized}.
     *
     * @param errors f32 [B]: temporal difference errors, of either sign
     * @throws IllegalArgumentException if one is not finite; nothing has changed. A device can't tell
     * @throws IllegalStateException before the first batch
     */
    void update(Buffer errors);

    /** {@return the episode of row {@code row} of the batch last drawn} */
    int episode(int row);
}

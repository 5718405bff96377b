package greenwave.engine.replay;

import greenwave.engine.RandomStream;
import greenwave.kernels.Buffer;

import java.util.random.RandomGenerator;

/**
 * Draws batches by kernels, on a backend with memory of its own: {@link #draw} and {@link #update} queue the same calls each
 * time and can be recorded with those of a plan.
 */
public interface RecordableSampler extends BatchSampler {
    /**
     * Brings over what has been written since the last batch, and what the next draw depends on. To be called once before each
     * {@link #draw}.
     *
     * @param random a {@link greenwave.engine.RandomStream} is gone on with on the device, whose {@link #settle} tells how far;
     *     of others a number begins the batch's
     * @throws IllegalStateException if fewer transitions are held than a batch has; nothing has changed
     */
    void prepare(RandomGenerator random);

    /** Queues the draw of a batch. */
    void draw();

    /** Lets {@code random}, with which batches were prepared, be where they have left it on the device; waits. */
    void settle(RandomStream random);

    /**
     * Looks whether all batches were whole, which a draw that is queued can't tell; waits.
     *
     * @throws IllegalStateException if there was a row for which no whole transition was found
     */
    void requireWhole();

    @Override
    default void sample(final RandomGenerator random) {
        prepare(random);
        draw();
    }

    /**
     * {@inheritDoc} Waits for nothing: an error that is not finite is passed over.
     */
    @Override
    void update(Buffer errors);
}

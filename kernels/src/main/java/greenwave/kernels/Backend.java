package greenwave.kernels;

import java.util.Optional;

/**
 * A place to compute: its memory and its arithmetic. Backends share nothing, several may be open at once. One thread at
 * a time uses a backend and its buffers; of a {@link #isConcurrent} one, threads may compute at once on buffers of their own.
 */
public interface Backend extends AutoCloseable {
    /** {@return the name it was opened by, such as {@code cpu} or {@code cuda:0}} */
    String name();

    /** {@return one line for a log: the name, and the library or device behind it} */
    String describe();

    /**
     * {@return a new zeroed buffer of {@code length} elements}
     *
     * @throws IllegalArgumentException if {@code length} is not positive
     * @throws IllegalStateException after {@link #close}
     */
    Buffer allocate(DType dtype, long length);

    /** {@return the arithmetic on this backend's buffers; arguments are checked} */
    Kernels kernels();

    /** {@return whether threads may compute at once, each on buffers and prepared computations that no other touches} */
    default boolean isConcurrent() {
        return false;
    }

    /** {@return image computations in layouts of this backend's choice, guarded likewise; empty if it has none} */
    default Optional<ImageLayouts> imageLayouts() {
        return Optional.empty();
    }

    /** {@return what records calls, to queue them by one; empty where calls compute at once and nothing is gained} */
    default Optional<Recorder> recorder() {
        return Optional.empty();
    }

    /** {@return the loss of deep Q-learning in one pass; empty where it is composed of {@link #kernels}} */
    default Optional<TemporalDifferences> temporalDifferences() {
        return Optional.empty();
    }

    /**
     * {@return a new replay in this backend's own memory, empty; none where that is the host's}
     *
     * @throws IllegalStateException after {@link #close}
     */
    default Optional<ResidentReplay> openReplay(final ReplayLayout layout) {
        return Optional.empty();
    }

    /** {@return bytes of the buffers that are open, and of what prepared computations hold} */
    long allocatedBytes();

    /** Frees every buffer and prepared computation; later calls do nothing. */
    @Override
    void close();
}

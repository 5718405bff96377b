package greenwave.kernels;

/** Kernel calls that are queued together. */
public interface Recording extends AutoCloseable {
    /** Queues all of them, in their order. Allocates nothing. */
    void replay();

    /** Frees it; later calls do nothing. */
    @Override
    void close();
}

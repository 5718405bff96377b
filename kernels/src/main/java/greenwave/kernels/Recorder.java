package greenwave.kernels;

/** Records what calls queue on a backend, so that one call queues all of it again. */
@FunctionalInterface
public interface Recorder {
    /**
     * Records everything that {@code calls} queues. Nothing of it is computed.
     *
     * @param calls kernel calls alone: while it runs, allocating, uploading, downloading and waiting are refused. It has
     *     been run once before, so that whatever a first run prepares is there
     * @return the recording, which reads and writes the buffers that were named; they stay open as long as it is replayed
     */
    Recording record(Runnable calls);
}

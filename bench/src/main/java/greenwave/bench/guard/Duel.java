package greenwave.bench.guard;

/**
 * A hot path and its floor, ready to be run in turns by one thread.
 *
 * @param path one operation
 * @param floor a piece of raw work of the kind that bounds the path
 * @param floorsPerPath how many runs of the floor one operation needs at least; what the ratio is relative to
 * @param clock that both are measured by
 * @param allocating one operation as it is looked at for what it allocates; the path itself, most often
 * @param allocation by which it is looked at
 * @param resources freed in the end
 */
record Duel(
        Runnable path,
        Runnable floor,
        double floorsPerPath,
        Clock clock,
        Runnable allocating,
        Allocation allocation,
        AutoCloseable resources)
        implements AutoCloseable {
    /** Bytes allocated so far. */
    @FunctionalInterface
    interface Allocation {
        long bytes();
    }

    @Override
    public void close() {
        try {
            resources.close();
        } catch (final Exception e) {
            throw new IllegalStateException("guard: close: " + e.getMessage(), e);
        }
    }
}

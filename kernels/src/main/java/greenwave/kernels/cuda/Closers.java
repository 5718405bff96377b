package greenwave.kernels.cuda;

import java.util.ArrayDeque;
import java.util.Deque;

/** What is to be done at the end, the latest first; each is done, whatever becomes of the others. */
final class Closers {
    private final Deque<Runnable> closers = new ArrayDeque<>();

    /** Adds what is to be done before all that was added earlier. */
    void push(final Runnable closer) {
        closers.push(closer);
    }

    /**
     * Does it all.
     *
     * @throws RuntimeException the first that one throws, with the others': a device that failed once fails at every call
     */
    void run() {
        RuntimeException first = null;
        for (final Runnable closer : closers) {
            try {
                closer.run();
            } catch (final RuntimeException e) {
                if (first == null) {
                    first = e;
                } else {
                    first.addSuppressed(e);
                }
            }
        }
        if (first != null) {
            throw first;
        }
    }
}

package greenwave.kernels;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Large regions of host memory that are read here and there. On Linux they lie on huge pages where the system grants them
 * on request ({@code /sys/kernel/mm/transparent_hugepage/enabled} says {@code madvise} or {@code always}), so that a cache
 * miss is not two: of the line, and of the entry that says where its page is. Elsewhere they are an arena's plain memory.
 */
public final class HostMemory {
    private static final long LEAST = 2 * HugePages.SIZE; // below, it is not worth a mapping
    private static final HugePages PAGES = HugePages.find(); // null where there are none

    private HostMemory() {}

    /**
     * {@return zeroed memory that lives as long as {@code arena}}
     *
     * @param bytes not negative
     * @param alignment a power of two, at most 4096
     * @throws OutOfMemoryError if there is not so much
     */
    public static MemorySegment allocate(
            final Arena arena, final long bytes, final long alignment) {
        if (bytes < LEAST || PAGES == null) {
            return arena.allocate(bytes, alignment);
        }
        final MemorySegment mapped = PAGES.map(arena, bytes);
        return mapped == null ? arena.allocate(bytes, alignment) : mapped;
    }
}

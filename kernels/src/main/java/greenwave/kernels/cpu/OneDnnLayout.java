package greenwave.kernels.cpu;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import greenwave.kernels.ImageLayouts;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

/**
 * A layout as oneDNN describes it, kept on the Java heap so that nobody need free it: dimensions, distances between their
 * blocks, and the blocks within.
 */
@SuppressWarnings("restricted") // reads what oneDNN tells by pointer
final class OneDnnLayout implements ImageLayouts.Layout {
    private static final int QUERY_STRIDES = 14;
    private static final int QUERY_RANK = 256;
    private static final int QUERY_DIMENSIONS = 257;
    private static final int QUERY_PADDED_DIMENSIONS = 260;
    private static final int QUERY_BLOCK_COUNT = 263;
    private static final int QUERY_BLOCKS = 264;
    private static final int QUERY_BLOCKED_DIMENSIONS = 265;

    private final List<Long> dimensions;
    private final List<Long> strides; // 0 where the dimension is 1: such a stride places nothing
    private final List<Long> blocks; // sizes, then the dimensions that they cut
    private final boolean padded;
    private final long length;
    private final byte[] blob; // what oneDNN makes a description from

    private OneDnnLayout(final MemorySegment description, final Arena arena) {
        final int rank = query(arena, description, QUERY_RANK).get(JAVA_INT, 0);
        this.dimensions = numbers(arena, description, QUERY_DIMENSIONS, rank);
        this.padded =
                !numbers(arena, description, QUERY_PADDED_DIMENSIONS, rank).equals(dimensions);
        final int count = query(arena, description, QUERY_BLOCK_COUNT).get(JAVA_INT, 0);
        this.blocks = new ArrayList<>(numbers(arena, description, QUERY_BLOCKS, count));
        blocks.addAll(numbers(arena, description, QUERY_BLOCKED_DIMENSIONS, count));
        this.strides = numbers(arena, description, QUERY_STRIDES, rank);
        for (int d = 0; d < rank; d++) {
            if (dimensions.get(d) == 1) {
                strides.set(d, 0L);
            }
        }
        this.length = OneDnnPrimitive.size(description) / Float.BYTES;
        this.blob = blob(description, arena);
    }

    /** {@return the layout that {@code description} describes; it is read, not kept} */
    static OneDnnLayout of(final MemorySegment description) {
        try (Arena arena = Arena.ofConfined()) {
            return new OneDnnLayout(description, arena);
        }
    }

    private static MemorySegment query(
            final Arena arena, final MemorySegment description, final int what) {
        final MemorySegment out = arena.allocate(ADDRESS);
        OneDnn.call("dnnl_memory_desc_query", description, what, out);
        return out;
    }

    private static List<Long> numbers(
            final Arena arena, final MemorySegment description, final int what, final int count) {
        final MemorySegment found = query(arena, description, what).get(ADDRESS, 0);
        final List<Long> numbers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            numbers.add(found.reinterpret((long) count * Long.BYTES).getAtIndex(JAVA_LONG, i));
        }
        return numbers;
    }

    private static byte[] blob(final MemorySegment description, final Arena arena) {
        final MemorySegment size = arena.allocate(JAVA_LONG);
        final String symbol = "dnnl_memory_desc_get_blob";
        OneDnn.call(symbol, MemorySegment.NULL, size, description);
        final MemorySegment bytes = arena.allocate(size.get(JAVA_LONG, 0));
        OneDnn.call(symbol, bytes, size, description);
        return bytes.toArray(ValueLayout.JAVA_BYTE);
    }

    /** {@return a description of this, owned by {@code objects}} */
    MemorySegment describe(final OneDnnObjects objects) {
        try (Arena arena = Arena.ofConfined()) {
            return objects.create(
                    "dnnl_memory_desc",
                    "dnnl_memory_desc_create_with_blob",
                    arena.allocateFrom(ValueLayout.JAVA_BYTE, blob));
        }
    }

    /** {@return batch, channels, height and width, of images} */
    List<Long> dimensions() {
        return dimensions;
    }

    /** {@return distances in floats, of blocks where a dimension is cut; 0 where it is 1} */
    List<Long> strides() {
        return strides;
    }

    /** {@return sizes of blocks, outermost first, then the dimensions that they cut} */
    List<Long> blocks() {
        return blocks;
    }

    @Override
    public int channels() {
        return Math.toIntExact(dimensions.get(1));
    }

    @Override
    public long length() {
        return length;
    }

    /** {@return whether a buffer holds more than the tensor} */
    boolean padded() {
        return padded;
    }

    @Override
    public boolean rowMajor() {
        if (padded || !blocks.isEmpty()) {
            return false;
        }
        long stride = 1;
        for (int d = dimensions.size() - 1; d >= 0; d--) {
            if (dimensions.get(d) > 1 && strides.get(d) != stride) {
                return false;
            }
            stride *= dimensions.get(d);
        }
        return true;
    }

    @Override
    public boolean equals(final Object other) {
        return other instanceof final OneDnnLayout that
                && dimensions.equals(that.dimensions)
                && strides.equals(that.strides)
                && blocks.equals(that.blocks);
    }

    @Override
    public int hashCode() {
        return dimensions.hashCode() * 31 + strides.hashCode();
    }

    @Override
    public String toString() {
        return "%s, strides %s, blocks %s".formatted(dimensions, strides, blocks);
    }
}

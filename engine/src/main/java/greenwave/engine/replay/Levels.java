package greenwave.engine.replay;

import greenwave.kernels.HostMemory;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;

/**
 * The cells of {@link SumTree} off heap: levels of 64-bit words, the children of a cell side by side in one block of
 * {@value #WIDTH} words (two cache lines). The last level holds the leaf words, every other the sums of the blocks
 * below; the first has at most {@value #TOP} cells, whose sum is the total. Blocks are whole: cells past the last leaf
 * stay zero.
 */
final class Levels implements AutoCloseable {
    private static final int LOG_WIDTH = 4;

    /** Children of a cell, which {@link Descent} halves four times. With 32, draws measured 10 % slower and inserts 10 % faster; with 8, draws 6 % slower. */
    static final int WIDTH = 1 << LOG_WIDTH;

    /** The most cells of the first level. Sums above it would only be another addition for every writer to wait for. */
    static final int TOP = 256;

    /** Access to a cell, by its offset in {@link #words}. */
    static final VarHandle WORD = ValueLayout.JAVA_LONG.varHandle().withInvokeExactBehavior();

    static final int BLOCK_BYTES = WIDTH * Long.BYTES;

    final MemorySegment words;
    private final Arena arena = Arena.ofShared(); // an access after close() throws, it cannot crash
    private final int capacity;
    private final long[] offset; // of each level, in bytes

    Levels(final int capacity) {
        this.capacity = capacity;
        final int depth = depth(capacity);
        this.offset = new long[depth];
        for (int level = 1; level < depth; level++) {
            offset[level] = offset[level - 1] + levelBytes(capacity, depth - level);
        }
        this.words = HostMemory.allocate(arena, bytes(capacity), BLOCK_BYTES);
    }

    /** {@return the memory taken for that many leaves: 8.53 bytes a leaf, and up to 128 bytes a level} */
    static long bytes(final int capacity) {
        long bytes = 0;
        for (int above = 0; above < depth(capacity); above++) {
            bytes += levelBytes(capacity, above);
        }
        return bytes;
    }

    /** Bytes of the level that lies {@code above} levels above the leaves. */
    private static long levelBytes(final int capacity, final int above) {
        final int shift = LOG_WIDTH * (above + 1);
        final long blocks = (capacity - 1L >>> shift) + 1;
        return blocks * BLOCK_BYTES;
    }

    private static int depth(final int capacity) {
        int depth = 1;
        while (capacity - 1L >>> LOG_WIDTH * (depth - 1) >= TOP) {
            depth++;
        }
        return depth;
    }

    /** {@return the number of levels} */
    int depth() {
        return offset.length;
    }

    /** {@return the cells of {@code level} that have a leaf below them; they are its first ones} */
    int cells(final int level) {
        return (capacity - 1 >>> LOG_WIDTH * (depth() - 1 - level)) + 1;
    }

    /** {@return where the children of cell {@code parent} of the level above begin} */
    long block(final int level, final int parent) {
        return offset[level] + (long) parent * BLOCK_BYTES;
    }

    /** {@return where cell {@code index} of {@code level} is} */
    long cell(final int level, final int index) {
        return offset[level] + ((long) index << 3);
    }

    /** {@return where the leaf word of {@code slot} is} */
    long leaf(final int slot) {
        return cell(offset.length - 1, slot);
    }

    /** {@return the cell above cell {@code index} of the level below} */
    static int parent(final int index) {
        return index >>> LOG_WIDTH;
    }

    /** Adds to cell {@code index} of {@code level}. */
    void add(final int level, final int index, final long delta) {
        final long _ = (long) WORD.getAndAdd(words, cell(level, index), delta); // note 2
    }

    /** Adds what the leaf of {@code slot} has changed by to every sum above it. */
    void addAbove(final int slot, final long delta) {
        if (delta == 0) {
            return;
        }
        int index = slot;
        for (int level = offset.length - 2; level >= 0; level--) {
            index = parent(index);
            add(level, index, delta);
        }
    }

    /** {@return the bits of a cell of {@code level} that are its sum} */
    long sumBits(final int level) {
        return level == offset.length - 1 ? LeafWord.WEIGHT : -1L;
    }

    /** {@return the sum of the first level, counting no cell that is negative for the moment} */
    long total() {
        final long bits = sumBits(0);
        long total = 0;
        for (int i = 0; i < cells(0); i++) {
            total += Math.max(0, (long) WORD.getOpaque(words, cell(0, i)) & bits); // notes 3, 4
        }
        return total;
    }

    /** {@return how many cells are not the sum of their children} */
    int wrongSums() {
        int wrong = 0;
        for (int level = 1; level < offset.length; level++) {
            final int parents = (int) ((offset[level] - offset[level - 1]) / Long.BYTES);
            for (int parent = 0; parent < parents; parent++) {
                wrong += sumBelow(level, parent) == get(cell(level - 1, parent)) ? 0 : 1;
            }
        }
        return wrong;
    }

    private long sumBelow(final int level, final int parent) {
        if (block(level, parent) >= end(level)) {
            return 0; // a cell that only fills its block up
        }
        long sum = 0;
        for (int i = 0; i < WIDTH; i++) {
            sum += get(block(level, parent) + (long) i * Long.BYTES) & sumBits(level);
        }
        return sum;
    }

    private long end(final int level) {
        return level + 1 < offset.length ? offset[level + 1] : words.byteSize();
    }

    private long get(final long at) {
        return (long) WORD.getOpaque(words, at);
    }

    @Override
    public void close() {
        arena.close();
    }
}

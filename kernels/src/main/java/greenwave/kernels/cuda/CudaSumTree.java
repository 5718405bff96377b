package greenwave.kernels.cuda;

import greenwave.kernels.DType;

import java.lang.foreign.MemorySegment;

/** The memory of the sum tree of {@code replay.cu}: levels in whole blocks of 16 cells, the last the leaves, the first one block. */
final class CudaSumTree implements AutoCloseable {
    /** The most levels that the kernels' struct has room for. */
    static final int MAX_LEVELS = 8;

    private static final int WIDTH = 16;

    private final CudaContext context;
    private final int capacity;
    private final long[] cells; // by level, blocks being whole
    private final long[] start; // by level, in cells
    private final CudaBuffer memory;
    private final CudaFunction sumLevel;

    CudaSumTree(final CudaContext context, final int capacity) {
        this.context = context;
        this.capacity = capacity;
        int levels = 1;
        for (long n = whole(capacity); n > WIDTH; n = whole(n / WIDTH)) {
            levels++;
        }
        this.cells = new long[levels];
        this.start = new long[levels];
        cells[levels - 1] = whole(capacity);
        for (int level = levels - 2; level >= 0; level--) {
            cells[level] = whole(cells[level + 1] / WIDTH);
        }
        for (int level = 1; level < levels; level++) {
            start[level] = start[level - 1] + cells[level - 1];
        }
        final long all = start[levels - 1] + cells[levels - 1];
        this.memory = context.allocate(DType.U8, all * Long.BYTES);
        this.sumLevel = context.module("replay").function("replay_sum_level");
    }

    private static long whole(final long cells) {
        return (cells + WIDTH - 1) / WIDTH * WIDTH;
    }

    CudaBuffer memory() {
        return memory;
    }

    int levels() {
        return cells.length;
    }

    /** {@return where a level begins, in cells} */
    long start(final int level) {
        return start[level];
    }

    /** Waits and copies the leaves, i64 [capacity]. */
    void download(final MemorySegment units) {
        memory.download(leaves(), units, 0, (long) capacity * Long.BYTES);
    }

    /** Sets the leaves, whose sums {@link #rebuild} makes. */
    void upload(final MemorySegment units) {
        memory.upload(leaves(), units, 0, (long) capacity * Long.BYTES);
    }

    private long leaves() {
        return start[start.length - 1] * Long.BYTES;
    }

    /** Makes every cell above the leaves the sum of those below it. */
    void rebuild(final CudaStruct replay) {
        for (int level = cells.length - 2; level >= 0; level--) {
            final long children = cells[level + 1] / WIDTH;
            context.launch()
                    .of(sumLevel)
                    .address(replay.address())
                    .arg(level)
                    .arg(children)
                    .elements(children)
                    .run();
        }
    }

    @Override
    public void close() {
        memory.close();
    }
}

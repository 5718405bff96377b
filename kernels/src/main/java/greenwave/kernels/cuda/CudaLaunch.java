package greenwave.kernels.cuda;

import static jcuda.driver.JCudaDriver.cuLaunchKernel;

import greenwave.kernels.Buffer;

import jcuda.Pointer;
import jcuda.driver.CUstream;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Launches kernels. Arguments are written into one block off heap, behind a table of their addresses, as the driver takes
 * them: a launch allocates nothing. The driver reads as many bytes of each as the kernel declares, so a type must be the
 * declared one. Not reentrant; the context is bound.
 */
final class CudaLaunch {
    private static final int MOST_ARGUMENTS = 32;
    private static final int MOST_WORDS = 128; // of all arguments together, 8 bytes each
    private static final int THREADS = 256;
    private static final int BLOCKS_PER_MULTIPROCESSOR =
            8; // fill it with 2,048 threads, the most that it holds

    private final int mostBlocks;
    private final CUstream compute;
    private final MemorySegment values;
    private final MemorySegment addresses;
    private final Pointer table;
    private CudaFunction function;
    private int arguments;
    private int words;
    private int blocksX;
    private int blocksY;
    private int blocksZ;
    private int threadsX;
    private int threadsY;
    private int threadsZ;
    private int sharedBytes;

    /** Allocates the block in {@code arena}. */
    CudaLaunch(final Arena arena, final CUstream compute, final int multiprocessors) {
        this.compute = compute;
        mostBlocks = multiprocessors * BLOCKS_PER_MULTIPROCESSOR;
        values = arena.allocate(ValueLayout.JAVA_LONG, MOST_WORDS);
        addresses = arena.allocate(ValueLayout.JAVA_LONG, MOST_ARGUMENTS);
        table = DevicePointer.host(addresses.address());
    }

    /** Begins a launch of {@code kernel}: no arguments, no shared memory, no threads yet. */
    CudaLaunch of(final CudaFunction kernel) {
        function = kernel;
        arguments = 0;
        words = 0;
        sharedBytes = 0;
        blocksX = 0;
        return this;
    }

    /** Adds a pointer to the buffer's first element, or a null pointer. */
    CudaLaunch arg(final Buffer buffer) {
        return address(buffer == null ? 0 : buffer.address());
    }

    /** Adds a pointer to device memory. */
    CudaLaunch address(final long address) {
        values.setAtIndex(ValueLayout.JAVA_LONG, next(1), address);
        return this;
    }

    /** Adds an {@code int}. */
    CudaLaunch arg(final int value) {
        values.set(ValueLayout.JAVA_INT, next(1) * 8L, value);
        return this;
    }

    /** Adds a {@code long long}. */
    CudaLaunch arg(final long value) {
        return address(value);
    }

    /** Adds a {@code float}. */
    CudaLaunch arg(final float value) {
        values.set(ValueLayout.JAVA_FLOAT, next(1) * 8L, value);
        return this;
    }

    /** Adds a {@code double}. */
    CudaLaunch arg(final double value) {
        values.set(ValueLayout.JAVA_DOUBLE, next(1) * 8L, value);
        return this;
    }

    /** Adds a struct of {@code count} words of 8 bytes each: {@code long long}, {@code double} or pointers. */
    CudaLaunch words(final long[] struct, final int count) {
        final int first = next(count);
        MemorySegment.copy(struct, 0, values, ValueLayout.JAVA_LONG, first * 8L, count);
        return this;
    }

    /** Returns the first word of an argument of {@code count} words. */
    private int next(final int count) {
        if (arguments == MOST_ARGUMENTS || words + count > MOST_WORDS) {
            throw new IllegalStateException(
                    "launch: kernel=%s, arguments=%d, words=%d, expected at most %d of %d words"
                            .formatted(
                                    function.name(),
                                    arguments + 1,
                                    words + count,
                                    MOST_ARGUMENTS,
                                    MOST_WORDS));
        }
        final int first = words;
        words += count;
        addresses.setAtIndex(ValueLayout.JAVA_LONG, arguments++, values.address() + first * 8L);
        return first;
    }

    /** Threads for a loop over {@code n} elements, in strides of the grid. */
    CudaLaunch elements(final long n) {
        return grid(Math.clamp((n + THREADS - 1) / THREADS, 1, mostBlocks), THREADS);
    }

    /** A grid of one dimension. */
    CudaLaunch grid(final int blocks, final int threads) {
        return grid(blocks, 1, 1, threads, 1, 1);
    }

    /** A grid of three dimensions. */
    CudaLaunch grid(
            final int blocksX,
            final int blocksY,
            final int blocksZ,
            final int threadsX,
            final int threadsY,
            final int threadsZ) {
        this.blocksX = blocksX;
        this.blocksY = blocksY;
        this.blocksZ = blocksZ;
        this.threadsX = threadsX;
        this.threadsY = threadsY;
        this.threadsZ = threadsZ;
        return this;
    }

    /** Gives each block {@code bytes} of dynamic shared memory. */
    CudaLaunch shared(final int bytes) {
        sharedBytes = bytes;
        return this;
    }

    /** Queues the launch on the compute stream. */
    void run() {
        run(compute);
    }

    /** Queues the launch on {@code stream}. */
    void run(final CUstream stream) {
        final int status =
                cuLaunchKernel(
                        function.handle(),
                        blocksX,
                        blocksY,
                        blocksZ,
                        threadsX,
                        threadsY,
                        threadsZ,
                        sharedBytes,
                        stream,
                        table,
                        null);
        if (status != 0) {
            CudaStatus.driver(
                    "cuLaunchKernel(%s<<<(%d, %d, %d), (%d, %d, %d), %d>>>)"
                            .formatted(
                                    function.name(),
                                    blocksX,
                                    blocksY,
                                    blocksZ,
                                    threadsX,
                                    threadsY,
                                    threadsZ,
                                    sharedBytes),
                    status);
        }
    }
}

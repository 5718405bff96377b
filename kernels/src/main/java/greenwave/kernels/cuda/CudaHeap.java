package greenwave.kernels.cuda;

import greenwave.kernels.DType;

import jcuda.Pointer;

import java.util.HashSet;
import java.util.Set;

/** The device memory of a context: buffers, which are counted, and what the libraries and kernels work in. */
final class CudaHeap {
    private final CudaContext context;
    private final Set<CudaMemory> buffers = new HashSet<>();
    private final Set<CudaMemory> workspaces = new HashSet<>();
    private CudaMemory scratch;
    private Pointer scratchPointer;

    CudaHeap(final CudaContext context) {
        this.context = context;
    }

    /** {@return a new zeroed buffer of {@code length} elements} */
    CudaBuffer allocate(final DType dtype, final long length) {
        final CudaMemory block = reserve(Math.multiplyExact(length, dtype.bytes()));
        buffers.add(block);
        block.clear();
        return new CudaBuffer(context, block, dtype, length, block.address(), false);
    }

    /** {@return new memory of any content, for the libraries and kernels themselves; it lives as long as the context} */
    CudaMemory workspace(final long bytes) {
        final CudaMemory block = reserve(bytes);
        workspaces.add(block);
        return block;
    }

    private CudaMemory reserve(final long bytes) {
        context.bind();
        context.requireNotCapturing("allocate");
        return new CudaMemory(context, bytes);
    }

    /** Takes note that {@code block} is free. */
    void forget(final CudaMemory block) {
        buffers.remove(block);
        workspaces.remove(block);
    }

    /**
     * {@return memory of at least {@code bytes} for the next operation on the compute stream alone}. A larger request brings a
     * larger block; recorded graphs go on using the one that they were recorded with.
     */
    Pointer scratch(final long bytes) {
        scratchAddress(bytes);
        return scratchPointer;
    }

    /** {@return where {@link #scratch} starts} */
    long scratchAddress(final long bytes) {
        if (scratch == null || scratch.bytes() < bytes) {
            scratch = workspace(Math.max(bytes, 1));
            scratchPointer = DevicePointer.at(scratch.address());
        }
        return scratch.address();
    }

    /** {@return bytes of the buffers that are open} */
    long bytes() {
        return buffers.stream().mapToLong(CudaMemory::bytes).sum();
    }

    /** Frees every buffer. */
    void freeBuffers() {
        Set.copyOf(buffers).forEach(CudaMemory::close);
    }

    /** Frees the rest. */
    void freeWorkspaces() {
        Set.copyOf(workspaces).forEach(CudaMemory::close);
    }
}

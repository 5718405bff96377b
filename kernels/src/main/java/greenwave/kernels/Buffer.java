package greenwave.kernels;

import java.lang.foreign.MemorySegment;

/**
 * A typed region of a backend's memory, row-major, or a view of a part of one.
 *
 * <p>Any thread may use it, one at a time. After {@link #close}, or after the backend's, every use throws {@link
 * IllegalStateException}.
 */
public interface Buffer extends AutoCloseable {
    /** {@return the type of every element} */
    DType dtype();

    /** {@return the number of elements} */
    long length();

    /**
     * {@return a view of {@code length} elements from {@code offset} on; it shares memory and lifetime with this}
     *
     * @throws IndexOutOfBoundsException if the range leaves this buffer
     */
    Buffer slice(long offset, long length);

    /**
     * Copies host memory in.
     *
     * @param offset first element written
     * @param source holds elements of this dtype in native byte order
     * @param sourceOffset where to start in {@code source}, bytes
     * @param count elements
     * @throws IndexOutOfBoundsException if a range leaves either side; nothing is written
     */
    void upload(long offset, MemorySegment source, long sourceOffset, long count);

    /**
     * Copies out to host memory.
     *
     * @param offset first element read
     * @param target receives elements of this dtype in native byte order
     * @param targetOffset where to start in {@code target}, bytes
     * @param count elements
     * @throws IndexOutOfBoundsException if a range leaves either side; nothing is written
     */
    void download(long offset, MemorySegment target, long targetOffset, long count);

    /**
     * {@return the memory itself, 64-byte aligned where the buffer is no slice}
     *
     * @throws UnsupportedOperationException if it lies on a device
     */
    MemorySegment segment();

    /** {@return where the memory starts, on the host or on a device: buffers of one backend overlap where addresses do} */
    default long address() {
        return segment().address();
    }

    /** {@return whether the memory has been freed} */
    default boolean closed() {
        return !segment().scope().isAlive();
    }

    /** Frees the memory; a second call, or a call on a slice, does nothing. */
    @Override
    void close();
}

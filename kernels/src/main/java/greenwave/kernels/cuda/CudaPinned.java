package greenwave.kernels.cuda;

import static jcuda.driver.JCudaDriver.cuMemFreeHost;
import static jcuda.driver.JCudaDriver.cuMemHostAlloc;
import static jcuda.driver.JCudaDriver.cuMemcpyDtoHAsync;
import static jcuda.driver.JCudaDriver.cuMemcpyHtoDAsync;

import jcuda.Pointer;
import jcuda.driver.CUstream;

import java.lang.foreign.MemorySegment;
import java.util.Objects;

/**
 * Page-locked host memory: the device copies from and to it while the host goes on. Its content must stay as it is until
 * the stream has passed the copy. The context is bound by the caller.
 */
@SuppressWarnings("restricted") // the driver says how long its memory is
final class CudaPinned implements AutoCloseable {
    private final Allocated pointer = new Allocated();
    private final MemorySegment segment;
    private Pointer within; // the place last asked for beside the first
    private long withinAt;

    /** JCuda's pointer, whose address can be read. */
    private static final class Allocated extends Pointer {
        long address() {
            return getNativePointer();
        }
    }

    /** Allocates {@code bytes}, of any content. */
    CudaPinned(final long bytes) {
        CudaStatus.driver("cuMemHostAlloc", cuMemHostAlloc(pointer, bytes, 0));
        segment = MemorySegment.ofAddress(pointer.address()).reinterpret(bytes);
    }

    /** {@return the memory; not to be used after {@link #close}} */
    MemorySegment segment() {
        return segment;
    }

    /** {@return the place of byte {@code offset}; allocates only for another than the start and the one last asked for} */
    private Pointer pointer(final long offset) {
        if (offset == 0) {
            return pointer;
        }
        if (withinAt != offset) {
            within = pointer.withByteOffset(offset);
            withinAt = offset;
        }
        return within;
    }

    /** {@return its size} */
    long bytes() {
        return segment.byteSize();
    }

    /** Queues a copy of {@code bytes} from here, at byte {@code from}, into {@code target}, at its byte {@code to}. */
    void uploadTo(
            final CudaBuffer target,
            final long to,
            final long from,
            final long bytes,
            final CUstream stream) {
        Objects.checkFromIndexSize(from, bytes, bytes());
        Objects.checkFromIndexSize(to, bytes, target.bytes());
        CudaStatus.driver(
                "cuMemcpyHtoDAsync",
                cuMemcpyHtoDAsync(target.pointer(to), pointer(from), bytes, stream));
    }

    /** Queues a copy of {@code bytes} from {@code source}, at its byte {@code from}, to here, at byte {@code to}. */
    void downloadFrom(
            final CudaBuffer source,
            final long from,
            final long to,
            final long bytes,
            final CUstream stream) {
        Objects.checkFromIndexSize(to, bytes, bytes());
        Objects.checkFromIndexSize(from, bytes, source.bytes());
        CudaStatus.driver(
                "cuMemcpyDtoHAsync",
                cuMemcpyDtoHAsync(pointer(to), source.pointer(from), bytes, stream));
    }

    @Override
    public void close() {
        if (pointer.address() != 0) {
            CudaStatus.driver("cuMemFreeHost", cuMemFreeHost(pointer));
        }
    }
}

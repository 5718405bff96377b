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

    /** {@return where it starts} */
    Pointer pointer() {
        return pointer;
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
                cuMemcpyHtoDAsync(
                        DevicePointer.at(target.address() + to),
                        pointer.withByteOffset(from),
                        bytes,
                        stream));
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
                cuMemcpyDtoHAsync(
                        pointer.withByteOffset(to),
                        DevicePointer.at(source.address() + from),
                        bytes,
                        stream));
    }

    @Override
    public void close() {
        if (pointer.address() != 0) {
            CudaStatus.driver("cuMemFreeHost", cuMemFreeHost(pointer));
        }
    }
}

package greenwave.kernels.cuda;

import greenwave.kernels.Buffer;
import greenwave.kernels.DType;

import jcuda.driver.CUdeviceptr;

import java.lang.foreign.MemorySegment;
import java.util.Objects;

/** A region of device memory, or a slice of one. Copies are ordered with what the compute stream has queued. */
final class CudaBuffer implements Buffer {
    private final CudaContext context;
    private final CudaMemory memory;
    private final DType dtype;
    private final long length;
    private final long address;
    private final CUdeviceptr pointer;
    private CUdeviceptr within; // the place last asked for beside the first
    private long withinAt;
    private final boolean slice;

    CudaBuffer(
            final CudaContext context,
            final CudaMemory memory,
            final DType dtype,
            final long length,
            final long address,
            final boolean slice) {
        this.context = context;
        this.memory = memory;
        this.dtype = dtype;
        this.length = length;
        this.address = address;
        this.pointer = DevicePointer.at(address);
        this.slice = slice;
    }

    /** {@return {@code buffer}, which lies on a device} */
    static CudaBuffer of(final Buffer buffer) {
        return (CudaBuffer) buffer;
    }

    @Override
    public DType dtype() {
        return dtype;
    }

    @Override
    public long length() {
        return length;
    }

    /** {@return the size in bytes} */
    long bytes() {
        return length * dtype.bytes();
    }

    @Override
    public long address() {
        return address;
    }

    /** {@return where it starts, as JCuda takes it} */
    CUdeviceptr pointer() {
        return pointer;
    }

    /** {@return the place of byte {@code offset}; allocates only for another than the start and the one last asked for} */
    CUdeviceptr pointer(final long offset) {
        if (offset == 0) {
            return pointer;
        }
        if (withinAt != offset) {
            within = DevicePointer.at(address + offset);
            withinAt = offset;
        }
        return within;
    }

    @Override
    public Buffer slice(final long offset, final long length) {
        requireOpen("slice");
        Objects.checkFromIndexSize(offset, length, this.length);
        return new CudaBuffer(
                context, memory, dtype, length, address + offset * dtype.bytes(), true);
    }

    @Override
    public void upload(
            final long offset,
            final MemorySegment source,
            final long sourceOffset,
            final long count) {
        prepareCopy("upload", offset, source, sourceOffset, count);
        final long size = dtype.bytes();
        context.staging().upload(source, sourceOffset, this, offset * size, count * size);
    }

    @Override
    public void download(
            final long offset,
            final MemorySegment target,
            final long targetOffset,
            final long count) {
        prepareCopy("download", offset, target, targetOffset, count);
        final long size = dtype.bytes();
        context.staging().download(this, offset * size, target, targetOffset, count * size);
    }

    private void prepareCopy(
            final String call,
            final long offset,
            final MemorySegment host,
            final long hostOffset,
            final long count) {
        requireOpen(call);
        Objects.checkFromIndexSize(offset, count, length);
        Objects.checkFromIndexSize(hostOffset, count * dtype.bytes(), host.byteSize());
        context.requireNotCapturing(call);
        context.bind();
    }

    private void requireOpen(final String call) {
        if (closed()) {
            throw new IllegalStateException("%s: %s is closed".formatted(call, this));
        }
    }

    @Override
    public MemorySegment segment() {
        throw new UnsupportedOperationException(
                "segment: %s lies on %s".formatted(this, context.device().name()));
    }

    @Override
    public boolean closed() {
        return memory.closed();
    }

    @Override
    public void close() {
        if (!slice) {
            memory.close();
        }
    }

    @Override
    public String toString() {
        return "%s[%d]".formatted(dtype, length);
    }
}

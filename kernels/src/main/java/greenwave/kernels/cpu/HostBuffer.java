package greenwave.kernels.cpu;

import greenwave.kernels.Buffer;
import greenwave.kernels.DType;

import java.lang.foreign.MemorySegment;
import java.util.Objects;

/** A region of host memory; {@code release} frees it, and is null in a slice. */
final class HostBuffer implements Buffer {
    private final DType dtype;
    private final long length;
    private final MemorySegment segment;
    private final Runnable release;

    HostBuffer(
            final DType dtype,
            final long length,
            final MemorySegment segment,
            final Runnable release) {
        this.dtype = dtype;
        this.length = length;
        this.segment = segment;
        this.release = release;
    }

    @Override
    public DType dtype() {
        return dtype;
    }

    @Override
    public long length() {
        return length;
    }

    @Override
    public Buffer slice(final long offset, final long length) {
        Objects.checkFromIndexSize(offset, length, this.length);
        final long size = dtype.bytes();
        return new HostBuffer(
                dtype, length, segment.asSlice(offset * size, length * size, size), null);
    }

    @Override
    public void upload(
            final long offset,
            final MemorySegment source,
            final long sourceOffset,
            final long count) {
        Objects.checkFromIndexSize(offset, count, length);
        final long size = dtype.bytes();
        MemorySegment.copy(source, sourceOffset, segment, offset * size, count * size);
    }

    @Override
    public void download(
            final long offset,
            final MemorySegment target,
            final long targetOffset,
            final long count) {
        Objects.checkFromIndexSize(offset, count, length);
        final long size = dtype.bytes();
        MemorySegment.copy(segment, offset * size, target, targetOffset, count * size);
    }

    @Override
    public MemorySegment segment() {
        return segment;
    }

    @Override
    public void close() {
        if (release != null) {
            release.run();
        }
    }

    @Override
    public String toString() {
        return "%s[%d]".formatted(dtype, length);
    }
}

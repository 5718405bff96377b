package greenwave.engine;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;

/** A file's channel that may fail; the first write takes half of what it is given, as any write may. */
final class FaultyChannel extends FileChannel {
    /** Hears of operations before they are done, and may fail them. */
    interface Watch {
        void write(ByteBuffer bytes) throws IOException;

        void force() throws IOException;
    }

    private final FileChannel real;
    private final Watch watch;
    private boolean written;

    FaultyChannel(final FileChannel real, final Watch watch) {
        this.real = real;
        this.watch = watch;
    }

    @Override
    public int write(final ByteBuffer bytes) throws IOException {
        watch.write(bytes);
        final ByteBuffer taken = bytes.slice();
        if (!written) {
            taken.limit(Math.ceilDiv(bytes.remaining(), 2));
            written = true;
        }
        while (taken.hasRemaining()) {
            real.write(taken);
        }
        bytes.position(bytes.position() + taken.position());
        return taken.position();
    }

    @Override
    public void force(final boolean metaData) throws IOException {
        watch.force();
    }

    @Override
    public int read(final ByteBuffer bytes) throws IOException {
        return real.read(bytes);
    }

    @Override
    public long position() throws IOException {
        return real.position();
    }

    @Override
    public FileChannel position(final long newPosition) throws IOException {
        real.position(newPosition);
        return this;
    }

    @Override
    public long size() throws IOException {
        return real.size();
    }

    @Override
    protected void implCloseChannel() throws IOException {
        real.close();
    }

    @Override
    public long write(final ByteBuffer[] sources, final int offset, final int length) {
        throw new UnsupportedOperationException();
    }

    @Override
    public int write(final ByteBuffer bytes, final long at) {
        throw new UnsupportedOperationException();
    }

    @Override
    public long read(final ByteBuffer[] targets, final int offset, final int length) {
        throw new UnsupportedOperationException();
    }

    @Override
    public int read(final ByteBuffer bytes, final long at) {
        throw new UnsupportedOperationException();
    }

    @Override
    public FileChannel truncate(final long size) {
        throw new UnsupportedOperationException();
    }

    @Override
    public long transferTo(final long at, final long count, final WritableByteChannel target) {
        throw new UnsupportedOperationException();
    }

    @Override
    public long transferFrom(final ReadableByteChannel source, final long at, final long count) {
        throw new UnsupportedOperationException();
    }

    @Override
    public MappedByteBuffer map(final MapMode mode, final long at, final long size) {
        throw new UnsupportedOperationException();
    }

    @Override
    public FileLock lock(final long at, final long size, final boolean shared) {
        throw new UnsupportedOperationException();
    }

    @Override
    public FileLock tryLock(final long at, final long size, final boolean shared) {
        throw new UnsupportedOperationException();
    }
}

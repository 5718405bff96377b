package greenwave.engine.replay;

import java.io.EOFException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** A file that is written or read from its start, through a buffer, with the SHA-256 of what has passed. */
final class DigestChannel {
    private static final int CHUNK = 1 << 20;

    private final FileChannel channel;
    private final MessageDigest digest;
    private final ByteBuffer chunk =
            ByteBuffer.allocateDirect(CHUNK).order(ByteOrder.nativeOrder());

    private DigestChannel(final FileChannel channel) {
        this.channel = channel;
        try {
            this.digest = MessageDigest.getInstance("SHA-256");
        } catch (final NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }

    /** {@return one to write with} {@link #finish} ends it. */
    static DigestChannel writing(final FileChannel channel) {
        return new DigestChannel(channel);
    }

    /** {@return one to read with, from where the channel is} */
    static DigestChannel reading(final FileChannel channel) {
        final DigestChannel in = new DigestChannel(channel);
        in.chunk.limit(0);
        return in;
    }

    void write(final ByteBuffer bytes) throws IOException {
        write(MemorySegment.ofBuffer(bytes));
    }

    void write(final MemorySegment bytes) throws IOException {
        for (long done = 0; done < bytes.byteSize(); ) {
            final int n = (int) Math.min(chunk.remaining(), bytes.byteSize() - done);
            MemorySegment.ofBuffer(chunk).asSlice(0, n).copyFrom(bytes.asSlice(done, n));
            chunk.position(chunk.position() + n);
            done += n;
            if (!chunk.hasRemaining()) {
                drain();
            }
        }
    }

    private void drain() throws IOException {
        chunk.flip();
        digest.update(chunk.duplicate());
        while (chunk.hasRemaining()) {
            channel.write(chunk);
        }
        chunk.clear();
    }

    /** Writes the digest of everything before it. */
    void finish() throws IOException {
        drain();
        final ByteBuffer sum = ByteBuffer.wrap(digest.digest());
        while (sum.hasRemaining()) {
            channel.write(sum);
        }
    }

    void read(final ByteBuffer bytes) throws IOException {
        read(MemorySegment.ofBuffer(bytes));
    }

    void read(final MemorySegment bytes) throws IOException {
        for (long done = 0; done < bytes.byteSize(); ) {
            if (!chunk.hasRemaining()) {
                fill();
            }
            final int n = (int) Math.min(chunk.remaining(), bytes.byteSize() - done);
            bytes.asSlice(done, n).copyFrom(MemorySegment.ofBuffer(chunk).asSlice(0, n));
            chunk.position(chunk.position() + n);
            done += n;
        }
    }

    private void fill() throws IOException {
        chunk.clear();
        if (channel.read(chunk) <= 0) {
            throw new EOFException("end of file");
        }
        chunk.flip();
    }

    /** {@return the digest of the next {@code length} bytes} */
    byte[] digest(final long length) throws IOException {
        for (long left = length; left > 0; ) {
            if (!chunk.hasRemaining()) {
                fill();
            }
            final int n = (int) Math.min(chunk.remaining(), left);
            digest.update(chunk.slice(chunk.position(), n));
            chunk.position(chunk.position() + n);
            left -= n;
        }
        return digest.digest();
    }
}

package greenwave.engine.io;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** Writing whole buffers: a channel may take less than it is given. */
final class Bytes {
    private Bytes() {}

    static void writeFully(final FileChannel channel, final ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    static void writeFully(final FileChannel channel, final byte[] bytes) throws IOException {
        writeFully(channel, ByteBuffer.wrap(bytes));
    }
}

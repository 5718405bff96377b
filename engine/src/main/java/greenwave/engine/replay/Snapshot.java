package greenwave.engine.replay;

import greenwave.engine.io.AtomicFile;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.List;

/**
 * A replay on disk, in native byte order as its memory is: {@code greenwave-replay}, a format number that also tells the byte
 * order, three counts; then so many settings, counters and lengths of parts, 8 bytes each; the parts; and the SHA-256 of all
 * before it.
 */
final class Snapshot {
    private static final byte[] MAGIC = "greenwave-replay".getBytes(StandardCharsets.US_ASCII);
    private static final int FORMAT = 1;
    private static final int START = MAGIC.length + 4 * Integer.BYTES;
    private static final int DIGEST = 32;
    private static final int MOST = 64; // settings, counters or parts

    private Snapshot() {}

    static void save(final Path file, final SnapshotLayout layout) throws IOException {
        AtomicFile.write(
                file,
                channel -> {
                    final DigestChannel out = DigestChannel.writing(channel);
                    out.write(header(layout));
                    for (final SnapshotLayout.Part part : layout.parts) {
                        part.write(out);
                    }
                    out.finish();
                });
    }

    private static ByteBuffer header(final SnapshotLayout layout) {
        final int numbers = layout.settings.size() + layout.counters.size() + layout.parts.size();
        final ByteBuffer header = buffer(START + numbers * Long.BYTES);
        header.put(MAGIC).putInt(FORMAT);
        header.putInt(layout.settings.size());
        header.putInt(layout.counters.size());
        header.putInt(layout.parts.size());
        layout.settings.forEach(setting -> header.putLong(setting.value()));
        layout.counters.forEach(counter -> header.putLong(counter.get().getAsLong()));
        layout.parts.forEach(part -> header.putLong(part.bytes()));
        return header.flip();
    }

    private static ByteBuffer buffer(final int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.nativeOrder());
    }

    /** What a file says of itself. */
    private record Header(long[] settings, long[] counters, long[] parts) {
        int bytes() {
            return START + (settings.length + counters.length + parts.length) * Long.BYTES;
        }
    }

    static void load(final Path file, final SnapshotLayout layout) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            final Header header = readHeader(file, channel);
            checkWhole(file, channel, header);
            checkSettings(file, header, layout.settings);
            channel.position(header.bytes());
            final DigestChannel in = DigestChannel.reading(channel);
            for (int i = 0; i < layout.parts.size(); i++) {
                layout.parts.get(i).read(in, header.parts()[i]);
            }
            for (int i = 0; i < layout.counters.size(); i++) {
                layout.counters.get(i).set().accept(header.counters()[i]);
            }
        }
    }

    private static Header readHeader(final Path file, final FileChannel channel)
            throws IOException {
        final ByteBuffer start = buffer(START);
        final byte[] magic = new byte[MAGIC.length];
        if (channel.size() < START + DIGEST) {
            throw foreign(file);
        }
        readFully(file, channel, start);
        start.get(magic);
        final int[] counts = new int[4];
        start.asIntBuffer().get(counts);
        final boolean sane = Arrays.stream(counts, 1, 4).allMatch(n -> n >= 0 && n <= MOST);
        if (!Arrays.equals(magic, MAGIC) || counts[0] != FORMAT || !sane) {
            throw foreign(file);
        }
        return new Header(
                readLongs(file, channel, counts[1]),
                readLongs(file, channel, counts[2]),
                readLongs(file, channel, counts[3]));
    }

    private static IOException foreign(final Path file) {
        return new IOException(
                "replay.load: file=%s, expected a replay's snapshot of format %d"
                        .formatted(file, FORMAT));
    }

    private static long[] readLongs(final Path file, final FileChannel channel, final int count)
            throws IOException {
        final ByteBuffer bytes = buffer(count * Long.BYTES);
        readFully(file, channel, bytes);
        final long[] numbers = new long[count];
        bytes.asLongBuffer().get(numbers);
        return numbers;
    }

    private static void readFully(
            final Path file, final FileChannel channel, final ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            if (channel.read(bytes) < 0) {
                throw new IOException("replay.load: file=%s: truncated".formatted(file));
            }
        }
        bytes.flip();
    }

    /** Sees that the file has its length and its digest. */
    private static void checkWhole(final Path file, final FileChannel channel, final Header header)
            throws IOException {
        final double described =
                header.bytes() + Arrays.stream(header.parts()).asDoubleStream().sum() + DIGEST;
        if (described != channel.size()) {
            throw new IOException(
                    "replay.load: file=%s, bytes=%d, expected %.0f: damaged or truncated"
                            .formatted(file, channel.size(), described));
        }
        channel.position(0);
        final DigestChannel in = DigestChannel.reading(channel);
        final byte[] digest = in.digest(channel.size() - DIGEST);
        final ByteBuffer stored = buffer(DIGEST);
        in.read(stored);
        if (!MessageDigest.isEqual(digest, stored.array())) {
            throw new IOException(
                    "replay.load: file=%s: damaged: its SHA-256 differs from the one it ends with"
                            .formatted(file));
        }
    }

    private static void checkSettings(
            final Path file, final Header header, final List<SnapshotLayout.Setting> expected) {
        for (int i = 0; i < Math.min(header.settings().length, expected.size()); i++) {
            final SnapshotLayout.Setting setting = expected.get(i);
            if (header.settings()[i] != setting.value()) {
                throw new IllegalArgumentException(
                        "replay.load: file=%s, %s=%d, expected %d"
                                .formatted(
                                        file,
                                        setting.name(),
                                        header.settings()[i],
                                        setting.value()));
            }
        }
    }
}

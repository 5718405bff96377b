package greenwave.engine.io;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

import greenwave.engine.tensor.Shape;
import greenwave.kernels.DType;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Named tensors in a file (https://github.com/huggingface/safetensors, section Format): a header length u64, a header in
 * JSON, the numbers; all little-endian. Files of up to 2 GiB.
 */
public final class Safetensors {
    static final String METADATA = "__metadata__";
    static final int LENGTH_BYTES = 8;

    /**
     * A tensor in a file.
     *
     * @param data as many elements of {@code dtype} as {@code shape} has, row-major, little-endian
     */
    public record Entry(String name, StoredType dtype, Shape shape, MemorySegment data) {
        /** Refuses data of another size. */
        public Entry {
            if (data.byteSize() != shape.size() * dtype.bytes()) {
                throw new IllegalArgumentException(
                        "safetensors: tensor=%s, data=%d bytes, expected %s%s"
                                .formatted(name, data.byteSize(), dtype, shape));
            }
        }

        /** Of a type that a backend has. */
        public Entry(
                final String name, final DType dtype, final Shape shape, final MemorySegment data) {
            this(name, StoredType.of(dtype), shape, data);
        }
    }

    /**
     * What a file holds.
     *
     * @param metadata free strings
     * @param tensors by name, in the order of the header
     */
    public record Contents(Map<String, String> metadata, Map<String, Entry> tensors) {}

    private Safetensors() {}

    /**
     * Reads a file.
     *
     * @throws IOException if it cannot be read, or is not exactly what the format allows; the message says where
     */
    public static Contents read(final Path file) throws IOException {
        final long size = Files.size(file);
        if (size > Integer.MAX_VALUE - LENGTH_BYTES) {
            throw new IOException(
                    "safetensors: file=%s, size=%d bytes, expected at most 2 GiB"
                            .formatted(file, size));
        }
        return new SafetensorsHeader(file, Files.readAllBytes(file)).contents();
    }

    /**
     * Writes a file; equal contents give equal bytes.
     *
     * @throws IllegalArgumentException if two tensors have one name, or one is called {@code __metadata__}
     * @throws IOException if it cannot be written; a file that was there is unchanged
     */
    public static void write(
            final Path file, final Map<String, String> metadata, final List<Entry> tensors)
            throws IOException {
        final List<Entry> ordered = new ArrayList<>(tensors);
        ordered.sort(Comparator.comparing(e -> -e.dtype().bytes())); // keeps every tensor aligned
        final byte[] header = header(metadata, ordered);
        AtomicFile.write(
                file,
                channel -> {
                    Bytes.writeFully(
                            channel,
                            ByteBuffer.allocate(LENGTH_BYTES)
                                    .order(ByteOrder.LITTLE_ENDIAN)
                                    .putLong(0, header.length));
                    Bytes.writeFully(channel, header);
                    for (final Entry entry : ordered) {
                        Bytes.writeFully(channel, entry.data().asByteBuffer());
                    }
                });
    }

    private static byte[] header(final Map<String, String> metadata, final List<Entry> tensors) {
        final ObjectMapper json = new ObjectMapper();
        final ObjectNode header = json.createObjectNode();
        if (!metadata.isEmpty()) {
            final ObjectNode strings = header.putObject(METADATA);
            new TreeMap<>(metadata).forEach(strings::put);
        }
        final Set<String> names = new HashSet<>(Set.of(METADATA));
        long offset = 0;
        for (final Entry entry : tensors) {
            if (!names.add(entry.name())) {
                throw new IllegalArgumentException(
                        "safetensors: tensor=%s, expected a name of its own"
                                .formatted(entry.name()));
            }
            final ObjectNode tensor = header.putObject(entry.name());
            tensor.put("dtype", entry.dtype().name());
            Arrays.stream(entry.shape().dims()).forEach(tensor.putArray("shape")::add);
            final long end = offset + entry.data().byteSize();
            tensor.putArray("data_offsets").add(offset).add(end);
            offset = end;
        }
        final byte[] text = header.toString().getBytes(StandardCharsets.UTF_8);
        final byte[] padded =
                Arrays.copyOf(text, Math.ceilDiv(text.length, LENGTH_BYTES) * LENGTH_BYTES);
        Arrays.fill(padded, text.length, padded.length, (byte) ' ');
        return padded;
    }
}

package greenwave.engine.io;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;

import greenwave.engine.tensor.Shape;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads a whole file and trusts nothing in it. */
final class SafetensorsHeader {
    private static final long MAX_HEADER_BYTES =
            100_000_000; // as the format's reference implementation

    private static final ObjectMapper JSON =
            JsonMapper.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .build();

    /** A tensor's bytes in the data section: [begin, end). */
    private record Span(String name, long begin, long end) {}

    private final Path file;
    private final MemorySegment bytes;
    private final List<Span> spans = new ArrayList<>();

    SafetensorsHeader(final Path file, final byte[] bytes) {
        this.file = file;
        this.bytes = MemorySegment.ofArray(bytes);
    }

    private IOException damaged(final String format, final Object... arguments) {
        return new IOException(
                "safetensors: file=%s, %s".formatted(file, format.formatted(arguments)));
    }

    Safetensors.Contents contents() throws IOException {
        final long header = headerBytes();
        final long start = Safetensors.LENGTH_BYTES + header;
        final MemorySegment data = bytes.asSlice(start);
        final JsonNode root = parse(header);
        final Map<String, String> metadata = new LinkedHashMap<>();
        final Map<String, Safetensors.Entry> tensors = new LinkedHashMap<>();
        for (final Map.Entry<String, JsonNode> field : root.properties()) {
            if (field.getKey().equals(Safetensors.METADATA)) {
                readMetadata(field.getValue(), metadata);
            } else {
                tensors.put(field.getKey(), tensor(field.getKey(), field.getValue(), data));
            }
        }
        requireContiguous(data.byteSize());
        return new Safetensors.Contents(metadata, tensors);
    }

    private long headerBytes() throws IOException {
        if (bytes.byteSize() < Safetensors.LENGTH_BYTES) {
            throw damaged("size=%d bytes, expected at least 8", bytes.byteSize());
        }
        final long length =
                bytes.asSlice(0, Safetensors.LENGTH_BYTES)
                        .asByteBuffer()
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .getLong();
        final long limit = Math.min(MAX_HEADER_BYTES, bytes.byteSize() - Safetensors.LENGTH_BYTES);
        if (length < 2 || length > limit) {
            throw damaged(
                    "header=%s bytes, expected 2 to %d", Long.toUnsignedString(length), limit);
        }
        return length;
    }

    private JsonNode parse(final long header) throws IOException {
        final ByteBuffer text = bytes.asSlice(Safetensors.LENGTH_BYTES, header).asByteBuffer();
        final JsonNode root;
        try {
            root = JSON.readTree(StandardCharsets.UTF_8.newDecoder().decode(text).toString());
        } catch (final CharacterCodingException e) {
            throw damaged("header is not UTF-8");
        } catch (final JsonProcessingException e) {
            throw damaged("header is not JSON: %s", e.getOriginalMessage());
        }
        if (!root.isObject()) {
            throw damaged("header is a JSON %s, expected an object", root.getNodeType());
        }
        return root;
    }

    private void readMetadata(final JsonNode node, final Map<String, String> metadata)
            throws IOException {
        if (!node.isObject()) {
            throw damaged("__metadata__ is a JSON %s, expected an object", node.getNodeType());
        }
        for (final Map.Entry<String, JsonNode> field : node.properties()) {
            if (!field.getValue().isTextual()) {
                throw damaged(
                        "__metadata__ %s=%s, expected a string", field.getKey(), field.getValue());
            }
            metadata.put(field.getKey(), field.getValue().textValue());
        }
    }

    private Safetensors.Entry tensor(
            final String name, final JsonNode node, final MemorySegment data) throws IOException {
        final StoredType dtype = dtype(name, node.path("dtype"));
        final Shape shape = shape(name, node.path("shape"));
        final long[] offsets = integers(name, "data_offsets", node.path("data_offsets"));
        if (offsets.length != 2 || offsets[0] > offsets[1] || offsets[1] > data.byteSize()) {
            throw damaged(
                    "tensor=%s, data_offsets=%s, expected begin <= end <= %d",
                    name, Arrays.toString(offsets), data.byteSize());
        }
        final long length = offsets[1] - offsets[0];
        if (length != shape.size() * dtype.bytes()) {
            throw damaged("tensor=%s, data=%d bytes, expected %s%s", name, length, dtype, shape);
        }
        spans.add(new Span(name, offsets[0], offsets[1]));
        return new Safetensors.Entry(name, dtype, shape, data.asSlice(offsets[0], length));
    }

    private StoredType dtype(final String name, final JsonNode node) throws IOException {
        for (final StoredType dtype : StoredType.values()) {
            if (dtype.name().equals(node.textValue())) {
                return dtype;
            }
        }
        throw damaged(
                "tensor=%s, dtype=%s, expected one of %s",
                name, node.asText("none"), Arrays.toString(StoredType.values()));
    }

    private Shape shape(final String name, final JsonNode node) throws IOException {
        final long[] dims = integers(name, "shape", node);
        try {
            return Shape.of(Arrays.stream(dims).mapToInt(Math::toIntExact).toArray());
        } catch (final IllegalArgumentException | ArithmeticException e) {
            throw damaged(
                    "tensor=%s, shape=%s, expected positive dimensions",
                    name, Arrays.toString(dims));
        }
    }

    private long[] integers(final String name, final String key, final JsonNode node)
            throws IOException {
        final long[] values = new long[node.size()];
        boolean sound = node.isArray();
        for (int i = 0; sound && i < values.length; i++) {
            final JsonNode value = node.get(i);
            sound = value.isIntegralNumber() && value.canConvertToLong() && value.longValue() >= 0;
            values[i] = value.longValue();
        }
        if (!sound) {
            throw damaged("tensor=%s, %s=%s, expected integers >= 0", name, key, node);
        }
        return values;
    }

    /** Every byte of the data section belongs to exactly one tensor. */
    private void requireContiguous(final long size) throws IOException {
        spans.sort(Comparator.comparingLong(Span::begin).thenComparingLong(Span::end));
        long at = 0;
        for (final Span span : spans) {
            if (span.begin() != at) {
                throw damaged(
                        "tensor=%s, begin=%d, expected %d: %s",
                        span.name(), span.begin(), at, span.begin() > at ? "a hole" : "an overlap");
            }
            at = span.end();
        }
        if (at != size) {
            throw damaged("data=%d bytes, tensors end at %d", size, at);
        }
    }
}

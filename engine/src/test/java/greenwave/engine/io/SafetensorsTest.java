package greenwave.engine.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import greenwave.engine.Segments;
import greenwave.engine.tensor.Shape;
import greenwave.kernels.DType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

class SafetensorsTest {
    private static final String TYPES =
            "[BOOL, U8, I8, F8_E5M2, F8_E4M3, I16, U16, F16, BF16, I32, U32, F32, F64, I64, U64]";

    @TempDir Path folder;

    private Path file(final long headerLength, final byte[] header, final int dataBytes)
            throws IOException {
        final ByteBuffer bytes =
                ByteBuffer.allocate(8 + header.length + dataBytes).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putLong(headerLength).put(header);
        return Files.write(folder.resolve("hostile.safetensors"), bytes.array());
    }

    private Path file(final String header, final int dataBytes) throws IOException {
        final byte[] text = header.getBytes(StandardCharsets.UTF_8);
        return file(text.length, text, dataBytes);
    }

    private static void assertDamaged(final String message, final Path file) {
        final IOException e = assertThrows(IOException.class, () -> Safetensors.read(file));
        assertEquals("safetensors: file=%s, %s".formatted(file, message), e.getMessage());
    }

    @Test
    void whatIsWrittenIsReadBack() throws IOException {
        final Path file = folder.resolve("some.safetensors");
        final Safetensors.Entry flags =
                new Safetensors.Entry(
                        "flags", DType.U8, Shape.of(3), Segments.of(new byte[] {1, 0, 1}));
        final Safetensors.Entry weights =
                new Safetensors.Entry("w \"ü\"", DType.F32, Shape.of(1, 2), Segments.of(1.5f, -2));
        final Safetensors.Entry scalar =
                new Safetensors.Entry("scalar", DType.F32, Shape.of(), Segments.of(7f));
        Safetensors.write(file, Map.of("b", "2", "a", "1"), List.of(flags, weights, scalar));
        final Safetensors.Contents contents = Safetensors.read(file);
        assertEquals(Map.of("a", "1", "b", "2"), contents.metadata());
        assertEquals(
                List.of("w \"ü\"", "scalar", "flags"), List.copyOf(contents.tensors().keySet()));
        assertEquals(Shape.of(1, 2), contents.tensors().get("w \"ü\"").shape());
        assertEquals(Shape.of(), contents.tensors().get("scalar").shape());
        assertArrayEquals(
                new float[] {1.5f, -2},
                contents.tensors().get("w \"ü\"").data().toArray(ValueLayout.JAVA_FLOAT_UNALIGNED));
        assertArrayEquals(
                new byte[] {1, 0, 1},
                contents.tensors().get("flags").data().toArray(ValueLayout.JAVA_BYTE));
    }

    @Test
    void theBytesAreThoseOfTheFormat() throws IOException {
        final Path file = folder.resolve("exact.safetensors");
        Safetensors.write(
                file,
                Map.of("k", "v"),
                List.of(new Safetensors.Entry("x", DType.F32, Shape.of(1), Segments.of(1f))));
        final String header =
                "{\"__metadata__\":{\"k\":\"v\"},\"x\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}"
                        + " ";
        final ByteBuffer expected = ByteBuffer.allocate(8 + 80 + 4).order(ByteOrder.LITTLE_ENDIAN);
        expected.putLong(80).put(header.getBytes(StandardCharsets.UTF_8));
        while (expected.position() < 88) {
            expected.put((byte) ' ');
        }
        assertArrayEquals(expected.putFloat(1).array(), Files.readAllBytes(file));
    }

    @Test
    void aFileWithoutTensorsIsAFile() throws IOException {
        assertEquals(Map.of(), Safetensors.read(file("{}", 0)).tensors());
    }

    static Stream<Arguments> damagedHeaders() {
        final String x = "{\"x\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[%s]}}";
        final String two =
                "{\"x\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]},\"y\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[%s]}}";
        return Stream.of(
                Arguments.of("[]", 0, "header is a JSON ARRAY, expected an object"),
                Arguments.of(
                        x.formatted("0,8"),
                        4,
                        "tensor=x, data_offsets=[0, 8], expected begin <= end <= 4"),
                Arguments.of(
                        x.formatted("8,0"),
                        8,
                        "tensor=x, data_offsets=[8, 0], expected begin <= end <= 8"),
                Arguments.of(
                        x.formatted("0"),
                        8,
                        "tensor=x, data_offsets=[0], expected begin <= end <= 8"),
                Arguments.of(
                        x.formatted("-8,0"),
                        8,
                        "tensor=x, data_offsets=[-8,0], expected integers >= 0"),
                Arguments.of(
                        x.formatted("0,99999999999999999999"),
                        8,
                        "tensor=x, data_offsets=[0,99999999999999999999], expected integers >= 0"),
                Arguments.of(x.formatted("0,4"), 4, "tensor=x, data=4 bytes, expected F32[2]"),
                Arguments.of(x.formatted("0,8"), 12, "data=12 bytes, tensors end at 8"),
                Arguments.of(x.formatted("4,12"), 12, "tensor=x, begin=4, expected 0: a hole"),
                Arguments.of(two.formatted("8,12"), 12, "tensor=y, begin=8, expected 4: a hole"),
                Arguments.of(two.formatted("0,4"), 4, "tensor=y, begin=0, expected 4: an overlap"),
                Arguments.of(
                        "{\"x\":{\"dtype\":\"Q4\",\"shape\":[2],\"data_offsets\":[0,4]}}",
                        4,
                        "tensor=x, dtype=Q4, expected one of " + TYPES),
                Arguments.of(
                        "{\"x\":{\"shape\":[2],\"data_offsets\":[0,4]}}",
                        4,
                        "tensor=x, dtype=none, expected one of " + TYPES),
                Arguments.of(
                        "{\"x\":{\"dtype\":\"F32\",\"shape\":[0],\"data_offsets\":[0,0]}}",
                        0,
                        "tensor=x, shape=[0], expected positive dimensions"),
                Arguments.of(
                        "{\"x\":{\"dtype\":\"F32\",\"shape\":[4294967296],\"data_offsets\":[0,0]}}",
                        0,
                        "tensor=x, shape=[4294967296], expected positive dimensions"),
                Arguments.of(
                        "{\"x\":{\"dtype\":\"F32\",\"shape\":[2147483647,2147483647,2147483647],\"data_offsets\":[0,0]}}",
                        0,
                        "tensor=x, shape=[2147483647, 2147483647, 2147483647], expected positive"
                                + " dimensions"),
                Arguments.of(
                        "{\"x\":{\"dtype\":\"F32\",\"shape\":\"2\",\"data_offsets\":[0,8]}}",
                        8,
                        "tensor=x, shape=\"2\", expected integers >= 0"),
                Arguments.of(
                        "{\"__metadata__\":3}",
                        0,
                        "__metadata__ is a JSON NUMBER, expected an object"),
                Arguments.of(
                        "{\"__metadata__\":{\"a\":3}}", 0, "__metadata__ a=3, expected a string"));
    }

    @ParameterizedTest(name = "{2}")
    @MethodSource("damagedHeaders")
    void aDamagedHeaderIsNamed(final String header, final int dataBytes, final String message)
            throws IOException {
        assertDamaged(message, file(header, dataBytes));
    }

    @ParameterizedTest
    @EnumSource
    void everyTypeIsReadWithItsSizeAndNoOther(final StoredType type) throws IOException {
        final String text =
                "{\"x\":{\"dtype\":\"%s\",\"shape\":[3],\"data_offsets\":[0,%d]}}"
                        .formatted(type, 3 * type.bytes());
        final Safetensors.Entry x =
                Safetensors.read(file(text, 3 * type.bytes())).tensors().get("x");
        assertEquals(type, x.dtype());
        assertEquals(3L * type.bytes(), x.data().byteSize());
        final int wrong = 3 * type.bytes() + 1;
        assertDamaged(
                "tensor=x, data=%d bytes, expected %s[3]".formatted(wrong, type),
                file(text.replace("," + 3 * type.bytes() + "]", "," + wrong + "]"), wrong));
        assertDamaged(
                "tensor=x, data_offsets=[0, %d], expected begin <= end <= 0"
                        .formatted(3 * type.bytes()),
                file(text, 0));
    }

    @Test
    void widerElementsComeFirstSoThatAllAreAligned() throws IOException {
        final Path file = folder.resolve("wide.safetensors");
        final Safetensors.Entry narrow =
                new Safetensors.Entry("a", DType.U8, Shape.of(1), Segments.of(new byte[] {7}));
        final Safetensors.Entry wide =
                new Safetensors.Entry(
                        "n",
                        StoredType.I64,
                        Shape.of(),
                        Segments.of(new byte[] {1, 0, 0, 0, 0, 0, 0, 2}));
        Safetensors.write(file, Map.of(), List.of(narrow, wide));
        final Map<String, Safetensors.Entry> tensors = Safetensors.read(file).tensors();
        assertEquals(List.of("n", "a"), List.copyOf(tensors.keySet()));
        assertEquals(
                0x0200000000000001L,
                tensors.get("n").data().get(ValueLayout.JAVA_LONG_UNALIGNED, 0));
    }

    @Test
    void duplicateKeysAndBrokenJsonAreRefused() throws IOException {
        final String tensor = "{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}";
        assertDamaged(
                "header is not JSON: Duplicate field 'x'",
                file("{\"x\":" + tensor + ",\"x\":" + tensor + "}", 4));
        for (final String text : List.of("{\"x\":", "{} {}", "{}x", "nonsense")) {
            final Path file = file(text, 0);
            final IOException e = assertThrows(IOException.class, () -> Safetensors.read(file));
            assertEquals(
                    "safetensors: file=%s, header is not JSON: ".formatted(file),
                    e.getMessage().substring(0, e.getMessage().indexOf("JSON: ") + 6));
        }
        assertDamaged("header is not UTF-8", file(2, new byte[] {'{', (byte) 0xff}, 0));
    }

    @Test
    void aHeaderLongerThanTheFileOrTheLimitIsRefused() throws IOException {
        assertDamaged(
                "header=3 bytes, expected 2 to 2",
                file(3, "{}".getBytes(StandardCharsets.UTF_8), 0));
        assertDamaged(
                "header=18446744073709551615 bytes, expected 2 to 2",
                file(-1, "{}".getBytes(StandardCharsets.UTF_8), 0));
        assertDamaged(
                "header=1 bytes, expected 2 to 2",
                file(1, "{}".getBytes(StandardCharsets.UTF_8), 0));
        final Path empty = Files.write(folder.resolve("empty"), new byte[3]);
        assertDamaged("size=3 bytes, expected at least 8", empty);
    }

    @Test
    void everyTruncationOfASoundFileIsRefused() throws IOException {
        final Path file = folder.resolve("whole.safetensors");
        Safetensors.write(
                file,
                Map.of(),
                List.of(new Safetensors.Entry("x", DType.F32, Shape.of(2), Segments.of(1f, 2f))));
        final byte[] whole = Files.readAllBytes(file);
        for (int length = 0; length < whole.length; length++) {
            final Path part = Files.write(folder.resolve("part"), Arrays.copyOf(whole, length));
            assertThrows(IOException.class, () -> Safetensors.read(part), "length " + length);
        }
    }

    @Test
    void aFailedWriteLeavesTheOldFileAndNothingElse() throws IOException {
        final Path file = Files.writeString(folder.resolve("kept"), "old");
        final IOException planted = new IOException("disk full");
        final IOException e =
                assertThrows(
                        IOException.class,
                        () ->
                                AtomicFile.write(
                                        file,
                                        channel -> {
                                            channel.write(ByteBuffer.wrap(new byte[9]));
                                            throw planted;
                                        }));
        assertEquals(planted, e);
        assertEquals("old", Files.readString(file));
        try (Stream<Path> files = Files.list(folder)) {
            assertEquals(List.of(file), files.toList());
        }
    }

    @Test
    void twoTensorsOfOneNameAreNotWritten() {
        final Safetensors.Entry x =
                new Safetensors.Entry("x", DType.F32, Shape.of(1), Segments.of(1f));
        assertEquals(
                "safetensors: tensor=x, expected a name of its own",
                assertThrows(
                                IllegalArgumentException.class,
                                () ->
                                        Safetensors.write(
                                                folder.resolve("twice"), Map.of(), List.of(x, x)))
                        .getMessage());
        assertEquals(
                "safetensors: tensor=y, data=4 bytes, expected F32[2]",
                assertThrows(
                                IllegalArgumentException.class,
                                () ->
                                        new Safetensors.Entry(
                                                "y", DType.F32, Shape.of(2), Segments.of(1f)))
                        .getMessage());
    }
}

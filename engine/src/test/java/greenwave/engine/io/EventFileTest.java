package greenwave.engine.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads what was written by the rules of TensorFlow's records and of Protocol Buffers, with code of its own. */
class EventFileTest {
    @TempDir private Path folder;

    /** A message: each field's values, as Long for varint and fixed, as byte[] for the rest. */
    private static Map<Integer, List<Object>> message(final byte[] bytes) {
        final Map<Integer, List<Object>> fields = new LinkedHashMap<>();
        final ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        while (in.hasRemaining()) {
            final long key = varint(in);
            final Object value =
                    switch ((int) (key & 7)) {
                        case 0 -> varint(in);
                        case 1 -> in.getLong();
                        case 2 -> {
                            final byte[] content = new byte[(int) varint(in)];
                            in.get(content);
                            yield content;
                        }
                        case 5 -> (long) in.getInt();
                        default -> throw new AssertionError("wire type of key " + key);
                    };
            fields.computeIfAbsent((int) (key >>> 3), _ -> new ArrayList<>()).add(value);
        }
        return fields;
    }

    private static long varint(final ByteBuffer in) {
        long value = 0;
        for (int shift = 0; ; shift += 7) {
            final byte next = in.get();
            value |= (next & 0x7fL) << shift;
            if (next >= 0) {
                return value;
            }
        }
    }

    /** Bit by bit from the Castagnoli polynomial, then TensorFlow's mask. */
    private static int maskedCrc(final byte[] bytes) {
        int crc = -1;
        for (final byte b : bytes) {
            crc ^= b & 0xff;
            for (int bit = 0; bit < 8; bit++) {
                crc = (crc & 1) != 0 ? crc >>> 1 ^ 0x82f63b78 : crc >>> 1;
            }
        }
        crc = ~crc;
        return (crc >>> 15 | crc << 17) + 0xa282ead8;
    }

    private static List<Map<Integer, List<Object>>> records(final Path file) throws IOException {
        final ByteBuffer in =
                ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        final List<Map<Integer, List<Object>>> records = new ArrayList<>();
        while (in.hasRemaining()) {
            final byte[] length = new byte[8];
            in.get(length);
            assertEquals(maskedCrc(length), in.getInt());
            final byte[] data =
                    new byte
                            [(int)
                                    ByteBuffer.wrap(length)
                                            .order(ByteOrder.LITTLE_ENDIAN)
                                            .getLong()];
            in.get(data);
            assertEquals(maskedCrc(data), in.getInt());
            records.add(message(data));
        }
        return records;
    }

    private static double real(final Object bits) {
        return Double.longBitsToDouble((long) bits);
    }

    private static String text(final Object bytes) {
        return new String((byte[]) bytes, StandardCharsets.UTF_8);
    }

    @Test
    void theMaskedCrcIsTensorFlows() {
        assertEquals(0x8a9136aa, Integer.rotateLeft(maskedCrc(new byte[32]) - 0xa282ead8, 15));
    }

    @Test
    void everyRecordIsReadBack() throws IOException {
        final Path file = folder.resolve("events.out.tfevents.1.test");
        final Map<String, Double> scalars = new LinkedHashMap<>();
        scalars.put("train/delay", 20.25);
        scalars.put("train/loss é", -0.5);
        try (EventFile events = new EventFile(file, 1000.5)) {
            events.scalars(1001.25, 300, scalars);
            events.scalars(1002, 1L << 40, Map.of("x", Double.NaN));
        }
        final List<Map<Integer, List<Object>>> records = records(file);
        assertEquals(3, records.size());
        assertEquals(1000.5, real(records.get(0).get(1).getFirst()));
        assertEquals("brain.Event:2", text(records.get(0).get(3).getFirst()));
        assertEquals(1001.25, real(records.get(1).get(1).getFirst()));
        assertEquals(300L, records.get(1).get(2).getFirst());
        final List<Object> values = message((byte[]) records.get(1).get(5).getFirst()).get(1);
        assertEquals(2, values.size());
        int i = 0;
        for (final Map.Entry<String, Double> scalar : scalars.entrySet()) {
            final Map<Integer, List<Object>> value = message((byte[]) values.get(i++));
            assertEquals(scalar.getKey(), text(value.get(1).getFirst()));
            final int bits = ((Long) value.get(2).getFirst()).intValue();
            assertEquals(scalar.getValue().floatValue(), Float.intBitsToFloat(bits));
        }
        assertEquals(1L << 40, records.get(2).get(2).getFirst());
        final Map<Integer, List<Object>> last =
                message(
                        (byte[])
                                message((byte[]) records.get(2).get(5).getFirst())
                                        .get(1)
                                        .getFirst());
        assertTrue(Float.isNaN(Float.intBitsToFloat(((Long) last.get(2).getFirst()).intValue())));
    }
}

package greenwave.engine.io;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** One message of Protocol Buffers under construction (https://protobuf.dev/programming-guides/encoding). */
public final class Protobuf {
    private static final int VARINT = 0;
    private static final int FIXED64 = 1;
    private static final int LENGTH_DELIMITED = 2;
    private static final int FIXED32 = 5;

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    /** An empty message. */
    public Protobuf() {}

    /** Adds an int32, int64 or enum. */
    public Protobuf integer(final int field, final long value) {
        tag(field, VARINT);
        varint(value);
        return this;
    }

    /** Adds a float. */
    public Protobuf single(final int field, final float value) {
        tag(field, FIXED32);
        littleEndian(Float.floatToRawIntBits(value), Float.BYTES);
        return this;
    }

    /** Adds a double. */
    public Protobuf real(final int field, final double value) {
        tag(field, FIXED64);
        littleEndian(Double.doubleToRawLongBits(value), Double.BYTES);
        return this;
    }

    /** Adds a string. */
    public Protobuf string(final int field, final String value) {
        return bytes(field, value.getBytes(StandardCharsets.UTF_8));
    }

    /** Adds a message. */
    public Protobuf message(final int field, final Protobuf value) {
        return bytes(field, value.toByteArray());
    }

    /** Adds raw bytes. */
    public Protobuf bytes(final int field, final byte[] value) {
        tag(field, LENGTH_DELIMITED);
        varint(value.length);
        bytes.writeBytes(value);
        return this;
    }

    private void tag(final int field, final int wireType) {
        varint((long) field << 3 | wireType);
    }

    private void littleEndian(final long bits, final int count) {
        for (int i = 0; i < count; i++) {
            bytes.write((int) (bits >>> i * Byte.SIZE));
        }
    }

    /** Seven bits a byte, the lowest first, the top bit set on all but the last. */
    private void varint(final long value) {
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            bytes.write((int) (rest & 0x7f | 0x80));
            rest >>>= 7;
        }
        bytes.write((int) rest);
    }

    /** {@return the message as it is written} */
    public byte[] toByteArray() {
        return bytes.toByteArray();
    }
}

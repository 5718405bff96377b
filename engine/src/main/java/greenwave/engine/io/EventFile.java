package greenwave.engine.io;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.zip.CRC32C;

/**
 * A file of scalars that TensorBoard shows: TensorFlow's record format ({@code tensorflow/core/lib/io/record_writer.h}:
 * length, its masked CRC32C, the record, its masked CRC32C) around messages {@code Event} ({@code
 * tensorflow/core/util/event.proto}). TensorBoard wants {@code tfevents} in the file's name. One thread.
 */
public final class EventFile implements AutoCloseable {
    private static final String VERSION = "brain.Event:2";
    private static final int WALL_TIME = 1; // fields of Event
    private static final int STEP = 2;
    private static final int FILE_VERSION = 3;
    private static final int SUMMARY = 5;
    private static final int VALUE = 1; // of Summary
    private static final int TAG = 1; // of Summary.Value
    private static final int SIMPLE_VALUE = 2;
    private static final int MASK = 0xa282ead8;
    private static final int MASK_ROTATION = 15;

    private final OutputStream out;

    /**
     * Creates {@code file}, over one that is there.
     *
     * @param seconds since 1970, when it begins
     * @throws IOException if it cannot be written
     */
    public EventFile(final Path file, final double seconds) throws IOException {
        this.out = new BufferedOutputStream(Files.newOutputStream(file));
        write(new Protobuf().real(WALL_TIME, seconds).string(FILE_VERSION, VERSION));
    }

    /**
     * Adds a point to each of some curves, and hands them to the operating system.
     *
     * @param seconds since 1970, when it was measured
     * @param step where on the axis
     * @param scalars by name; a slash groups curves
     * @throws IOException if it cannot be written; the file may then end in a part of a record, which readers skip
     */
    public void scalars(final double seconds, final long step, final Map<String, Double> scalars)
            throws IOException {
        final Protobuf summary = new Protobuf();
        scalars.forEach(
                (tag, value) ->
                        summary.message(
                                VALUE,
                                new Protobuf()
                                        .string(TAG, tag)
                                        .single(SIMPLE_VALUE, value.floatValue())));
        write(
                new Protobuf()
                        .real(WALL_TIME, seconds)
                        .integer(STEP, step)
                        .message(SUMMARY, summary));
        out.flush();
    }

    private void write(final Protobuf event) throws IOException {
        final byte[] record = event.toByteArray();
        final byte[] length = littleEndian(Long.BYTES).putLong(record.length).array();
        out.write(length);
        out.write(littleEndian(Integer.BYTES).putInt(maskedCrc(length)).array());
        out.write(record);
        out.write(littleEndian(Integer.BYTES).putInt(maskedCrc(record)).array());
    }

    private static ByteBuffer littleEndian(final int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** CRC32C, rotated and shifted, since a CRC over data that holds its own CRC is weak. */
    private static int maskedCrc(final byte[] bytes) {
        final CRC32C crc = new CRC32C();
        crc.update(bytes);
        return Integer.rotateRight((int) crc.getValue(), MASK_ROTATION) + MASK;
    }

    @Override
    public void close() throws IOException {
        out.close();
    }
}

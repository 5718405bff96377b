package greenwave.sim.wire;

import greenwave.sim.SumoException;
import greenwave.sim.libtraci.Names;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * One message of SUMO's, read from front to back. Whatever it claims, nothing beyond its end is read
 * and nothing is allocated for it; what is not as the protocol has it ends in {@link SumoException}.
 * One thread.
 */
final class Reply {
    private static final int OK = 0;
    private static final int LONGEST_TEXT = 1 << 16; // of a message that is passed on

    private ByteBuffer in;
    private int at;
    private int end;

    /** Turns to the message in {@code [from, to)} of {@code bytes}. */
    void open(final ByteBuffer bytes, final int from, final int to) {
        in = bytes;
        at = from;
        end = to;
    }

    /** Reads the status of a command; one that failed ends in an exception with SUMO's words. */
    void status(final int command) {
        final int stop = block();
        final int answered = octet();
        final int status = octet();
        if (answered != command) {
            throw malformed("status of command", answered, "expected " + command);
        }
        if (status != OK) {
            throw new SumoException(
                    "SUMO refused command 0x%02x, status %d: %s"
                            .formatted(command, status, string()));
        }
        text();
        endBlock(stop);
    }

    /** {@return where the block ends whose length is read} */
    int block() {
        final int start = at;
        int length = octet();
        if (length == 0) {
            length = integer();
        }
        if (length < at - start || length > end - start) {
            throw malformed("block of bytes", length, "expected " + (end - start) + " at most");
        }
        return start + length;
    }

    /** Checks that the block which ends at {@code stop} has been read to its end. */
    void endBlock(final int stop) {
        if (at != stop) {
            throw malformed("block's surplus of bytes", stop - at, "expected 0");
        }
    }

    /** {@return where the answer ends whose head, all up to the value, is read} */
    int answer(final int command, final int variable) {
        final int stop = block();
        final int answered = octet();
        if (answered != command) {
            throw malformed("answer to command", answered, "expected " + command);
        }
        final int got = octet();
        if (got != variable) {
            throw malformed("answer with variable", got, "expected " + variable);
        }
        text();
        return stop;
    }

    /** Reads the mark before a value. */
    void type(final int expected) {
        final int type = octet();
        if (type != expected) {
            throw malformed("type of value", type, "expected " + expected);
        }
    }

    int octet() {
        need(1);
        return in.get(at++) & 0xff;
    }

    int integer() {
        need(Integer.BYTES);
        final int value = in.getInt(at);
        at += Integer.BYTES;
        return value;
    }

    double number() {
        need(Double.BYTES);
        final double value = in.getDouble(at);
        at += Double.BYTES;
        return value;
    }

    /** Reads over a text. */
    private void text() {
        final int length = textLength();
        at += length;
    }

    /** {@return the number of a text} */
    int name(final Names names) {
        final int length = textLength();
        final int name = names.of(in, at, length);
        at += length;
        return name;
    }

    /** {@return a text} */
    String string() {
        final int length = textLength();
        final byte[] utf8 = new byte[Math.min(length, LONGEST_TEXT)];
        in.get(at, utf8);
        at += length;
        return new String(utf8, StandardCharsets.UTF_8);
    }

    /** {@return how many texts follow} Each takes four bytes at least. */
    int listSize() {
        final int size = integer();
        if (size < 0 || size > (end - at) / Integer.BYTES) {
            throw malformed("list of texts", size, (end - at) + " bytes follow");
        }
        return size;
    }

    private int textLength() {
        final int length = integer();
        if (length < 0 || length > end - at) {
            throw malformed("text of bytes", length, (end - at) + " follow");
        }
        return length;
    }

    /** Checks that the whole message has been read. */
    void end() {
        if (at != end) {
            throw malformed("surplus of bytes", end - at, "expected 0");
        }
    }

    private void need(final int bytes) {
        if (end - at < bytes) {
            throw malformed("bytes left", end - at, "expected " + bytes);
        }
    }

    static SumoException malformed(final String what, final int value, final String expected) {
        return new SumoException(
                "SUMO's answer is malformed: %s=%d, %s".formatted(what, value, expected));
    }
}

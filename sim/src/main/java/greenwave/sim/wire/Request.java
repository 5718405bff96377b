package greenwave.sim.wire;

import greenwave.sim.libtraci.Names;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Bytes for SUMO: messages, each a length of four bytes and commands, each a length and what it
 * says. Grows as needed. One thread.
 */
final class Request {
    /** Longest command whose length fits in one byte; others have 0 there and four bytes more. */
    private static final int SHORT = 255;

    private static final int LONG_HEAD = 5;

    private ByteBuffer out = ByteBuffer.allocateDirect(1 << 12);
    private int message; // where the present one starts

    /** {@return the bytes written so far, from the buffer's start to its position} */
    ByteBuffer bytes() {
        return out;
    }

    int position() {
        return out.position();
    }

    void clear() {
        out.clear();
    }

    /** Begins a message. */
    void begin() {
        message = out.position();
        room(Integer.BYTES);
        out.putInt(0);
    }

    /** Ends the message. */
    void end() {
        out.putInt(message, out.position() - message);
    }

    /** Puts a command that has {@code content} bytes after its number. */
    void command(final int number, final int content) {
        final int length = 2 + content;
        room(LONG_HEAD + length);
        if (length <= SHORT) {
            out.put((byte) length);
        } else {
            out.put((byte) 0).putInt(LONG_HEAD - 1 + length);
        }
        out.put((byte) number);
    }

    /** Puts the command that asks for one variable of one object. */
    void get(final int command, final int variable, final String id) {
        final byte[] utf8 = id.getBytes(StandardCharsets.UTF_8);
        command(command, 1 + Integer.BYTES + utf8.length);
        out.put((byte) variable).putInt(utf8.length).put(utf8);
    }

    /** As {@link #get(int, int, String)}, allocating nothing. */
    void get(final int command, final int variable, final Names names, final int name) {
        final int length = names.length(name);
        command(command, 1 + Integer.BYTES + length);
        out.put((byte) variable).putInt(length);
        names.put(name, out);
    }

    /** Puts the command that has SUMO load another simulation. */
    void load(final List<String> options) {
        final List<byte[]> texts =
                options.stream().map(text -> text.getBytes(StandardCharsets.UTF_8)).toList();
        command(
                Protocol.LOAD,
                1
                        + Integer.BYTES
                        + texts.stream().mapToInt(text -> Integer.BYTES + text.length).sum());
        out.put((byte) Protocol.LIST).putInt(texts.size());
        for (final byte[] text : texts) {
            out.putInt(text.length).put(text);
        }
    }

    private void room(final int more) {
        if (out.remaining() < more) {
            final ByteBuffer larger =
                    ByteBuffer.allocateDirect(Math.max(2 * out.capacity(), out.position() + more));
            larger.put(out.flip());
            out = larger;
        }
    }
}

package greenwave.sim.wire;

import greenwave.sim.SumoException;

import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;

/**
 * A TCP connection to a SUMO on this host. Writes whole requests and reads whole messages, allocating
 * nothing once its buffer has grown to the longest; the next connection takes that over. An answer that SUMO has at hand is waited for on the
 * processor for some microseconds, since to sleep and be woken takes longer; any other, and one that is
 * late, asleep: a SUMO that simulates has its processor for itself.
 *
 * <p>{@link UncheckedIOException} says that the peer is gone, {@link SumoException} that it sends what
 * no SUMO does. One thread; an interrupt ends the wait.
 */
final class Connection implements AutoCloseable {
    /** No answer is as long: a list of a million vehicles takes a tenth. */
    static final int LONGEST_MESSAGE = 1 << 28;

    private static final long SPIN_NANOS = 30_000;
    private static final int FIRST_BUFFER = 1 << 16;

    private final SocketChannel channel;
    private final Selector selector;
    private final SelectionKey key;
    private final Reply reply = new Reply();
    private ByteBuffer in;
    private int from; // what has come and was not yet read is in [from, to) of `in`
    private int to;

    /** {@return a buffer for a first connection} */
    static ByteBuffer buffer() {
        return ByteBuffer.allocateDirect(FIRST_BUFFER);
    }

    /** Connects once; what comes is kept in {@code buffer} as long as there is room. */
    Connection(final int port, final ByteBuffer buffer) {
        in = buffer;
        try {
            channel = SocketChannel.open();
            try {
                channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
                channel.connect(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port));
                channel.configureBlocking(false);
                selector = Selector.open();
                key = channel.register(selector, SelectionKey.OP_READ);
            } catch (final IOException e) {
                channel.close();
                throw e;
            }
        } catch (final IOException e) {
            throw new UncheckedIOException("cannot connect to port " + port + ": " + e, e);
        }
    }

    /** Writes what {@code out} has between position and limit. */
    void send(final ByteBuffer out) {
        try {
            while (out.hasRemaining()) {
                if (channel.write(out) == 0) {
                    sleep(SelectionKey.OP_WRITE);
                }
            }
        } catch (final IOException e) {
            throw lost(e);
        }
    }

    /** {@return what may be waited on for more} */
    SelectableChannel channel() {
        return channel;
    }

    /** {@return whether so many whole messages have come} Takes in what is there and never waits. */
    boolean holds(final int messages) {
        try {
            return holdsNow(messages) || fill() && holdsNow(messages);
        } catch (final IOException e) {
            throw lost(e);
        }
    }

    private boolean holdsNow(final int messages) {
        long at = from;
        for (int i = 0; i < messages; i++) {
            if (to - at < Integer.BYTES) {
                return false;
            }
            at += length((int) at);
            if (at > to) {
                return false;
            }
        }
        return true;
    }

    private int length(final int at) {
        final int length = in.getInt(at);
        if (length < Integer.BYTES || length > LONGEST_MESSAGE) {
            throw Reply.malformed("message of bytes", length, "expected [4, 2^28]");
        }
        return length;
    }

    /** {@return the next message, which SUMO has at hand; gone with the next call} */
    Reply receive() {
        return receive(SPIN_NANOS);
    }

    /** {@return the next message, for which SUMO must simulate; gone with the next call} */
    Reply receiveSlow() {
        return receive(0);
    }

    private Reply receive(final long spinNanos) {
        try {
            await(Integer.BYTES, spinNanos);
            final int length = length(from);
            await(length, SPIN_NANOS);
            reply.open(in, from + Integer.BYTES, from + length);
            from += length;
            return reply;
        } catch (final IOException e) {
            throw lost(e);
        }
    }

    private static UncheckedIOException lost(final IOException e) {
        return new UncheckedIOException("connection lost: " + e.getMessage(), e);
    }

    /** Waits until {@code bytes} have come, asleep once none has for {@code spinNanos}. */
    private void await(final int bytes, final long spinNanos) throws IOException {
        if (to - from >= bytes) {
            return;
        }
        long deadline = 0;
        while (to - from < bytes) {
            if (fill()) {
                deadline = 0;
            } else if (deadline == 0 && spinNanos > 0) {
                deadline = System.nanoTime() + spinNanos;
            } else if (deadline != 0 && System.nanoTime() - deadline < 0) {
                Thread.onSpinWait();
            } else {
                sleep(SelectionKey.OP_READ);
            }
        }
    }

    /** {@return whether something has come} */
    private boolean fill() throws IOException {
        makeRoom();
        in.limit(in.capacity()).position(to);
        final int read = channel.read(in);
        to = in.position();
        in.clear();
        if (read < 0) {
            throw new EOFException("SUMO closed it");
        }
        return read > 0;
    }

    /** A message's length is its own claim: the buffer grows with what has come, not with that. */
    private void makeRoom() {
        if (from == to) {
            from = 0;
            to = 0;
        } else if (to == in.capacity()) {
            final ByteBuffer old = in;
            if (from == 0) {
                in = ByteBuffer.allocateDirect(2 * old.capacity());
            }
            in.put(0, old, from, to - from);
            to -= from;
            from = 0;
        }
    }

    private void sleep(final int until) throws IOException {
        if (key.interestOps() != until) {
            key.interestOps(until);
        }
        selector.select(_ -> {});
        if (Thread.currentThread().isInterrupted()) {
            throw new SumoException("sumo: interrupted");
        }
    }

    /** {@return what the next connection may use once this is closed} */
    ByteBuffer grown() {
        return in;
    }

    /** Lets go of the connection at once. */
    @Override
    public void close() {
        try {
            selector.close();
            channel.close();
        } catch (final IOException e) {
            throw new UncheckedIOException("connection: close: " + e.getMessage(), e);
        }
    }
}

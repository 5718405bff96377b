package greenwave.sim.libtraci;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;

/**
 * The way into a network namespace: a program that runs inside and hands on what comes through a Unix
 * socket, which is a file and so belongs to no network. A client sends two bytes, a TCP port of the
 * namespace's loopback device, then talks to whoever listens there. Knows the JDK alone.
 */
final class NetworkRelay {
    /** What it prints when clients may come. */
    static final String READY = "ready";

    private static final int BUFFER_BYTES = 1 << 16;
    private static final int AF_INET =
            2; // of Linux's <sys/socket.h>, <net/if.h>, <linux/sockios.h>
    private static final int SOCK_DGRAM = 2;
    private static final long SIOCSIFFLAGS = 0x8914;
    private static final short IFF_UP_RUNNING = 0x41;
    private static final int IFREQ_BYTES = 40;
    private static final int IFREQ_FLAGS = 16;

    private NetworkRelay() {}

    /** Serves at the socket file {@code arguments[0]} until it is killed. */
    public static void main(final String[] arguments) throws Throwable {
        raiseLoopback();
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(Path.of(arguments[0])));
            System.out.println(READY);
            while (true) {
                final SocketChannel client = server.accept();
                Thread.ofVirtual().start(() -> serve(client));
            }
        }
    }

    private static void serve(final SocketChannel client) {
        try (client;
                SocketChannel target = SocketChannel.open()) {
            final ByteBuffer port = ByteBuffer.allocate(Short.BYTES);
            while (port.hasRemaining() && client.read(port) >= 0) {
                // until both bytes are here
            }
            connect(target, Short.toUnsignedInt(port.getShort(0)));
            join(client, target);
        } catch (final IOException e) {
            System.err.println("relay: " + e.getMessage()); // closing tells the client
        }
    }

    /** Connects to {@code port} of the loopback device. */
    static void connect(final SocketChannel channel, final int port) throws IOException {
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        channel.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    }

    /** Hands on bytes both ways until one side ends; then both are closed. */
    static void join(final ByteChannel one, final ByteChannel other) {
        Thread.ofVirtual().start(() -> pump(one, other));
        pump(other, one);
    }

    private static void pump(final ByteChannel from, final ByteChannel to) {
        try (from;
                to) {
            final ByteBuffer bytes = ByteBuffer.allocateDirect(BUFFER_BYTES);
            while (from.read(bytes) >= 0) {
                bytes.flip();
                while (bytes.hasRemaining()) {
                    to.write(bytes);
                }
                bytes.clear();
            }
        } catch (final IOException e) {
            System.getLogger(NetworkRelay.class.getName())
                    .log(System.Logger.Level.TRACE, "a side has ended", e);
        }
    }

    /** A new namespace's loopback device is down. */
    @SuppressWarnings("restricted") // the greenwave command allows native access
    private static void raiseLoopback() throws Throwable {
        final Linker linker = Linker.nativeLinker();
        try (Arena arena = Arena.ofConfined()) {
            final int socket =
                    (int)
                            linker.downcallHandle(
                                            linker.defaultLookup().findOrThrow("socket"),
                                            FunctionDescriptor.of(
                                                    ValueLayout.JAVA_INT,
                                                    ValueLayout.JAVA_INT,
                                                    ValueLayout.JAVA_INT,
                                                    ValueLayout.JAVA_INT))
                                    .invokeExact(AF_INET, SOCK_DGRAM, 0);
            final MemorySegment request = arena.allocate(IFREQ_BYTES, Long.BYTES);
            request.setString(0, "lo");
            request.set(ValueLayout.JAVA_SHORT, IFREQ_FLAGS, IFF_UP_RUNNING);
            final int status =
                    (int)
                            linker.downcallHandle(
                                            linker.defaultLookup().findOrThrow("ioctl"),
                                            FunctionDescriptor.of(
                                                    ValueLayout.JAVA_INT,
                                                    ValueLayout.JAVA_INT,
                                                    ValueLayout.JAVA_LONG,
                                                    ValueLayout.ADDRESS),
                                            Linker.Option.firstVariadicArg(2))
                                    .invokeExact(socket, SIOCSIFFLAGS, request);
            if (status != 0) {
                throw new IOException("the loopback device cannot be raised");
            }
        }
    }
}

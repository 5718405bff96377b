package greenwave.sim.libtraci;

import greenwave.sim.SumoException;

import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.net.URISyntaxException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A network namespace of our own, with nothing but a loopback device: what listens in it can be
 * reached from nowhere else. util-linux's {@code unshare} makes it, without privileges where the
 * kernel lets users have namespaces, and {@code nsenter} starts SUMO in it; a {@link NetworkRelay}
 * inside keeps it alive and is the way in. A client here connects to a port of 127.0.0.1 that serves
 * this JVM alone, and once.
 */
final class Isolation {
    /** Ways to make a namespace: for those who may anyway, and within a user namespace. */
    private static final List<List<String>> WAYS =
            List.of(List.of("--net"), List.of("--user", "--map-root-user", "--net"));

    private static final int FIRST_PORT = 1024;
    private static final int PORTS = 60_000;

    private final Process relay;
    private final Path socket;
    private final List<String> entry;
    private final AtomicInteger started = new AtomicInteger();

    private Isolation(final Process relay, final Path socket, final List<String> entry) {
        this.relay = relay;
        this.socket = socket;
        this.entry = entry;
    }

    /**
     * Makes a namespace that lives as long as {@code host} and, where {@code setpriv} is at hand, no
     * longer than the calling thread.
     *
     * @throws SumoException if that is refused; nothing is left
     */
    static Isolation open(final SumoHost host) {
        final Path socket = host.folder().resolve("relay");
        final List<String> refusals = new ArrayList<>();
        for (final List<String> way : WAYS) {
            try {
                final Process relay = host.start(new ProcessBuilder(command(way, socket)));
                if (isReady(relay)) {
                    return new Isolation(relay, socket, entry(relay.pid(), way));
                }
                refusals.add(
                        new String(relay.getErrorStream().readAllBytes(), StandardCharsets.UTF_8)
                                .strip());
                relay.waitFor();
            } catch (final IOException e) {
                refusals.add(e.getMessage());
            } catch (final InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new SumoException("isolate: interrupted", e);
            }
        }
        throw new SumoException(
                "isolate: no network namespace can be had here (%s), expected a kernel that lets users have them, and util-linux"
                        .formatted(String.join("; ", refusals).replaceAll("\\s+", " ")));
    }

    private static List<String> command(final List<String> way, final Path socket) {
        final List<String> command = new ArrayList<>(List.of("unshare"));
        command.addAll(way);
        command.add("--");
        command.addAll(SumoInstallation.mortal());
        command.addAll(
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-XX:-UsePerfData",
                        "-Xmx64m",
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        ownClasses(),
                        NetworkRelay.class.getName(),
                        socket.toString()));
        return command;
    }

    private static String ownClasses() {
        try {
            return Path.of(
                            NetworkRelay.class
                                    .getProtectionDomain()
                                    .getCodeSource()
                                    .getLocation()
                                    .toURI())
                    .toString();
        } catch (final URISyntaxException e) {
            throw new IllegalStateException("isolate: the place of our own classes", e);
        }
    }

    private static List<String> entry(final long pid, final List<String> way) {
        final List<String> entry = new ArrayList<>();
        entry.addAll(List.of("nsenter", "--target", Long.toString(pid), "--net"));
        if (way.contains("--user")) {
            entry.addAll(List.of("--user", "--preserve-credentials"));
        }
        entry.add("--");
        return entry;
    }

    private static boolean isReady(final Process relay) throws IOException {
        final InputStream out = relay.getInputStream();
        final byte[] word = out.readNBytes(NetworkRelay.READY.length());
        return new String(word, StandardCharsets.UTF_8).equals(NetworkRelay.READY);
    }

    /** {@return what a command line begins with to run inside} */
    List<String> entry() {
        return entry;
    }

    /** {@return a TCP port of the namespace that has not been used for a long time} */
    int freePort() {
        return FIRST_PORT + Math.floorMod(started.getAndIncrement(), PORTS);
    }

    /**
     * {@return a port of 127.0.0.1 that leads to {@code port} inside} It serves one connection, which
     * must be of this JVM.
     */
    int bridge(final int port) {
        if (!relay.isAlive()) {
            throw SumoException.lost("isolate: the relay has ended", null);
        }
        try {
            final ServerSocketChannel server = ServerSocketChannel.open();
            server.bind(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 1);
            final int local = ((InetSocketAddress) server.getLocalAddress()).getPort();
            Thread.ofVirtual().start(() -> serve(server, local, port));
            return local;
        } catch (final IOException e) {
            throw new SumoException("isolate: no port on 127.0.0.1: " + e, e);
        }
    }

    private void serve(final ServerSocketChannel server, final int local, final int port) {
        try (server;
                SocketChannel client = acceptOurs(server, local);
                SocketChannel inside = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
            server.close();
            client.setOption(StandardSocketOptions.TCP_NODELAY, true);
            final ByteBuffer where = ByteBuffer.allocate(Short.BYTES).putShort(0, (short) port);
            while (where.hasRemaining()) {
                inside.write(where);
            }
            NetworkRelay.join(client, inside);
        } catch (final IOException e) {
            System.getLogger(Isolation.class.getName()).log(Level.DEBUG, "bridge has ended", e);
        }
    }

    private static SocketChannel acceptOurs(final ServerSocketChannel server, final int local)
            throws IOException {
        while (true) {
            final SocketChannel client = server.accept();
            final int peer = ((InetSocketAddress) client.getRemoteAddress()).getPort();
            if (SumoPorts.isOurs(peer, local)) {
                return client;
            }
            client.close();
        }
    }
}

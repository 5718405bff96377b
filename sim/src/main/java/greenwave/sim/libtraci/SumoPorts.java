package greenwave.sim.libtraci;

import greenwave.sim.SumoException;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * TCP ports of this machine and who has them, as the Linux kernel tells. A SUMO is never probed by
 * connecting: its first client would be the only one. The kernel's table is looked at only for a
 * process that has a socket: to read it costs milliseconds.
 */
final class SumoPorts {
    private static final Path PROC = Path.of("/proc");
    private static final List<String> TABLES = List.of("net/tcp", "net/tcp6"); // or no tcp6
    private static final String SOCKET = "socket:["; // as a descriptor's link begins

    private SumoPorts() {}

    /** A line of the kernel's table; ports are local and remote. */
    private record Connection(int local, int remote, String state, String socket) {
        private static final String LISTEN = "0A";
        private static final String ESTABLISHED = "01";
        private static final int LOCAL_ADDRESS = 1; // columns
        private static final int REMOTE_ADDRESS = 2;
        private static final int STATE = 3;
        private static final int INODE = 9;

        static Stream<Connection> of(final String line) {
            final String[] row = line.trim().split(" +");
            return row.length > INODE
                            && (row[STATE].equals(LISTEN) || row[STATE].equals(ESTABLISHED))
                    ? Stream.of(
                            new Connection(
                                    port(row[LOCAL_ADDRESS]),
                                    port(row[REMOTE_ADDRESS]),
                                    row[STATE],
                                    SOCKET + row[INODE] + ']'))
                    : Stream.empty();
        }

        private static int port(final String address) {
            return Integer.parseInt(address.substring(address.lastIndexOf(':') + 1), 16);
        }

        boolean listens() {
            return state.equals(LISTEN);
        }

        boolean leads(final int from, final int to) {
            return state.equals(ESTABLISHED) && local == from && remote == to;
        }
    }

    /** {@return a port that was free a moment ago} */
    static int free() {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        } catch (final IOException e) {
            throw new SumoException("sumo: no free TCP port: " + e, e);
        }
    }

    /**
     * Checks a port that was asked for.
     *
     * @throws SumoException if it is taken
     */
    static void requireFree(final int port) {
        try (ServerSocket socket = new ServerSocket(port)) {
            assert socket.getLocalPort() == port;
        } catch (final IOException e) {
            throw new SumoException("port " + port + " is taken, expected a free TCP port", e);
        }
    }

    /** What a server that takes one client does with its port. */
    enum Service {
        NONE,
        LISTENS,
        HAS_CLIENT
    }

    /**
     * {@return what {@code process} or a descendant does with {@code port}} Another's listener does
     * not count: two programs may have been given the same free port.
     */
    static Service service(final Process process, final int port) {
        final Set<String> theirs = sockets(process);
        if (theirs.isEmpty()) {
            return Service.NONE;
        }
        for (final String table : TABLES) {
            final List<Connection> own =
                    table(process.pid(), table)
                            .filter(row -> row.local == port && theirs.contains(row.socket))
                            .toList();
            if (!own.isEmpty()) {
                return own.stream().anyMatch(Connection::listens)
                        ? Service.LISTENS
                        : Service.HAS_CLIENT;
            }
        }
        return Service.NONE;
    }

    /**
     * {@return whether a connection of this JVM to {@code port} ends at {@code process} or a
     * descendant} SUMO has one client; if another program was faster, this is how to know.
     */
    static boolean isConnected(final Process process, final int port) {
        final Set<String> theirs = sockets(process);
        return tables(process.pid())
                .filter(row -> row.local == port && theirs.contains(row.socket))
                .anyMatch(row -> isOurs(row.remote, port));
    }

    /** {@return whether it is this JVM that is connected from {@code local} to {@code remote}} */
    static boolean isOurs(final int local, final int remote) {
        final long self = ProcessHandle.current().pid();
        final Set<String> ours = sockets(self);
        return tables(self).anyMatch(row -> row.leads(local, remote) && ours.contains(row.socket));
    }

    /** {@return the TCP sockets of the network that {@code pid} is in; none if it has ended} */
    private static Stream<Connection> tables(final long pid) {
        return TABLES.stream().flatMap(table -> table(pid, table));
    }

    private static Stream<Connection> table(final long pid, final String table) {
        return lines(PROC.resolve(Long.toString(pid)).resolve(table)).stream()
                .flatMap(Connection::of);
    }

    private static List<String> lines(final Path table) {
        try {
            return Files.readAllLines(table);
        } catch (final IOException e) {
            if (Files.exists(PROC.resolve("self/net/tcp"))) {
                return List.of();
            }
            throw new SumoException("sumo: cannot read " + table + ", expected Linux", e);
        }
    }

    /** {@return the sockets of {@code process}, or if it has none, those of its descendants} */
    private static Set<String> sockets(final Process process) {
        final Set<String> sockets = sockets(process.pid());
        if (sockets.isEmpty()) { // a script that has started SUMO
            Descendants.of(process).forEach(member -> sockets.addAll(sockets(member.pid())));
        }
        return sockets;
    }

    private static Set<String> sockets(final long pid) {
        final Set<String> sockets = new HashSet<>();
        try (Stream<Path> descriptors = Files.list(PROC.resolve(pid + "/fd"))) {
            descriptors
                    .map(SumoPorts::target)
                    .filter(target -> target.startsWith(SOCKET))
                    .forEach(sockets::add);
        } catch (final IOException | UncheckedIOException e) {
            sockets.clear(); // it has just ended
        }
        return sockets;
    }

    private static String target(final Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString();
        } catch (final IOException e) {
            return ""; // just closed
        }
    }
}

package greenwave.sim.libtraci;

import greenwave.sim.SumoException;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Stream;

/**
 * TCP ports of this machine, as the Linux kernel lists them. A SUMO is never probed by connecting:
 * its first client would be the only one.
 */
final class SumoPorts {
    private static final Path PROC = Path.of("/proc");
    private static final String LISTEN = "0A";
    private static final int LOCAL_ADDRESS = 1; // columns of /proc/net/tcp
    private static final int STATE = 3;
    private static final int INODE = 9;

    private SumoPorts() {}

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

    /**
     * {@return whether {@code process} or a descendant listens on {@code port}} Another's listener
     * does not count: two programs may have been given the same free port.
     */
    static boolean listens(final Process process, final int port) {
        final Set<String> sockets = new HashSet<>();
        addListeners(PROC.resolve("net/tcp"), port, sockets);
        addListeners(PROC.resolve("net/tcp6"), port, sockets);
        return !sockets.isEmpty()
                && Stream.concat(Stream.of(process.toHandle()), process.descendants())
                        .anyMatch(member -> owns(member.pid(), sockets));
    }

    private static void addListeners(final Path table, final int port, final Set<String> sockets) {
        final String suffix = ":%04X".formatted(port);
        try (Stream<String> lines = Files.lines(table)) {
            lines.map(line -> line.trim().split(" +"))
                    .filter(row -> row.length > INODE && row[STATE].equals(LISTEN))
                    .filter(row -> row[LOCAL_ADDRESS].endsWith(suffix))
                    .forEach(row -> sockets.add("socket:[" + row[INODE] + ']'));
        } catch (final IOException e) {
            if (table.endsWith("tcp")) { // a kernel without IPv6 has no tcp6
                throw new SumoException("sumo: cannot read " + table + ", expected Linux", e);
            }
        }
    }

    private static boolean owns(final long pid, final Set<String> sockets) {
        try (Stream<Path> descriptors = Files.list(PROC.resolve(pid + "/fd"))) {
            return descriptors.anyMatch(descriptor -> sockets.contains(target(descriptor)));
        } catch (final IOException e) {
            return false; // it has just ended
        }
    }

    private static String target(final Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString();
        } catch (final IOException e) {
            return ""; // just closed
        }
    }
}

package greenwave.sim.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import greenwave.sim.SumoException;
import greenwave.sim.libtraci.Names;
import greenwave.sim.libtraci.Traci;
import greenwave.sim.libtraci.TraciDomain;
import greenwave.sim.libtraci.TraciPlan;
import greenwave.sim.libtraci.TraciReader;
import greenwave.sim.libtraci.TraciVariable;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.HexFormat;
import java.util.List;

/** What a peer may send that is not, or not quite, SUMO. */
@Timeout(20)
class WireTraciTest {
    private static final String OK = "07 00 00 00000000 ";
    private static final String VERSION = "0d 00 00000014 00000003 585959 "; // API 20, XYY

    /** A peer that answers each message with the next of some bytes, then closes. */
    private static final class Peer implements AutoCloseable {
        private final ServerSocket server;
        private final Thread thread;

        Peer(final String... answers) throws IOException {
            server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
            thread = Thread.ofPlatform().daemon().start(() -> serve(answers));
        }

        int port() {
            return server.getLocalPort();
        }

        private void serve(final String... answers) {
            try (Socket client = server.accept()) {
                final DataInputStream in = new DataInputStream(client.getInputStream());
                final OutputStream out = client.getOutputStream();
                for (final String answer : answers) {
                    in.readNBytes(in.readInt() - Integer.BYTES);
                    out.write(HexFormat.of().parseHex(answer.replace(" ", "")));
                    out.flush();
                }
            } catch (final IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void close() throws IOException {
            server.close();
            try {
                thread.join();
            } catch (final InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** {@return the message that has these bytes, with its length before them} */
    private static String message(final String hex) {
        return HexFormat.of().toHexDigits(4 + hex.replace(" ", "").length() / 2) + hex;
    }

    @Test
    void readsAVersionThatComesInPieces() throws Exception {
        try (Peer peer = new Peer(message(OK + VERSION))) {
            final Traci traci = new WireTraci();
            assertEquals(new Traci.Version(20, "XYY"), traci.connect(peer.port(), "here"));
            traci.abandon();
        }
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "length of the message is negative, 'ffffffff', 'message of bytes=-1'",
        "message is shorter than its length, '00000003', 'message of bytes=3'",
        "message is 2 GiB, '7fffffff', 'message of bytes=2147483647'",
        "status of another command, '0000000b 07 02 00 00000000', 'status of command=2'",
        "block is longer than the message, '0000000b ff 00 00 00000000', 'block of bytes=255'",
        "block ends before it begins, '0000000b 00 00000001 0000', 'block of bytes=1'",
        "block is negative, '0000000b 00 80000001 0000', 'block of bytes=-2147483647'",
        "text is longer than the message, '0000000b 07 00 00 7fffffff', 'text of bytes=2147483647'",
        "text is negative, '0000000b 07 00 00 ffffffff', 'text of bytes=-1'",
        "block has more than it should, '0000000c 08 00 00 00000000 00', 'surplus of bytes=1'",
        "message ends too early, '00000006 07 00', 'block of bytes=7'",
        "command failed, '0000000d 09 00 ff 00000002 4e6f', 'SUMO refused command 0x00, status 255: No'",
    })
    void refusesWhatIsMalformed(final String what, final String answer, final String said)
            throws Exception {
        try (Peer peer = new Peer(answer)) {
            final Traci traci = new WireTraci();
            final SumoException e =
                    assertThrows(SumoException.class, () -> traci.connect(peer.port(), what));
            assertTrue(e.getMessage().contains(said), e.getMessage());
            traci.abandon();
        }
    }

    @Test
    void noticesThatThePeerIsGone() throws Exception {
        try (Peer peer = new Peer("10000000 07 02 00")) { // announces 256 MiB and sends 3 bytes
            final Traci traci = new WireTraci();
            final UncheckedIOException e =
                    assertThrows(
                            UncheckedIOException.class, () -> traci.connect(peer.port(), "here"));
            assertEquals("connection lost: SUMO closed it", e.getMessage());
            traci.abandon();
        }
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "list of two billion, '0e 7fffffff', 'list of texts=2147483647'",
        "list of less than none, '0e ffffffff', 'list of texts=-1'",
        "an integer for a list, '09 00000001', 'type of value=9'",
        "a list that is cut short, '0e 00000001 000000ff 61', 'text of bytes=255'",
    })
    void refusesAnswersThatAreMalformed(final String what, final String value, final String said)
            throws Exception {
        final String content = "b3 12 00000001 61 " + value;
        final int length = 1 + content.replace(" ", "").length() / 2;
        final String answer = message("07 a3 00 00000000 %02x ".formatted(length) + content);
        try (Peer peer = new Peer(message(OK + VERSION), answer)) {
            final Traci traci = new WireTraci();
            traci.connect(peer.port(), what);
            final TraciVariable list = TraciVariable.list(0x12);
            traci.begin(
                    new TraciPlan(
                            List.of(),
                            List.of(new TraciPlan.Watch(TraciDomain.LANE, "a", List.of(list))),
                            List.of(),
                            "",
                            0),
                    new Names());
            final SumoException e =
                    assertThrows(SumoException.class, () -> traci.read(new Nobody()));
            assertTrue(e.getMessage().contains(said), e.getMessage());
            traci.abandon();
        }
    }

    /** Takes in nothing. */
    private static final class Nobody implements TraciReader {
        @Override
        public void integer(final int watch, final int variable, final int value) {}

        @Override
        public void number(final int watch, final int variable, final double value) {}

        @Override
        public void text(final int watch, final int variable, final int name) {}

        @Override
        public void list(final int watch, final int variable, final int[] names, final int size) {}
    }
}

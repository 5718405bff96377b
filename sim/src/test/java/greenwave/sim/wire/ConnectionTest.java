package greenwave.sim.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import greenwave.sim.SumoException;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;

/** What has come is known without waiting for what has not. */
@Timeout(20)
class ConnectionTest {
    /** Longer than the first buffer. */
    private static final int LONG = 200_000;

    private ServerSocket server;
    private Connection connection;
    private Socket peer;

    @BeforeEach
    void connect() throws IOException {
        server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        connection = new Connection(server.getLocalPort(), Connection.buffer());
        peer = server.accept();
    }

    @AfterEach
    void close() throws IOException {
        connection.close();
        peer.close();
        server.close();
    }

    private void send(final byte[] bytes, final int from, final int to) throws IOException {
        peer.getOutputStream().write(bytes, from, to - from);
        peer.getOutputStream().flush();
    }

    /** What was sent arrives at some time. */
    private void awaitMessages(final int messages) {
        while (!connection.holds(messages)) {
            Thread.onSpinWait();
        }
    }

    @Test
    void countsWholeMessagesOnly() throws Exception {
        final byte[] both =
                ByteBuffer.allocate(LONG + 5).putInt(LONG).position(LONG).putInt(5).array();
        both[4] = 1;
        both[LONG + 4] = 2;
        send(both, 0, 3);
        assertFalse(connection.holds(1));
        send(both, 3, LONG - 1);
        Thread.sleep(50);
        assertFalse(connection.holds(1));
        send(both, LONG - 1, LONG + 4);
        awaitMessages(1);
        Thread.sleep(50);
        assertFalse(connection.holds(2));
        send(both, LONG + 4, LONG + 5);
        awaitMessages(2);
        assertEquals(1, connection.receive().octet());
        assertTrue(connection.holds(1));
        assertEquals(2, connection.receive().octet());
        assertFalse(connection.holds(1));
    }

    @Test
    void saysThatThePeerIsGone() throws Exception {
        peer.close();
        final UncheckedIOException e =
                assertThrows(UncheckedIOException.class, () -> awaitMessages(1));
        assertEquals("connection lost: SUMO closed it", e.getMessage());
    }

    @Test
    void believesNoLengthThatCannotBe() throws Exception {
        send(new byte[] {-1, -1, -1, -1}, 0, Integer.BYTES);
        final SumoException e = assertThrows(SumoException.class, () -> awaitMessages(1));
        assertTrue(e.getMessage().contains("message of bytes=-1"), e.getMessage());
    }
}

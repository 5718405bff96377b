package greenwave.sim;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** A TraCI server of a version that does not exist: it answers to version and close, no more. */
final class FakeSumo {
    private static final int GET_VERSION = 0x00;
    private static final int CLOSE = 0x7f;

    private FakeSumo() {}

    public static void main(final String[] arguments) throws IOException {
        final List<String> options = List.of(arguments);
        final int port = Integer.parseInt(options.get(options.indexOf("--remote-port") + 1));
        try (ServerSocket server = new ServerSocket(port);
                Socket client = server.accept()) {
            final DataInputStream in = new DataInputStream(client.getInputStream());
            while (true) {
                final byte[] message = in.readNBytes(in.readInt() - Integer.BYTES);
                answer(message[1], new DataOutputStream(client.getOutputStream()));
                if (message[1] == CLOSE) {
                    return;
                }
            }
        }
    }

    private static void answer(final int command, final DataOutputStream client)
            throws IOException {
        final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        final DataOutputStream out = new DataOutputStream(bytes);
        out.write(new byte[] {7, (byte) command, 0});
        out.writeInt(0); // no description
        if (command == GET_VERSION) {
            final byte[] name = "SUMO 9.9.9".getBytes(StandardCharsets.US_ASCII);
            out.write(new byte[] {(byte) (10 + name.length), GET_VERSION});
            out.writeInt(99);
            out.writeInt(name.length);
            out.write(name);
        }
        client.writeInt(Integer.BYTES + bytes.size());
        bytes.writeTo(client);
        client.flush();
    }
}

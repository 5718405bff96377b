package greenwave.sim.wire;

import greenwave.bench.sumo.SumoLine;
import greenwave.sim.Scenario;
import greenwave.sim.Scenarios;
import greenwave.sim.libtraci.Names;
import greenwave.sim.libtraci.TraciReader;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Records anew what {@link RecordedAnswers} decodes. */
public final class AnswerRecorder {
    private static final double SECOND = 600;
    private static final long PATIENCE_MILLIS = 10_000;

    private AnswerRecorder() {}

    /**
     * Plays {@code cross} and writes the recording.
     *
     * @param args the folder of the resource
     */
    public static void main(final String[] args) throws IOException, InterruptedException {
        final int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        try (Scenario cross = Scenarios.open("cross")) {
            final List<String> line = SumoLine.of("sumo", cross.sumo(), List.of());
            line.add("--remote-port=" + port);
            line.add("--seed=1");
            final Process sumo = new ProcessBuilder(line).inheritIO().start();
            try (Socket socket = connect(port)) {
                record(socket, Path.of(args[0]).resolve(RecordedAnswers.FILE));
            } finally {
                sumo.destroy();
            }
        }
    }

    private static Socket connect(final int port) throws IOException, InterruptedException {
        final long begin = System.currentTimeMillis();
        while (true) {
            try {
                return new Socket("127.0.0.1", port);
            } catch (final IOException e) {
                if (System.currentTimeMillis() - begin > PATIENCE_MILLIS) {
                    throw e;
                }
                Thread.sleep(100);
            }
        }
    }

    private static void record(final Socket socket, final Path file) throws IOException {
        final DataInputStream in = new DataInputStream(socket.getInputStream());
        final Names names = new Names();
        final Answers answers = new Answers(RecordedAnswers.plan(), names);
        send(socket, new Template(RecordedAnswers.plan()).step(SECOND));
        receive(in); // the step's status
        final ByteBuffer lanes = receive(in);
        final List<Integer> vehicles = new ArrayList<>();
        final Reply reply = new Reply();
        reply.open(lanes, 0, lanes.limit());
        answers.read(reply, collecting(vehicles));
        final Request request = new Request();
        request.begin();
        for (final int vehicle : vehicles) {
            for (final int variable : answers.vehicleVariables()) {
                request.get(Protocol.GET_VEHICLE, variable, names, vehicle);
            }
        }
        request.end();
        send(socket, request.bytes().flip());
        final ByteBuffer ofVehicles = receive(in);
        try (DataOutputStream out = new DataOutputStream(Files.newOutputStream(file))) {
            out.writeInt(vehicles.size());
            for (final ByteBuffer message : List.of(lanes, ofVehicles)) {
                out.writeInt(message.limit());
                out.write(message.array(), 0, message.limit());
            }
        }
    }

    private static void send(final Socket socket, final ByteBuffer bytes) throws IOException {
        final byte[] copy = new byte[bytes.remaining()];
        bytes.get(copy);
        socket.getOutputStream().write(copy);
    }

    private static ByteBuffer receive(final DataInputStream in) throws IOException {
        return ByteBuffer.wrap(in.readNBytes(in.readInt() - Integer.BYTES));
    }

    private static TraciReader collecting(final List<Integer> vehicles) {
        return new TraciReader() {
            @Override
            public void integer(final int watch, final int variable, final int value) {}

            @Override
            public void number(final int watch, final int variable, final double value) {}

            @Override
            public void text(final int watch, final int variable, final int name) {}

            @Override
            public void list(
                    final int watch, final int variable, final int[] list, final int size) {
                for (int i = 0; i < size; i++) {
                    vehicles.add(list[i]);
                }
            }
        };
    }
}

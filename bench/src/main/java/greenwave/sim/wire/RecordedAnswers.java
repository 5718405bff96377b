package greenwave.sim.wire;

import greenwave.sim.libtraci.Names;
import greenwave.sim.libtraci.TraciDomain;
import greenwave.sim.libtraci.TraciPlan;
import greenwave.sim.libtraci.TraciReader;
import greenwave.sim.libtraci.TraciVariable;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.stream.Stream;

/**
 * What SUMO 1.15 answered at one decision of the scenario {@code cross}, to be decoded again and again: a message with the
 * vehicles of twelve lanes, how many of them halt and how long they are, then one with place, speed, position and length of each
 * vehicle. {@link AnswerRecorder} has recorded it. One thread.
 */
public final class RecordedAnswers implements TraciReader {
    static final String FILE = "cross-600s.traci";

    private final Names names = new Names();
    private final Answers answers = new Answers(plan(), names);
    private final Reply reply = new Reply();
    private final ByteBuffer lanes;
    private final ByteBuffer vehicles;
    private final int count;
    private final double[] values;
    private double sum; // of all that was read

    /** Reads the recording. */
    public RecordedAnswers() {
        try (InputStream resource = RecordedAnswers.class.getResourceAsStream(FILE);
                DataInputStream in = new DataInputStream(resource)) {
            count = in.readInt();
            lanes = message(in);
            vehicles = message(in);
        } catch (final IOException e) {
            throw new IllegalStateException(FILE + ": " + e, e);
        }
        values = new double[count * plan().vehicleWidth()];
    }

    private static ByteBuffer message(final DataInputStream in) throws IOException {
        final byte[] bytes = in.readNBytes(in.readInt());
        return ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
    }

    static TraciPlan plan() {
        final List<TraciVariable> ofLane =
                List.of(
                        TraciVariable.list(0x12),
                        TraciVariable.integer(0x14),
                        TraciVariable.number(0x15));
        final List<TraciVariable> ofVehicle =
                List.of(
                        TraciVariable.number(0x40),
                        TraciVariable.number(0x56),
                        TraciVariable.position(0x42),
                        TraciVariable.number(0x44));
        return new TraciPlan(
                List.of("C"),
                Stream.of("N", "E", "S", "W")
                        .flatMap(
                                edge ->
                                        Stream.of(0, 1, 2)
                                                .map(lane -> "%s_in_%d".formatted(edge, lane)))
                        .map(lane -> new TraciPlan.Watch(TraciDomain.LANE, lane, ofLane))
                        .toList(),
                ofVehicle,
                "C",
                1000);
    }

    /** {@return bytes that one {@link #decode} reads} */
    public int bytes() {
        return lanes.limit() + vehicles.limit();
    }

    /** {@return vehicles in it} */
    public int vehicles() {
        return count;
    }

    /** {@return a number that depends on all that was decoded} Allocates nothing. */
    public double decode() {
        sum = 0;
        reply.open(lanes, 0, lanes.limit());
        answers.read(reply, this);
        reply.open(vehicles, 0, vehicles.limit());
        answers.readVehicles(reply, count, values);
        for (final double value : values) {
            sum += value;
        }
        return sum;
    }

    @Override
    public void integer(final int watch, final int variable, final int value) {
        sum += value;
    }

    @Override
    public void number(final int watch, final int variable, final double value) {
        sum += value;
    }

    @Override
    public void text(final int watch, final int variable, final int name) {
        sum += name;
    }

    @Override
    public void list(final int watch, final int variable, final int[] list, final int size) {
        for (int i = 0; i < size; i++) {
            sum += list[i];
        }
    }
}

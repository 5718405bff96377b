package greenwave.sim.wire;

import greenwave.sim.Transport;
import greenwave.sim.libtraci.Names;
import greenwave.sim.libtraci.Traci;
import greenwave.sim.libtraci.TraciPlan;
import greenwave.sim.libtraci.TraciReader;

import java.nio.ByteBuffer;
import java.nio.channels.SelectableChannel;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * {@link Traci} over a socket. Nothing stays subscribed: SUMO is asked at the end of a step, not in
 * every simulated second. The status of every command is checked. Once buffers have grown, a decision
 * allocates nothing.
 */
public final class WireTraci implements Traci {
    private final Set<Integer> tested;
    private final Request request = new Request();
    private Connection connection;
    private ByteBuffer in = Connection.buffer(); // of all connections in turn
    private Names names;
    private Template template;
    private Answers answers;
    private int set; // phases that the last request set
    private int asked; // vehicles
    private int owed; // messages that answer the last request

    /** A client without a connection that speaks the tested APIs. */
    public WireTraci() {
        this(Protocol.TESTED);
    }

    /** A client without a connection that takes {@code tested} for the tested APIs. */
    public WireTraci(final Set<Integer> tested) {
        this.tested = Set.copyOf(tested);
    }

    @Override
    public Transport transport() {
        return Transport.WIRE;
    }

    @Override
    public boolean speaks(final int api) {
        return tested.contains(api);
    }

    @Override
    public String toString() {
        return "wire " + tested.stream().sorted().toList();
    }

    @Override
    public Version connect(final int port, final String label) {
        connection = new Connection(port, in);
        request.clear();
        askVersion();
        connection.send(request.bytes().flip());
        return readVersion(connection.receive());
    }

    private void askVersion() {
        request.begin();
        request.command(Protocol.VERSION, 0);
        request.end();
    }

    private static Version readVersion(final Reply reply) {
        reply.status(Protocol.VERSION);
        final int stop = reply.block();
        reply.type(Protocol.VERSION);
        final Version version = new Version(reply.integer(), reply.string());
        reply.endBlock(stop);
        reply.end();
        return version;
    }

    @Override
    public void begin(final TraciPlan plan, final Names newNames) {
        if (template != null && template.isOf(plan) && names == newNames) {
            template.clear();
            return;
        }
        names = newNames;
        template = new Template(plan);
        answers = new Answers(plan, newNames);
    }

    @Override
    public void setPhase(final int signal, final int phase) {
        template.set(signal, phase);
    }

    @Override
    public void sendStep(final double time) {
        set = template.pending();
        owed = (set > 0 ? 1 : 0) + 1 + (answers.expected() ? 1 : 0);
        connection.send(template.step(time));
    }

    @Override
    public boolean arrived() {
        return connection.holds(owed);
    }

    @Override
    public Optional<SelectableChannel> channel() {
        return connection == null ? Optional.empty() : Optional.of(connection.channel());
    }

    @Override
    public void receiveStep(final TraciReader reader) {
        awaitStatuses();
        final Reply reply = connection.receiveSlow();
        reply.status(Protocol.STEP);
        final int subscriptions = reply.integer();
        if (subscriptions != 0) {
            throw Reply.malformed("subscriptions", subscriptions, "expected 0");
        }
        reply.end();
        readAnswers(reader);
    }

    @Override
    public void read(final TraciReader reader) {
        set = template.pending();
        if (set > 0) {
            connection.send(template.phases());
        }
        connection.send(template.questions());
        awaitStatuses();
        readAnswers(reader);
    }

    private void awaitStatuses() {
        if (set > 0) {
            final Reply reply = connection.receive();
            for (int i = 0; i < set; i++) {
                reply.status(Protocol.SET_SIGNAL);
            }
            reply.end();
        }
    }

    private void readAnswers(final TraciReader reader) {
        if (answers.expected()) {
            answers.read(connection.receive(), reader);
        }
    }

    @Override
    public void sendVehicles(final int[] vehicles, final int count, final double now) {
        asked = count;
        owed = 1;
        request.clear();
        request.begin();
        for (int row = 0; row < count; row++) {
            for (final int variable : answers.vehicleVariables()) {
                request.get(Protocol.GET_VEHICLE, variable, names, vehicles[row]);
            }
        }
        request.end();
        connection.send(request.bytes().flip());
    }

    @Override
    public void receiveVehicles(final double[] values) {
        answers.readVehicles(connection.receive(), asked, values);
    }

    /** {@inheritDoc} SUMO says that it will load before it does; a question shows that it has. */
    @Override
    public void load(final List<String> options) {
        request.clear();
        request.begin();
        request.load(options);
        request.end();
        askVersion();
        connection.send(request.bytes().flip());
        final Reply reply = connection.receiveSlow();
        reply.status(Protocol.LOAD);
        reply.end();
        readVersion(connection.receiveSlow());
    }

    @Override
    public void close() {
        request.clear();
        request.begin();
        request.command(Protocol.CLOSE, 0);
        request.end();
        try (Connection last = connection) {
            last.send(request.bytes().flip());
            awaitStatus(Protocol.CLOSE);
        } finally {
            forget();
        }
    }

    private void forget() {
        in = connection.grown();
        connection = null;
    }

    private void awaitStatus(final int command) {
        final Reply reply = connection.receive();
        reply.status(command);
        reply.end();
    }

    @Override
    public void abandon() {
        if (connection != null) {
            connection.close();
            forget();
        }
    }
}

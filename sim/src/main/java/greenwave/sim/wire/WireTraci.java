package greenwave.sim.wire;

import greenwave.sim.Transport;
import greenwave.sim.libtraci.Names;
import greenwave.sim.libtraci.Traci;
import greenwave.sim.libtraci.TraciPlan;
import greenwave.sim.libtraci.TraciReader;
import greenwave.sim.libtraci.TraciVariable;

import java.util.ArrayList;
import java.util.List;
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
    private Names names;
    private Template template;
    private Question[] questions = {};
    private int[] vehicleVariables = {}; // codes
    private boolean[] positions = {}; // by vehicle variable
    private int[] list = new int[64];

    /** One variable of one watch, in the order of the answers. */
    private record Question(int watch, int place, TraciVariable variable, int command) {}

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
        connection = new Connection(port);
        request.clear();
        request.begin();
        request.command(Protocol.VERSION, 0);
        request.end();
        connection.send(request.bytes().flip());
        final Reply reply = connection.receive();
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
        names = newNames;
        template = new Template(plan);
        questions = questions(plan);
        vehicleVariables = plan.vehicleVariables().stream().mapToInt(TraciVariable::code).toArray();
        positions = new boolean[vehicleVariables.length];
        for (int i = 0; i < positions.length; i++) {
            positions[i] = plan.vehicleVariables().get(i).type() == TraciVariable.Type.POSITION;
        }
    }

    private static Question[] questions(final TraciPlan plan) {
        final List<Question> all = new ArrayList<>();
        for (int watch = 0; watch < plan.watches().size(); watch++) {
            final TraciPlan.Watch watched = plan.watches().get(watch);
            for (int place = 0; place < watched.variables().size(); place++) {
                all.add(
                        new Question(
                                watch,
                                place,
                                watched.variables().get(place),
                                Protocol.get(watched.domain())));
            }
        }
        return all.toArray(Question[]::new);
    }

    @Override
    public void setPhase(final int signal, final int phase) {
        template.set(signal, phase);
    }

    @Override
    public void step(final double time, final TraciReader reader) {
        final int set = template.pending();
        connection.send(template.step(time));
        awaitStatuses(set);
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
        final int set = template.pending();
        if (set > 0) {
            connection.send(template.phases());
        }
        connection.send(template.questions());
        awaitStatuses(set);
        readAnswers(reader);
    }

    private void awaitStatuses(final int set) {
        if (set > 0) {
            final Reply reply = connection.receive();
            for (int i = 0; i < set; i++) {
                reply.status(Protocol.SET_SIGNAL);
            }
            reply.end();
        }
    }

    private void readAnswers(final TraciReader reader) {
        if (questions.length == 0) {
            return;
        }
        final Reply reply = connection.receive();
        for (final Question question : questions) {
            reply.status(question.command);
            final int stop =
                    reply.answer(Protocol.answer(question.command), question.variable.code());
            show(reply, question, reader);
            reply.endBlock(stop);
        }
        reply.end();
    }

    private void show(final Reply reply, final Question question, final TraciReader reader) {
        final int watch = question.watch;
        final int place = question.place;
        switch (question.variable.type()) {
            case INTEGER -> {
                reply.type(Protocol.INTEGER);
                reader.integer(watch, place, reply.integer());
            }
            case NUMBER -> {
                reply.type(Protocol.NUMBER);
                reader.number(watch, place, reply.number());
            }
            case TEXT -> {
                reply.type(Protocol.TEXT);
                reader.text(watch, place, reply.name(names));
            }
            case LIST -> {
                reply.type(Protocol.LIST);
                final int size = readList(reply); // may replace the array
                reader.list(watch, place, list, size);
            }
            case POSITION ->
                    throw new IllegalArgumentException("wire: positions are read of vehicles only");
        }
    }

    private int readList(final Reply reply) {
        final int size = reply.listSize();
        if (size > list.length) {
            list = new int[2 * size];
        }
        for (int i = 0; i < size; i++) {
            list[i] = reply.name(names);
        }
        return size;
    }

    @Override
    public void readVehicles(
            final int[] vehicles, final int count, final double now, final double[] values) {
        if (count == 0 || vehicleVariables.length == 0) {
            return;
        }
        request.clear();
        request.begin();
        for (int row = 0; row < count; row++) {
            for (final int variable : vehicleVariables) {
                request.get(Protocol.GET_VEHICLE, variable, names, vehicles[row]);
            }
        }
        request.end();
        connection.send(request.bytes().flip());
        final Reply reply = connection.receive();
        int place = 0;
        for (int row = 0; row < count; row++) {
            for (int i = 0; i < vehicleVariables.length; i++) {
                reply.status(Protocol.GET_VEHICLE);
                final int stop =
                        reply.answer(Protocol.answer(Protocol.GET_VEHICLE), vehicleVariables[i]);
                reply.type(positions[i] ? Protocol.POSITION : Protocol.NUMBER);
                values[place++] = reply.number();
                if (positions[i]) {
                    values[place++] = reply.number();
                }
                reply.endBlock(stop);
            }
        }
        reply.end();
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
            connection = null;
        }
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
            connection = null;
        }
    }
}

package greenwave.sim.wire;

import greenwave.sim.libtraci.Names;
import greenwave.sim.libtraci.TraciPlan;
import greenwave.sim.libtraci.TraciReader;
import greenwave.sim.libtraci.TraciVariable;

import java.util.ArrayList;
import java.util.List;

/** What the answers to the questions of a plan mean. Once its buffer has grown, it allocates nothing. One thread. */
final class Answers {
    private final Names names;
    private final Question[] questions;
    private final int[] vehicleVariables; // codes
    private final boolean[] positions; // by vehicle variable
    private int[] list = new int[64];

    /** One variable of one watch, in the order of the answers. */
    private record Question(int watch, int place, TraciVariable variable, int command) {}

    Answers(final TraciPlan plan, final Names names) {
        this.names = names;
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

    /** {@return whether anything is watched} */
    boolean expected() {
        return questions.length > 0;
    }

    /** {@return the codes of what is asked of every vehicle} */
    int[] vehicleVariables() {
        return vehicleVariables;
    }

    /** Reads the message with what is watched. */
    void read(final Reply reply, final TraciReader reader) {
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

    /** Reads the message with the variables of {@code count} vehicles. */
    void readVehicles(final Reply reply, final int count, final double[] values) {
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
}

package greenwave.sim.wire;

import static greenwave.sim.wire.Protocol.SET_SIGNAL;
import static greenwave.sim.wire.Protocol.SIGNAL_PHASE;
import static greenwave.sim.wire.Protocol.STEP;

import greenwave.sim.libtraci.TraciPlan;
import greenwave.sim.libtraci.TraciVariable;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The bytes of a decision, made once. Three messages in one buffer: the phases to set, the step, and
 * the questions, which are always the same. Messages, since SUMO carries out what follows a step in
 * the same message before that step, and keeps no status of what precedes it there. Only the first
 * differs in length, so it is laid out to end where the second begins. One thread.
 */
final class Template {
    private static final int STEP_BYTES = Integer.BYTES + 2 + Double.BYTES;
    private static final int KEEP = -1;

    private final TraciPlan plan;
    private final ByteBuffer out;
    private final byte[][] sets; // by signal, the command but for its last four bytes
    private final int[] phases; // by signal, to be set
    private final int step; // where its message begins
    private int pending;

    /** The bytes of {@code plan}. */
    Template(final TraciPlan plan) {
        this.plan = plan;
        sets = plan.signals().stream().map(Template::set).toArray(byte[][]::new);
        phases = new int[sets.length];
        Arrays.fill(phases, KEEP);
        step =
                Integer.BYTES
                        + Arrays.stream(sets).mapToInt(set -> set.length + Integer.BYTES).sum();
        final ByteBuffer questions = questions(plan);
        out = ByteBuffer.allocateDirect(step + STEP_BYTES + questions.remaining());
        out.putInt(step, STEP_BYTES)
                .put(step + Integer.BYTES, (byte) (2 + Double.BYTES))
                .put(step + Integer.BYTES + 1, (byte) STEP)
                .put(step + STEP_BYTES, questions, 0, questions.remaining());
    }

    private static byte[] set(final String signal) {
        final byte[] id = signal.getBytes(StandardCharsets.UTF_8);
        final Request request = new Request();
        request.command(SET_SIGNAL, 1 + Integer.BYTES + id.length + 1 + Integer.BYTES);
        final ByteBuffer bytes = request.bytes();
        bytes.put((byte) SIGNAL_PHASE).putInt(id.length).put(id).put((byte) Protocol.INTEGER);
        final byte[] set = new byte[bytes.position()];
        bytes.get(0, set);
        return set;
    }

    private static ByteBuffer questions(final TraciPlan plan) {
        final Request request = new Request();
        if (plan.watches().isEmpty()) {
            return request.bytes().flip();
        }
        request.begin();
        for (final TraciPlan.Watch watch : plan.watches()) {
            for (final TraciVariable variable : watch.variables()) {
                request.get(Protocol.get(watch.domain()), variable.code(), watch.id());
            }
        }
        request.end();
        return request.bytes().flip();
    }

    /** {@return whether this was made of that very plan} */
    boolean isOf(final TraciPlan other) {
        return plan == other;
    }

    /** Forgets phases that were to be set. */
    void clear() {
        Arrays.fill(phases, KEEP);
        pending = 0;
    }

    /** Notes a phase to be set. */
    void set(final int signal, final int phase) {
        pending += phases[signal] == KEEP ? 1 : 0;
        phases[signal] = phase;
    }

    /** {@return how many phases the next request sets} */
    int pending() {
        return pending;
    }

    /** {@return the phases that were noted, a step to {@code time}, and the questions} */
    ByteBuffer step(final double time) {
        out.putDouble(step + Integer.BYTES + 2, time);
        return out.limit(out.capacity()).position(layPhases(step));
    }

    /** {@return the phases that were noted, alone} */
    ByteBuffer phases() {
        final int start = layPhases(step);
        return out.limit(step).position(start);
    }

    /** {@return the questions alone} */
    ByteBuffer questions() {
        return out.limit(out.capacity()).position(step + STEP_BYTES);
    }

    /** {@return where the message begins; {@code end} if there is nothing to set} */
    private int layPhases(final int end) {
        if (pending == 0) {
            return end;
        }
        out.clear();
        int length = Integer.BYTES;
        for (int signal = 0; signal < phases.length; signal++) {
            length += phases[signal] == KEEP ? 0 : sets[signal].length + Integer.BYTES;
        }
        final int start = end - length;
        out.position(start).putInt(length);
        for (int signal = 0; signal < phases.length; signal++) {
            if (phases[signal] != KEEP) {
                out.put(sets[signal]).putInt(phases[signal]);
                phases[signal] = KEEP;
            }
        }
        pending = 0;
        return start;
    }
}

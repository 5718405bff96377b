package greenwave.engine.dqn;

import greenwave.engine.autograd.Plan;
import greenwave.engine.autograd.Trace;
import greenwave.engine.nn.QNet;
import greenwave.engine.tensor.Tensor;
import greenwave.kernels.Buffer;
import greenwave.kernels.DType;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * The greedy policy of a network: the legal action of largest value, the first of equals. It follows the network's
 * weights as they are at each call. One thread at a time; a call allocates nothing.
 */
public final class Policy implements AutoCloseable {
    private static final int[] PLAN_ROWS = {1, 8, 64};

    /** The network traced for one number of rows. */
    private record Rows(int count, Plan plan, Buffer obs, Buffer legal, Buffer action) {
        static Rows of(final QNet net, final int count) {
            final Trace trace = new Trace();
            final Tensor obs = trace.input("obs", DType.F32, count, net.obsSize());
            final Tensor legal = trace.input("legal", DType.U8, count, net.actions());
            final Tensor action = net.forward(obs).argMax(1, legal);
            final Plan plan = Plan.builder(net.engine().backend(), trace).build();
            return new Rows(count, plan, plan.buffer(obs), plan.buffer(legal), plan.buffer(action));
        }
    }

    private final int obsSize;
    private final int actions;
    private final Rows[] plans; // by number of rows, ascending
    private final MemorySegment allLegal; // for as many rows as the largest plan has
    private final MemorySegment chosen;

    private Policy(final QNet net) {
        this.obsSize = net.obsSize();
        this.actions = net.actions();
        this.plans = IntStream.of(PLAN_ROWS).mapToObj(n -> Rows.of(net, n)).toArray(Rows[]::new);
        final int most = PLAN_ROWS[PLAN_ROWS.length - 1];
        this.allLegal = Arena.ofAuto().allocate((long) most * actions).fill((byte) 1);
        this.chosen = Arena.ofAuto().allocate(ValueLayout.JAVA_INT, most);
    }

    /** {@return the greedy policy of {@code net}} */
    public static Policy of(final QNet net) {
        return new Policy(net);
    }

    /** As {@link #act(MemorySegment, MemorySegment, int[])}, every action being legal. */
    public void act(final MemorySegment obs, final int[] out) {
        requireObs(obs, out.length);
        actInParts(obs, null, out);
    }

    /**
     * Chooses an action for each of n observations.
     *
     * @param obs f32 [n, D]
     * @param legal u8 [n, A], 1 where an action is legal, at least one per row
     * @param out filled: n actions, each in [0, A)
     * @throws IllegalArgumentException if the sizes differ from these or a row has no legal action; {@code out} is
     *     unchanged
     */
    public void act(final MemorySegment obs, final MemorySegment legal, final int[] out) {
        requireObs(obs, out.length);
        requireLegal(legal, out.length);
        actInParts(obs, legal, out);
    }

    private void requireObs(final MemorySegment obs, final int n) {
        if (obs.byteSize() != (long) n * obsSize * Float.BYTES) {
            throw new IllegalArgumentException(
                    "act: obs=%d bytes, expected f32 [%d, %d]"
                            .formatted(obs.byteSize(), n, obsSize));
        }
    }

    private void requireLegal(final MemorySegment legal, final int n) {
        if (legal.byteSize() != (long) n * actions) {
            throw new IllegalArgumentException(
                    "act: legal=%d bytes, expected u8 [%d, %d]"
                            .formatted(legal.byteSize(), n, actions));
        }
        for (int row = 0; row < n; row++) {
            if (LegalActions.count(legal, row, actions) == 0) {
                throw new IllegalArgumentException(
                        "act: row=%d has no legal action, expected at least 1".formatted(row));
            }
        }
    }

    private void actInParts(final MemorySegment obs, final MemorySegment legal, final int[] out) {
        int done = 0;
        while (done < out.length) {
            final Rows rows = smallestFor(out.length - done);
            final int n = Math.min(rows.count(), out.length - done);
            rows.obs().upload(0, obs, (long) done * obsSize * Float.BYTES, (long) n * obsSize);
            if (legal == null) {
                rows.legal().upload(0, allLegal, 0, (long) n * actions);
            } else {
                rows.legal().upload(0, legal, (long) done * actions, (long) n * actions);
            }
            rows.plan().run();
            rows.action().download(0, chosen, 0, n);
            MemorySegment.copy(chosen, ValueLayout.JAVA_INT, 0, out, done, n);
            done += n;
        }
    }

    /** The smallest plan that takes all {@code n} rows, or the largest there is; rows beyond n are not read. */
    private Rows smallestFor(final int n) {
        int i = 0;
        while (i < plans.length - 1 && plans[i].count() < n) {
            i++;
        }
        return plans[i];
    }

    /** Frees the plans; the network stays. Later calls do nothing. */
    @Override
    public void close() {
        Arrays.stream(plans).map(Rows::plan).forEach(Plan::close);
    }
}

package greenwave.engine.dqn;

import greenwave.engine.autograd.Plan;
import greenwave.engine.autograd.Trace;
import greenwave.engine.nn.Mode;
import greenwave.engine.nn.Observation;
import greenwave.engine.nn.QNetwork;
import greenwave.engine.tensor.Tensor;
import greenwave.kernels.Buffer;
import greenwave.kernels.DType;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * The greedy policy of a network: the legal action of largest expected return, the first of equals. It follows the network's
 * weights as they are at each call. One thread at a time; a call allocates nothing.
 */
public final class Policy implements AutoCloseable {
    private static final int[] PLAN_ROWS = {1, 8, 64};

    /** The network traced for one number of rows. */
    private static final class Rows {
        private final int count;
        private final Plan plan;
        private final Buffer vector; // null if the network takes none
        private final Buffer image; // likewise
        private final Buffer legal;
        private final Buffer action;
        private boolean allLegal; // is what `legal` holds

        private Rows(
                final int count,
                final Plan plan,
                final Observation seen,
                final Tensor legal,
                final Tensor action) {
            this.count = count;
            this.plan = plan;
            this.vector = seen.vector() == null ? null : plan.buffer(seen.vector());
            this.image = seen.image() == null ? null : plan.buffer(seen.image());
            this.legal = plan.buffer(legal);
            this.action = plan.buffer(action);
        }

        static Rows of(final QNetwork net, final int count, final Mode mode) {
            final Trace trace = new Trace();
            final Observation seen = Observation.inputs(trace, "obs", "image", count, net);
            final Tensor legal = trace.input("legal", DType.U8, count, net.actions());
            final Tensor action = net.forward(seen, mode).argMax(1, legal);
            final Plan plan = Plan.builder(net.engine().backend(), trace).build();
            return new Rows(count, plan, seen, legal, action);
        }
    }

    private final int obsSize;
    private final int imageSize;
    private final int actions;
    private final Rows[] plans; // by number of rows, ascending
    private final MemorySegment allLegal; // for as many rows as the largest plan has
    private final MemorySegment chosen;

    private Policy(final QNetwork net, final Mode mode) {
        this.obsSize = net.obsSize();
        this.imageSize = net.image() == null ? 0 : net.image().size();
        this.actions = net.actions();
        this.plans =
                IntStream.of(PLAN_ROWS).mapToObj(n -> Rows.of(net, n, mode)).toArray(Rows[]::new);
        final int most = PLAN_ROWS[PLAN_ROWS.length - 1];
        this.allLegal = Arena.ofAuto().allocate((long) most * actions).fill((byte) 1);
        this.chosen = Arena.ofAuto().allocate(ValueLayout.JAVA_INT, most);
    }

    /** {@return the greedy policy of {@code net}} */
    public static Policy of(final QNetwork net) {
        return new Policy(net, Mode.EVALUATING);
    }

    /**
     * {@return the same with noise on the weights of {@link greenwave.engine.nn.NoisyLinear} layers: how a noisy network
     * explores (Fortunato et al. 2018). Noise is drawn anew for every call, or every 64 rows of it; a network without such
     * layers is greedy}
     *
     * @param noise gives the noise its seeds
     */
    public static Policy exploring(final QNetwork net, final RandomGenerator noise) {
        return new Policy(net, Mode.exploring(noise));
    }

    /** {@return what it keeps from call to call: the states of its noise} */
    LearnerState state() {
        final LearnerState state = new LearnerState();
        for (final Rows rows : plans) {
            state.add(rows.count + ".", rows.plan);
        }
        return state;
    }

    /** As {@link #act(MemorySegment, MemorySegment, int[])}, every action being legal. */
    public void act(final MemorySegment obs, final int[] out) {
        act(obs, null, null, out);
    }

    /** As {@link #act(MemorySegment, MemorySegment, MemorySegment, int[])}, for a network that sees no image. */
    public void act(final MemorySegment obs, final MemorySegment legal, final int[] out) {
        act(obs, null, legal, out);
    }

    /**
     * Chooses an action for each of n observations.
     *
     * @param obs f32 [n, D]; null or empty if the network takes no vector
     * @param image u8 [n, C, H, W]; null or empty if the network takes none
     * @param legal u8 [n, A], 1 where an action is legal, at least one per row; null if all are
     * @param out receives the actions; its length is n
     * @throws IllegalArgumentException on a wrong length, or a row without a legal action; {@code
     *     out} is unchanged
     */
    public void act(
            final MemorySegment obs,
            final MemorySegment image,
            final MemorySegment legal,
            final int[] out) {
        final int n = out.length;
        if (bytes(obs) != (long) n * obsSize * Float.BYTES) {
            throw new IllegalArgumentException(
                    "act: obs=%d bytes, expected f32 [%d, %d]".formatted(bytes(obs), n, obsSize));
        }
        if (bytes(image) != (long) n * imageSize) {
            throw new IllegalArgumentException(
                    "act: image=%d bytes, expected u8 [%d, %d]"
                            .formatted(bytes(image), n, imageSize));
        }
        if (legal != null) {
            requireLegal(legal, n);
        }
        actInParts(obs, image, legal, out);
    }

    private static long bytes(final MemorySegment segment) {
        return segment == null ? 0 : segment.byteSize();
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

    private void actInParts(
            final MemorySegment obs,
            final MemorySegment image,
            final MemorySegment legal,
            final int[] out) {
        int done = 0;
        while (done < out.length) {
            final Rows rows = smallestFor(out.length - done);
            final int n = Math.min(rows.count, out.length - done);
            if (obsSize > 0) {
                final long numbers = (long) n * obsSize;
                rows.vector.upload(0, obs, (long) done * obsSize * Float.BYTES, numbers);
            }
            if (imageSize > 0) {
                rows.image.upload(0, image, (long) done * imageSize, (long) n * imageSize);
            }
            if (legal != null) {
                rows.legal.upload(0, legal, (long) done * actions, (long) n * actions);
            } else if (!rows.allLegal) { // an upload is not for nothing on a device
                rows.legal.upload(0, allLegal, 0, (long) rows.count * actions);
            }
            rows.allLegal = legal == null;
            rows.plan.run();
            rows.action.download(0, chosen, 0, n);
            MemorySegment.copy(chosen, ValueLayout.JAVA_INT, 0, out, done, n);
            done += n;
        }
    }

    /** The smallest plan that takes all {@code n} rows, or the largest there is; rows beyond n are not read. */
    private Rows smallestFor(final int n) {
        int i = 0;
        while (i < plans.length - 1 && plans[i].count < n) {
            i++;
        }
        return plans[i];
    }

    /** Frees the plans; the network stays. Later calls do nothing. */
    @Override
    public void close() {
        Arrays.stream(plans).map(rows -> rows.plan).forEach(Plan::close);
    }
}

package greenwave.engine.replay;

import greenwave.engine.Engine;
import greenwave.engine.env.AgentGroup;
import greenwave.kernels.BatchBuffers;
import greenwave.kernels.ReplayLayout;
import greenwave.kernels.ResidentReplay;

import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongToDoubleFunction;

/**
 * A replay whose transitions are drawn in proportion to a priority, the error that the network last made on them, and weigh
 * less in the loss the more often they are drawn (Schaul et al. 2016, Prioritized Experience Replay, arXiv:1511.05952,
 * proportional variant). Draws are stratified. With alpha 0 and beta 0 it is a uniform replay.
 */
public final class PrioritizedReplay extends StoredReplay {
    final SumTree tree;
    final Priorities priorities;
    final SmallestPriority smallest; // null if weights are normalised by the batch
    private final LongToDoubleFunction beta; // null if it follows progress
    private final double firstBeta;
    private final double lastBeta;
    private volatile double progress;
    final AtomicLong batches = new AtomicLong(); // drawn
    private final Tickets tickets;
    private final double alpha;
    private final double eps;
    private final Betas betas; // as a device was told

    private PrioritizedReplay(final Builder builder) {
        super(builder, builder.checkedBudget());
        this.tree = new SumTree(capacity);
        this.tickets = new Tickets(arena);
        this.alpha = builder.alpha;
        this.eps = builder.eps;
        this.priorities = new Priorities(alpha, eps, tree.maxPriority());
        this.smallest = builder.global ? new SmallestPriority(tree) : null;
        this.beta = builder.beta;
        this.firstBeta = builder.firstBeta;
        this.lastBeta = builder.lastBeta;
        this.betas = new Betas(beta);
    }

    /** Starts a replay for the transitions of {@code group}'s agents. */
    public static Builder builder(final Engine engine, final AgentGroup group) {
        return new Builder(engine, group);
    }

    @Override
    public int size() {
        return (int) Math.min(capacity, tickets.given());
    }

    @Override
    public boolean prioritized() {
        return true;
    }

    @Override
    public void progress(final double fraction) {
        progress = fraction;
    }

    /** {@return beta of the batch that is being drawn, to be called once for each} */
    double nextBeta() {
        final long drawn = batches.getAndIncrement();
        return beta == null ? betaNow() : beta.applyAsDouble(drawn);
    }

    private double betaNow() {
        return firstBeta + (lastBeta - firstBeta) * progress;
    }

    @Override
    long claim() {
        while (true) {
            final int slot = (int) (tickets.next() % capacity);
            final int generation = tree.begin(slot);
            if (generation
                    >= 0) { // else its writer has been passed by a whole lap: leave it the slot
                return place(slot, generation);
            }
        }
    }

    @Override
    void publish(final long place) {
        tree.publish(slot(place), stamp(place), priorities.largest());
    }

    @Override
    Follower.Ring slots() {
        return new Slots(tree, tickets);
    }

    private record Slots(SumTree tree, Tickets tickets) implements Follower.Ring {
        @Override
        public long given() {
            return tickets.given();
        }

        @Override
        public int stampAt(final int slot) {
            final long leaf = tree.leafAcquire(slot);
            return SumTree.busy(leaf) ? Follower.BUSY : SumTree.generation(leaf);
        }
    }

    @Override
    ReplayLayout.Priorities priorities() {
        return new ReplayLayout.Priorities(alpha, eps, tree.maxPriority(), smallest != null);
    }

    @Override
    void announce(final ResidentReplay resident) {
        betas.tell(resident, batches.getAndIncrement(), betaNow());
    }

    @Override
    void pull(final ResidentCopy copy) {
        copy.pull(tree);
        final ResidentReplay.State state = copy.resident().state();
        priorities.state().set(Double.doubleToRawLongBits(state.largest()));
        if (smallest != null) {
            smallest.value().set(Double.doubleToRawLongBits(state.least()));
            smallest.changes().set(state.changes());
        }
    }

    @Override
    void push(final ResidentCopy copy) {
        copy.push(tree);
        copy.resident()
                .restore(
                        new ResidentReplay.State(
                                priorities.largest(),
                                smallest == null
                                        ? 1
                                        : Double.longBitsToDouble(smallest.value().get()),
                                smallest == null ? 0 : smallest.changes().get(),
                                batches.get()));
        betas.restart();
    }

    @Override
    void describe(final SnapshotLayout snapshot) {
        snapshot.setting("alpha", Double.doubleToLongBits(alpha));
        snapshot.setting("eps", Double.doubleToLongBits(eps));
        snapshot.number(tickets::given, tickets::restore);
        snapshot.number(batches::get, batches::set);
        snapshot.number(priorities.state()::get, priorities.state()::set);
        if (smallest != null) {
            snapshot.number(smallest.value()::get, smallest.value()::set);
            snapshot.number(smallest.changes()::get, smallest.changes()::set);
        }
        snapshot.tree(tree);
    }

    @Override
    public BatchSampler sampler(final BatchBuffers batch) {
        requireOpen("sampler");
        return copy() == null
                ? new PrioritizedSampler(this, batch)
                : new ResidentSampler(this, copy(), batch);
    }

    @Override
    public void close() {
        super.close();
        tree.close();
    }

    /** Collects the settings. */
    public static final class Builder extends ReplayBuilder<Builder> {
        private double alpha = 0.6; // the paper's, as are those of beta
        private double eps = 1e-6; // OpenAI Baselines'
        private LongToDoubleFunction beta = annealed(0.4, 1, 100_000);
        private double firstBeta;
        private double lastBeta;
        private boolean global;

        private Builder(final Engine engine, final AgentGroup group) {
            super("PrioritizedReplay", engine, group);
        }

        /** Sets how far errors decide: 0 is uniform, 1 proportional; 0.6 if never called. */
        public Builder alpha(final double alpha) {
            require(alpha >= 0 && alpha <= 1, "alpha", alpha, "in [0, 1]");
            this.alpha = alpha;
            return this;
        }

        /** Sets what is added to an error, 1e-6 if never called, so that none is 0; positive. */
        public Builder eps(final double eps) {
            require(eps > 0 && Double.isFinite(eps), "eps", eps, "> 0");
            this.eps = eps;
            return this;
        }

        /**
         * Sets how far weights make up for uneven draws, from 0, not at all, to 1, wholly: from {@code first} in a straight line
         * to {@code last} over {@code batches} drawn; 0.4, 1 and 100,000 if never called.
         */
        public Builder beta(final double first, final double last, final long batches) {
            require(first >= 0 && first <= 1, "beta first", first, "in [0, 1]");
            require(last >= 0 && last <= 1, "beta last", last, "in [0, 1]");
            require(batches >= 1, "beta batches", batches, ">= 1");
            return beta(annealed(first, last, batches));
        }

        /** As above, in a straight line over the whole of training, as {@link Replay#progress} tells of it; Schaul's way. */
        public Builder beta(final double first, final double last) {
            beta(first, last, 1); // checks both
            this.firstBeta = first;
            this.lastBeta = last;
            return beta(null);
        }

        /** Lets beta, in [0, 1], follow any other course by batches drawn, such as {@code schedule::at}. */
        public Builder beta(final LongToDoubleFunction beta) {
            this.beta = beta;
            return this;
        }

        /** Normalises weights by the largest in the replay, in place of the largest in the batch. */
        public Builder weightsByGlobalMax() {
            this.global = true;
            return this;
        }

        private static LongToDoubleFunction annealed(
                final double first, final double last, final long batches) {
            return drawn -> first + (last - first) * Math.min(1, drawn / (double) batches);
        }

        @Override
        Builder self() {
            return this;
        }

        @Override
        long slotBytes() {
            return SumTree.bytes(capacity) + Tickets.BYTES;
        }

        /**
         * {@return an empty replay}
         *
         * @throws IllegalArgumentException if its memory exceeds the limit; nothing is allocated
         */
        public PrioritizedReplay build() {
            return new PrioritizedReplay(this);
        }
    }
}

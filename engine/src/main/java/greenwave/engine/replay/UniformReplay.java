package greenwave.engine.replay;

import greenwave.engine.Engine;
import greenwave.engine.env.AgentGroup;
import greenwave.kernels.BatchBuffers;
import greenwave.kernels.ReplayLayout;
import greenwave.kernels.ResidentReplay;

import java.util.random.RandomGenerator;

/** A replay whose transitions are all as likely as each other at every draw, with replacement. */
public final class UniformReplay extends StoredReplay {
    private final NumberedRing ring;

    private UniformReplay(final Builder builder) {
        super(builder, builder.checkedBudget());
        this.ring = new NumberedRing(capacity, arena);
    }

    /** Starts a replay for the transitions of {@code group}'s agents. */
    public static Builder builder(final Engine engine, final AgentGroup group) {
        return new Builder(engine, group);
    }

    @Override
    public int size() {
        return ring.used();
    }

    @Override
    public boolean prioritized() {
        return false;
    }

    @Override
    long claim() {
        final int number = ring.claim();
        return place(ring.index(number), number);
    }

    @Override
    void publish(final long place) {
        ring.publish(stamp(place));
    }

    @Override
    Follower.Ring slots() {
        return ring;
    }

    @Override
    ReplayLayout.Priorities priorities() {
        return null;
    }

    @Override
    void announce(final ResidentReplay resident) {}

    @Override
    void pull(final ResidentCopy copy) {}

    @Override
    void push(final ResidentCopy copy) {}

    @Override
    void describe(final SnapshotLayout snapshot) {
        snapshot.ring(ring);
    }

    @Override
    public BatchSampler sampler(final BatchBuffers batch) {
        requireOpen("sampler");
        return copy() == null ? new Sampler(this, batch) : new ResidentSampler(this, copy(), batch);
    }

    private static final class Sampler extends GatheringSampler {
        private final NumberedRing ring;
        private final int[] number; // by row, that its slot was drawn with

        Sampler(final UniformReplay replay, final BatchBuffers batch) {
            super(replay, batch);
            this.ring = replay.ring;
            this.number = new int[batch.size()];
        }

        @Override
        void draw(final RandomGenerator random, final int size) {
            for (int row = 0; row < number.length; row++) {
                slot[row] = random.nextInt(size);
            }
            for (int row = 0; row < number.length; row++) { // so that cache misses overlap
                number[row] = ring.numberAt(slot[row]);
            }
        }

        @Override
        void draw(final RandomGenerator random, final int size, final int row) {
            slot[row] = random.nextInt(size);
            number[row] = ring.numberAt(slot[row]);
        }

        @Override
        boolean stillHolds(final int row) {
            return number[row] != NumberedRing.NONE && ring.stillHolds(number[row]);
        }

        @Override
        float weight(final int row) {
            return 1;
        }
    }

    /** Collects the settings. */
    public static final class Builder extends ReplayBuilder<Builder> {
        private Builder(final Engine engine, final AgentGroup group) {
            super("UniformReplay", engine, group);
        }

        @Override
        Builder self() {
            return this;
        }

        @Override
        long slotBytes() {
            return NumberedRing.bytes(capacity);
        }

        /**
         * {@return an empty replay}
         *
         * @throws IllegalArgumentException if its memory exceeds the limit; nothing is allocated
         */
        public UniformReplay build() {
            return new UniformReplay(this);
        }
    }
}

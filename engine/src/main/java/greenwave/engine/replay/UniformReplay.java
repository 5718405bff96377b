package greenwave.engine.replay;

import greenwave.engine.Engine;
import greenwave.engine.env.AgentGroup;
import greenwave.kernels.Backend;
import greenwave.kernels.Buffer;
import greenwave.kernels.DType;
import greenwave.kernels.Kernels;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Objects;
import java.util.random.RandomGenerator;

/**
 * A ring of transitions in the backend's memory, one column per quantity. Every held transition is as likely as any
 * other at every draw, with replacement. A transition takes {@code 8 D + A + 12} bytes.
 */
public final class UniformReplay implements Replay {
    private final Backend backend;
    private final Kernels kernels;
    private final int capacity;
    private final int obsSize;
    private final int actions;
    private final Buffer obs;
    private final Buffer action;
    private final Buffer reward;
    private final Buffer discount;
    private final Buffer nextObs;
    private final Buffer nextLegal;
    private final MemorySegment scalar; // on its way to the backend
    private int next; // slot of the next transition
    private int size;
    private MemorySegment drawn; // slots of a batch; made anew when the batch size changes
    private Buffer index; // the same on the backend

    private UniformReplay(final Builder builder) {
        this.backend = builder.engine.backend();
        this.kernels = backend.kernels();
        this.capacity = builder.capacity;
        this.obsSize = builder.group.obsSize();
        this.actions = builder.group.actions();
        this.obs = backend.allocate(DType.F32, (long) capacity * obsSize);
        this.action = backend.allocate(DType.I32, capacity);
        this.reward = backend.allocate(DType.F32, capacity);
        this.discount = backend.allocate(DType.F32, capacity);
        this.nextObs = backend.allocate(DType.F32, (long) capacity * obsSize);
        this.nextLegal = backend.allocate(DType.U8, (long) capacity * actions);
        this.scalar = Arena.ofAuto().allocate(ValueLayout.JAVA_INT);
        prepareIndex(1);
    }

    /** Starts a replay for the transitions of {@code group}'s agents. */
    public static Builder builder(final Engine engine, final AgentGroup group) {
        return new Builder(engine, group);
    }

    @Override
    public int capacity() {
        return capacity;
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public void add(
            final int row,
            final MemorySegment obs,
            final int action,
            final float reward,
            final float discount,
            final MemorySegment nextObs,
            final MemorySegment nextLegal) {
        if (action < 0 || action >= actions) {
            throw new IllegalArgumentException(
                    "replay.add: action=%d, expected [0, %d)".formatted(action, actions));
        }
        if (!Float.isFinite(reward) || !(discount >= 0 && discount <= 1)) {
            throw new IllegalArgumentException(
                    "replay.add: reward=%s, discount=%s, expected finite and [0, 1]"
                            .formatted(reward, discount));
        }
        final long obsBytes = (long) obsSize * Float.BYTES;
        Objects.checkFromIndexSize(row * obsBytes, obsBytes, obs.byteSize());
        Objects.checkFromIndexSize(row * obsBytes, obsBytes, nextObs.byteSize());
        Objects.checkFromIndexSize((long) row * actions, actions, nextLegal.byteSize());
        final long slot = next;
        this.obs.upload(slot * obsSize, obs, row * obsBytes, obsSize);
        this.nextObs.upload(slot * obsSize, nextObs, row * obsBytes, obsSize);
        this.nextLegal.upload(slot * actions, nextLegal, (long) row * actions, actions);
        scalar.set(ValueLayout.JAVA_INT, 0, action);
        this.action.upload(slot, scalar, 0, 1);
        scalar.set(ValueLayout.JAVA_FLOAT, 0, reward);
        this.reward.upload(slot, scalar, 0, 1);
        scalar.set(ValueLayout.JAVA_FLOAT, 0, discount);
        this.discount.upload(slot, scalar, 0, 1);
        next = next + 1 == capacity ? 0 : next + 1;
        size = Math.min(size + 1, capacity);
    }

    @Override
    public void sample(final BatchBuffers batch, final RandomGenerator random) {
        final int n = batch.size();
        if (n > size) {
            throw new IllegalStateException(
                    "replay.sample: batch=%d, size=%d, expected size >= batch".formatted(n, size));
        }
        if (index.length() != n) {
            index.close();
            prepareIndex(n);
        }
        for (int i = 0; i < n; i++) {
            drawn.setAtIndex(ValueLayout.JAVA_INT, i, random.nextInt(size));
        }
        index.upload(0, drawn, 0, n);
        kernels.gatherRows(obs, index, batch.obs(), n, obsSize);
        kernels.gatherRows(action, index, batch.action(), n, 1);
        kernels.gatherRows(reward, index, batch.reward(), n, 1);
        kernels.gatherRows(discount, index, batch.discount(), n, 1);
        kernels.gatherRows(nextObs, index, batch.nextObs(), n, obsSize);
        kernels.gatherRows(nextLegal, index, batch.nextLegal(), n, actions);
    }

    private void prepareIndex(final int batch) {
        drawn = Arena.ofAuto().allocate(ValueLayout.JAVA_INT, batch);
        index = backend.allocate(DType.I32, batch);
    }

    @Override
    public void close() {
        obs.close();
        action.close();
        reward.close();
        discount.close();
        nextObs.close();
        nextLegal.close();
        index.close();
    }

    /** Collects the settings. */
    public static final class Builder {
        private final Engine engine;
        private final AgentGroup group;
        private int capacity = 10_000; // the PyTorch DQN tutorial's ReplayMemory

        private Builder(final Engine engine, final AgentGroup group) {
            this.engine = engine;
            this.group = group;
        }

        /** Sets how many transitions are kept, 10,000 if never called; positive. */
        public Builder capacity(final int capacity) {
            if (capacity < 1) {
                throw new IllegalArgumentException(
                        "UniformReplay: capacity=%d, expected >= 1".formatted(capacity));
            }
            this.capacity = capacity;
            return this;
        }

        /** {@return an empty replay} */
        public UniformReplay build() {
            return new UniformReplay(this);
        }
    }
}

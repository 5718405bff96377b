package greenwave.engine.replay;

import greenwave.engine.Engine;
import greenwave.engine.env.AgentGroup;
import greenwave.kernels.ReplayLayout;
import greenwave.kernels.ResidentReplay;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A ring of transitions off heap: what {@link UniformReplay} and {@link PrioritizedReplay} share. They differ in how a slot
 * is claimed and chosen.
 *
 * <p>Observations are a ring of their own, a little longer than that of transitions. Where episodes are so short that their
 * last observations fill the spare places, the oldest transitions lose theirs before they are overwritten; they still count
 * in {@link #size} but are not drawn any more.
 */
public abstract sealed class StoredReplay implements Replay, Engine.Resource
        permits UniformReplay, PrioritizedReplay {
    final Arena arena = Arena.ofShared(); // an access after close() throws, it cannot crash
    final AgentGroup group;
    final int capacity;
    final Observations observations;
    final Facts facts;
    final AtomicInteger episodes = new AtomicInteger();
    private final Engine engine;
    private final MemoryBudget budget;
    private final int steps;
    private final float gamma;
    private volatile boolean closed;
    private ResidentCopy copy; // null where the host draws, and until the first sampler

    StoredReplay(final ReplayBuilder<?> builder, final MemoryBudget budget) {
        this.engine = builder.engine;
        this.group = builder.group;
        this.capacity = builder.capacity;
        this.steps = builder.steps;
        this.gamma = builder.gamma;
        this.budget = budget;
        this.observations = new Observations(group, budget.observations(), arena);
        this.facts = new Facts(capacity, group.actions(), arena);
        engine.own(this);
    }

    /** Begins to overwrite a slot that nobody else writes: {@link #place} of the slot and its stamp. */
    abstract long claim();

    /** Ends that: the slot may be drawn. */
    abstract void publish(long place);

    /** {@return what tells which slots have been written} */
    abstract Follower.Ring slots();

    /** {@return how a copy on a device draws; null if all transitions alike} */
    abstract ReplayLayout.Priorities priorities();

    /** Tells {@code resident} what the next draw depends on, once for each. */
    abstract void announce(ResidentReplay resident);

    /** Takes from {@code copy} what draws depend on, that a snapshot has it; waits. */
    abstract void pull(ResidentCopy copy);

    /** Gives {@code copy}, which has the transitions, what draws depend on. */
    abstract void push(ResidentCopy copy);

    /** Adds to {@code snapshot} what transitions are chosen by. */
    abstract void describe(SnapshotLayout snapshot);

    static long place(final int slot, final int stamp) {
        return (long) slot << Integer.SIZE | stamp;
    }

    static int slot(final long place) {
        return (int) (place >> Integer.SIZE);
    }

    static int stamp(final long place) {
        return (int) place;
    }

    /** {@return the copy that is drawn from, where the backend has memory of its own; else null} */
    final ResidentCopy copy() {
        if (copy == null) {
            final ReplayLayout layout = ResidentCopy.layout(this, priorities());
            copy =
                    engine.backend()
                            .openReplay(layout)
                            .map(resident -> new ResidentCopy(this, resident))
                            .orElse(null);
        }
        return copy;
    }

    /**
     * {@return how many transitions are held}
     *
     * @throws IllegalStateException if they are less than a batch of {@code rows}
     */
    final int requireEnough(final int rows) {
        final int size = size();
        if (rows > size) {
            throw new IllegalStateException(
                    "replay.sample: batch=%d, size=%d, expected size >= batch"
                            .formatted(rows, size));
        }
        return size;
    }

    @Override
    public final int capacity() {
        return capacity;
    }

    @Override
    public final int steps() {
        return steps;
    }

    @Override
    public final float gamma() {
        return gamma;
    }

    /** {@return what it takes off the heap} */
    public final MemoryBudget budget() {
        return budget;
    }

    @Override
    public final long bytes() {
        return budget.total();
    }

    @Override
    public final int beginEpisode() {
        return episodes.getAndIncrement();
    }

    @Override
    public final int observe(final int row, final MemorySegment obs, final MemorySegment image) {
        requireOpen("observe");
        return observations.append(row, obs, image);
    }

    @Override
    public final void add(
            final int observed,
            final int action,
            final float reward,
            final float discount,
            final int next,
            final int row,
            final MemorySegment nextLegal,
            final int episode) {
        requireOpen("add");
        final int actions = group.actions();
        if (action < 0 || action >= actions) {
            throw new IllegalArgumentException(
                    "replay.add: action=%d, expected [0, %d)".formatted(action, actions));
        }
        if (!Float.isFinite(reward) || !(discount >= 0 && discount <= 1)) {
            throw new IllegalArgumentException(
                    "replay.add: reward=%s, discount=%s, expected finite and [0, 1]"
                            .formatted(reward, discount));
        }
        if (observed < 0 || next < 0) {
            throw new IllegalArgumentException(
                    "replay.add: observed=%d, next=%d, expected numbers that observe has returned"
                            .formatted(observed, next));
        }
        Objects.checkFromIndexSize((long) row * actions, actions, nextLegal.byteSize());
        final long place = claim();
        final int slot = slot(place);
        facts.write(slot, observed, action, reward, discount, next, episode);
        facts.writeLegal(slot, nextLegal, row);
        publish(place);
    }

    /**
     * Writes everything that is held, and what the next draws depend on, so that {@link #load} resumes exactly.
     *
     * @throws IOException if the file cannot be written; a file that was there is unchanged
     * @throws IllegalStateException if another thread is writing to this replay, or after {@link #close}
     */
    public final void save(final Path file) throws IOException {
        requireOpen("save");
        if (copy != null) {
            pull(copy);
        }
        Snapshot.save(file, layout());
    }

    /**
     * Reads what {@link #save} has written; batches drawn before can no longer be updated. No other thread uses the replay
     * meanwhile.
     *
     * @throws IOException if the file cannot be read, is damaged or no such file; nothing has changed
     * @throws IllegalArgumentException if it belongs to a replay of other settings; nothing has changed
     */
    public final void load(final Path file) throws IOException {
        requireOpen("load");
        Snapshot.load(file, layout());
        if (copy != null) {
            copy.restart();
            push(copy);
        }
    }

    private SnapshotLayout layout() {
        final SnapshotLayout layout = new SnapshotLayout(this);
        describe(layout);
        return layout;
    }

    final void requireOpen(final String operation) {
        if (closed) {
            throw new IllegalStateException("replay.%s: closed".formatted(operation));
        }
    }

    /** Frees the memory; later calls do nothing. No other thread uses the replay any more. */
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            engine.disown(this);
            if (copy != null) {
                copy.close();
            }
            arena.close();
        }
    }
}

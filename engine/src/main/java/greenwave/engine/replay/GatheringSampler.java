package greenwave.engine.replay;

import greenwave.kernels.BatchBuffers;
import greenwave.kernels.Buffer;

import java.lang.foreign.ValueLayout;
import java.util.random.RandomGenerator;

/**
 * Copies drawn transitions into a batch, and draws again those that were overwritten meanwhile: of the slot first, which says
 * whether the facts are whole, then of both observations.
 *
 * <p>Rows lie all over the memory. Before each pass over the batch its cache lines are touched: a short loop whose misses
 * overlap, where copying would wait for one row after another.
 */
abstract class GatheringSampler implements BatchSampler {
    private static final int MAX_DRAWS = 10_000; // of one row
    private static final int LOST = NumberedRing.NONE;

    /** By row, where it was drawn; negative if nothing was. */
    final int[] slot;

    private final StoredReplay replay;
    private final Observations observations;
    private final NumberedRing ring; // of the observations
    private final Facts facts;
    private final BatchColumns columns;
    private final int[] observed; // by row; LOST if the facts were not whole
    private final int[] next;
    private final int[] episode;
    private int touched; // nobody reads it: it keeps the compiler from dropping the loads

    GatheringSampler(final StoredReplay replay, final BatchBuffers batch) {
        this.replay = replay;
        this.observations = replay.observations;
        this.ring = observations.ring();
        this.facts = replay.facts;
        this.columns = new BatchColumns(batch, replay.group, replay.prioritized());
        this.slot = new int[batch.size()];
        this.observed = new int[batch.size()];
        this.next = new int[batch.size()];
        this.episode = new int[batch.size()];
    }

    /** Draws a slot for every row. */
    abstract void draw(RandomGenerator random, int size);

    /** Draws one for {@code row}. */
    abstract void draw(RandomGenerator random, int size, int row);

    /** {@return whether the slot of {@code row} holds what was drawn; if so, what was read of it is whole} */
    abstract boolean stillHolds(int row);

    /** Told of a transition whose observations are gone. */
    void lost(final int row) {}

    /** {@return what {@code row} counts in the loss; called once all are drawn, row by row} */
    abstract float weight(int row);

    /** Called before the first {@link #weight} of a batch. */
    void drawn() {}

    @Override
    public final void sample(final RandomGenerator random) {
        replay.requireOpen("sample");
        final int n = slot.length;
        final int size = replay.requireEnough(n);
        draw(random, size);
        touched = facts.touch(slot);
        for (int row = 0; row < n; row++) {
            copyFacts(row);
        }
        touchObservations();
        for (int row = 0; row < n; row++) {
            copyObservations(row);
        }
        for (int row = 0; row < n; row++) {
            for (int draws = 1; !whole(row); draws++) {
                drawAgain(random, size, row, draws);
            }
        }
        drawn();
        if (columns.weight != null) {
            for (int row = 0; row < n; row++) {
                columns.weight.memory.setAtIndex(ValueLayout.JAVA_FLOAT, row, weight(row));
            }
        }
        columns.flush();
    }

    private void touchObservations() {
        touched =
                ring.touch(observed)
                        + ring.touch(next)
                        + observations.touch(observed)
                        + observations.touch(next);
    }

    private void drawAgain(
            final RandomGenerator random, final int size, final int row, final int draws) {
        if (draws == MAX_DRAWS) {
            throw new IllegalStateException(
                    "replay.sample: row=%d, draws=%d, size=%d, expected a whole transition among them"
                            .formatted(row, draws, size));
        }
        draw(random, size, row);
        copyFacts(row);
        copyObservations(row);
    }

    private void copyFacts(final int row) {
        final int from = slot[row];
        observed[row] = LOST;
        if (from < 0) {
            return;
        }
        final int before = facts.observed(from);
        next[row] = facts.next(from);
        episode[row] = facts.episode(from);
        columns.action.memory.setAtIndex(ValueLayout.JAVA_INT, row, facts.action(from));
        columns.reward.memory.setAtIndex(ValueLayout.JAVA_FLOAT, row, facts.reward(from));
        columns.discount.memory.setAtIndex(ValueLayout.JAVA_FLOAT, row, facts.discount(from));
        facts.copyLegal(from, columns.nextLegal.memory, row);
        if (stillHolds(row)) {
            observed[row] = before;
        }
    }

    private void copyObservations(final int row) {
        if (observed[row] == LOST) {
            return;
        }
        if (columns.obs != null) {
            observations.copyVector(observed[row], columns.obs.memory, row);
            observations.copyVector(next[row], columns.nextObs.memory, row);
        }
        if (columns.image != null) {
            observations.copyImage(observed[row], columns.image.memory, row);
            observations.copyImage(next[row], columns.nextImage.memory, row);
        }
    }

    private boolean whole(final int row) {
        if (observed[row] == LOST) {
            return false;
        }
        if (ring.stillHolds(observed[row]) && ring.stillHolds(next[row])) {
            return true;
        }
        lost(row);
        return false;
    }

    @Override
    public void update(final Buffer errors) {}

    @Override
    public final int episode(final int row) {
        return episode[row];
    }
}

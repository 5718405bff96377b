package greenwave.engine.replay;

import greenwave.kernels.ReplayLayout;
import greenwave.kernels.ReplayStaging;
import greenwave.kernels.ResidentReplay;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Keeps a replay's copy in a backend's own memory like the replay, into which any thread may write meanwhile. Priorities are
 * the copy's own. Of one thread, that which draws.
 */
final class ResidentCopy implements AutoCloseable {
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT;

    private final StoredReplay replay;
    private final Observations observations;
    private final Facts facts;
    private final ResidentReplay resident;
    private final Follower slots;
    private final Follower places;
    private final Follower.Copier copySlot = this::copySlot;
    private final Follower.Copier copyPlace = this::copyPlace;
    private ReplayStaging staging; // null if none is being filled
    private int stagedTransitions;
    private int stagedObservations;
    private int size; // slots in use, as the copy knows

    ResidentCopy(final StoredReplay replay, final ResidentReplay resident) {
        this.replay = replay;
        this.observations = replay.observations;
        this.facts = replay.facts;
        this.resident = resident;
        this.slots = new Follower(replay.slots(), replay.capacity);
        this.places = new Follower(observations.ring(), observations.ring().length());
    }

    /** {@return what a copy of {@code replay} is to hold} */
    static ReplayLayout layout(
            final StoredReplay replay, final ReplayLayout.Priorities priorities) {
        return new ReplayLayout(
                replay.capacity,
                replay.observations.ring().length(),
                replay.group.obsSize(),
                replay.group.imageSize(),
                replay.group.actions(),
                priorities);
    }

    ResidentReplay resident() {
        return resident;
    }

    /**
     * Copies what has been written since the last call. Transitions come first: what they name was written before them, and so
     * is found afterwards.
     */
    void catchUp() {
        slots.follow(copySlot);
        places.follow(copyPlace);
        if (staging != null) {
            append();
        }
    }

    private boolean copySlot(final int slot, final int stamp) {
        if (staging == null || stagedTransitions == staging.transitions()) {
            stage();
        }
        final int row = stagedTransitions;
        staging.slot().setAtIndex(INT, row, slot);
        staging.stamp().setAtIndex(INT, row, stamp);
        staging.observed().setAtIndex(INT, row, facts.observed(slot));
        staging.next().setAtIndex(INT, row, facts.next(slot));
        staging.action().setAtIndex(INT, row, facts.action(slot));
        staging.reward().setAtIndex(FLOAT, row, facts.reward(slot));
        staging.discount().setAtIndex(FLOAT, row, facts.discount(slot));
        facts.copyLegal(slot, staging.legal(), row);
        if (!slots.holds(slot, stamp)) {
            return false;
        }
        stagedTransitions++;
        return true;
    }

    private boolean copyPlace(final int place, final int number) {
        if (staging == null || stagedObservations == staging.observations()) {
            stage();
        }
        final int row = stagedObservations;
        staging.number().setAtIndex(INT, row, number);
        observations.copyVector(number, staging.vector(), row);
        observations.copyImage(number, staging.image(), row);
        if (!places.holds(place, number)) {
            return false;
        }
        stagedObservations++;
        return true;
    }

    private void stage() {
        if (staging != null) {
            append();
        }
        staging = resident.stage();
    }

    private void append() {
        size = replay.size();
        resident.append(stagedObservations, stagedTransitions, size);
        stagedObservations = 0;
        stagedTransitions = 0;
        staging = null;
    }

    /** Lets the tree have the copy's priorities, those of transitions that it has not seen included; waits. */
    void pull(final SumTree tree) {
        catchUp();
        final MemorySegment units = MemorySegment.ofArray(new long[replay.capacity]);
        resident.priorities(units);
        for (int slot = 0; slot < replay.capacity; slot++) {
            tree.set(slot, units.getAtIndex(ValueLayout.JAVA_LONG, slot) / ReplayLayout.UNITS);
        }
    }

    /** Starts anew, with what the replay holds. */
    void restart() {
        resident.clear();
        slots.restart();
        places.restart();
        catchUp();
    }

    /** Lets the copy have the tree's priorities; waits. */
    void push(final SumTree tree) {
        final MemorySegment units = MemorySegment.ofArray(new long[replay.capacity]);
        for (int slot = 0; slot < replay.capacity; slot++) {
            final long leaf = tree.leafAcquire(slot);
            units.setAtIndex(ValueLayout.JAVA_LONG, slot, LeafWord.weight(leaf));
        }
        resident.setPriorities(units);
    }

    @Override
    public void close() {
        resident.close();
    }
}

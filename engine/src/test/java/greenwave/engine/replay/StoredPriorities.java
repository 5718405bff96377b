package greenwave.engine.replay;

/** Reads the priorities of a replay, wherever they are. */
public final class StoredPriorities {
    private StoredPriorities() {}

    /** {@return the priority of each slot; empty if there are none} */
    public static double[] of(final Replay replay) {
        if (!(replay instanceof final PrioritizedReplay prioritized)) {
            return new double[0];
        }
        if (prioritized.copy() != null) {
            prioritized.pull(prioritized.copy());
        }
        final double[] priorities = new double[prioritized.capacity];
        for (int slot = 0; slot < priorities.length; slot++) {
            priorities[slot] = SumTree.weight(prioritized.tree.leafAcquire(slot));
        }
        return priorities;
    }
}

package greenwave.engine.replay;

import static org.junit.jupiter.api.Assertions.assertEquals;

/** What must hold of a {@link SumTree} whenever no write is in flight. */
final class SumTreeChecks {
    private SumTreeChecks() {}

    /** Every inner cell is exactly the sum of its children, and no leaf is busy. */
    static void assertSumsExact(final SumTree tree) {
        for (int slot = 0; slot < tree.capacity(); slot++) {
            if (SumTree.busy(tree.leafAcquire(slot))) {
                throw new AssertionError("slot " + slot + " is busy");
            }
        }
        assertEquals(0, tree.wrongSums(), "cells that are not the sum of their children");
    }
}

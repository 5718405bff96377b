package greenwave.engine.replay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.SplittableRandom;
import java.util.function.Consumer;

/** What the slots of a {@link SumTree} do, one thread at a time. */
class SumTreeTest {
    /** A tree whose slot i has priority i + 1, after one overwrite each. */
    private static void withTree(final int capacity, final Consumer<SumTree> body) {
        try (SumTree tree = new SumTree(capacity)) {
            for (int slot = 0; slot < capacity; slot++) {
                tree.publish(slot, tree.begin(slot), slot + 1);
            }
            body.accept(tree);
            SumTreeChecks.assertSumsExact(tree);
        }
    }

    private static void assertRefused(
            final Class<? extends Exception> kind, final String message, final Executable call) {
        assertEquals(message, assertThrows(kind, call).getMessage());
    }

    private static void assertBad(final String message, final Executable call) {
        assertRefused(IllegalArgumentException.class, message, call);
    }

    private static void assertOutOfOrder(final String message, final Executable call) {
        assertRefused(IllegalStateException.class, message, call);
    }

    @Test
    void anEmptyTreeHasNothingToDraw() {
        try (SumTree tree = new SumTree(100)) {
            final int[] slots = {5, 5};
            final long[] leaves = {5, 5};
            assertEquals(0, tree.sampler(2).sample(new SplittableRandom(1), 2, slots, leaves));
            assertEquals(SumTree.NONE, slots[0]);
            assertEquals(SumTree.NONE, slots[1]);
            assertEquals(0, tree.total());
            assertEquals(0, tree.minPriority());
        }
    }

    @Test
    void anOverwriteTakesEffectWhenItIsPublished() {
        withTree(
                2,
                tree -> {
                    final long before = tree.leafAcquire(0);
                    assertEquals(1, SumTree.generation(before));
                    assertTrue(tree.stillHolds(0, before));
                    final int generation = tree.begin(0);
                    assertEquals(2, generation);
                    assertTrue(SumTree.busy(tree.leafAcquire(0)));
                    assertFalse(tree.stillHolds(0, before));
                    assertFalse(tree.stillHolds(0, tree.leafAcquire(0)));
                    tree.publish(0, generation, 0.5);
                    final long after = tree.leafAcquire(0);
                    assertFalse(SumTree.busy(after));
                    assertEquals(2, SumTree.generation(after));
                    assertEquals(0.5, SumTree.weight(after));
                    assertFalse(tree.stillHolds(0, before));
                    assertTrue(tree.stillHolds(0, after));
                    assertEquals(2.5, tree.total());
                    assertEquals(0.5, tree.minPriority());
                });
    }

    @Test
    void aSecondWriterIsSentElsewhere() {
        withTree(
                3,
                tree -> {
                    final int generation = tree.begin(1);
                    assertEquals(-1, tree.begin(1));
                    tree.publish(1, generation, 7);
                    assertEquals(3, tree.begin(1));
                    tree.abort(1, 3);
                    assertEquals(4, tree.total());
                });
    }

    @Test
    void aSlotBeingOverwrittenIsNotDrawnUpdatedOrSet() {
        withTree(
                2,
                tree -> {
                    final int generation = tree.begin(1);
                    final int[] slots = new int[64];
                    final int drawn =
                            tree.sampler(64)
                                    .sample(new SplittableRandom(3), 64, slots, new long[64]);
                    int firsts = 0;
                    for (final int slot : slots) {
                        assertTrue(slot == 0 || slot == SumTree.NONE, "slot " + slot);
                        firsts += slot == 0 ? 1 : 0;
                    }
                    assertEquals(drawn, firsts);
                    assertTrue(drawn > 56, "drawn " + drawn); // each fails with (2/3)^16
                    assertFalse(tree.update(1, generation, 3));
                    assertFalse(tree.update(1, generation - 1, 3));
                    assertOutOfOrder(
                            "SumTree.set: slot=1, expected one that is not being overwritten",
                            () -> tree.set(1, 3));
                    assertEquals(1, tree.minPriority());
                    tree.publish(1, generation, 4);
                    assertEquals(5, tree.total());
                });
    }

    @Test
    void anAbortedSlotIsEmpty() {
        withTree(
                2,
                tree -> {
                    tree.abort(1, tree.begin(1));
                    assertEquals(1, tree.total());
                    assertEquals(0, SumTree.weight(tree.leafAcquire(1)));
                });
    }

    @Test
    void anUpdateOfAnOverwrittenSlotDoesNothing() {
        withTree(
                2,
                tree -> {
                    final int old = SumTree.generation(tree.leafAcquire(1));
                    assertTrue(tree.update(1, old, 9));
                    assertEquals(10, tree.total());
                    tree.publish(1, tree.begin(1), 3);
                    assertFalse(tree.update(1, old, 100));
                    assertEquals(4, tree.total());
                });
    }

    @Test
    void generationsWrapAfterTwoToThe23Overwrites() {
        withTree(
                1,
                tree -> {
                    final int all = 1 << 23;
                    for (int i = 2; i < all - 1; i++) {
                        tree.publish(0, tree.begin(0), 1);
                    }
                    assertEquals(all - 1, tree.begin(0));
                    tree.publish(0, all - 1, 2);
                    assertEquals(0, tree.begin(0));
                    assertEquals(-1, tree.begin(0));
                    tree.publish(0, 0, 3);
                    assertFalse(tree.update(0, all - 1, 5));
                    assertTrue(tree.update(0, 0, 4));
                    assertEquals(4, tree.total());
                });
    }

    @ParameterizedTest(name = "priority {0}")
    @CsvSource({
        "0, 0",
        "1e-300, 0.00000095367431640625",
        "0.00000095367431640625, 0.00000095367431640625",
        "0.1, 0.10000038146972656",
        "1048575.9999990463, 1048575.9999990463"
    })
    void aPriorityIsRoundedToAUnitButNeverToZero(final double priority, final double held) {
        try (SumTree tree = new SumTree(40)) {
            tree.set(33, priority);
            assertEquals(held, SumTree.weight(tree.leafAcquire(33)));
            assertEquals(held, tree.total());
            assertEquals(held, tree.minPriority());
        }
    }

    @ParameterizedTest(name = "priority {0}")
    @ValueSource(doubles = {Double.NaN, -1, -1e-300, 1048576, Double.POSITIVE_INFINITY})
    void aPriorityOutOfRangeChangesNothing(final double priority) {
        withTree(
                3,
                tree -> {
                    final String wrong =
                            "slot=2, priority=%s, expected [0, 1048575.9999990463]"
                                    .formatted(priority);
                    assertBad("SumTree.set: " + wrong, () -> tree.set(2, priority));
                    assertBad("SumTree.update: " + wrong, () -> tree.update(2, 1, priority));
                    final int generation = tree.begin(2);
                    assertBad(
                            "SumTree.publish: " + wrong,
                            () -> tree.publish(2, generation, priority));
                    tree.publish(2, generation, 3);
                    assertEquals(6, tree.total());
                });
    }

    @ParameterizedTest(name = "slot {0}")
    @ValueSource(ints = {-1, 3, 16, Integer.MIN_VALUE, Integer.MAX_VALUE})
    void aSlotOutOfRangeChangesNothing(final int slot) {
        withTree(
                3,
                tree -> {
                    final String wrong = ": slot=" + slot + ", expected [0, 3)";
                    assertBad("SumTree.begin" + wrong, () -> tree.begin(slot));
                    assertBad("SumTree.publish" + wrong, () -> tree.publish(slot, 2, 1));
                    assertBad("SumTree.abort" + wrong, () -> tree.abort(slot, 2));
                    assertBad("SumTree.update" + wrong, () -> tree.update(slot, 1, 1));
                    assertBad("SumTree.set" + wrong, () -> tree.set(slot, 1));
                    assertBad("SumTree.leafAcquire" + wrong, () -> tree.leafAcquire(slot));
                    assertBad("SumTree.stillHolds" + wrong, () -> tree.stillHolds(slot, 0));
                    assertEquals(6, tree.total());
                });
    }

    @Test
    void anOverwriteIsEndedOnceAndByItsOwnGeneration() {
        withTree(
                3,
                tree -> {
                    final String wrong =
                            "slot=2, generation=%d, expected an overwrite begun with that generation";
                    assertOutOfOrder(
                            "SumTree.publish: " + wrong.formatted(1), () -> tree.publish(2, 1, 5));
                    final int generation = tree.begin(2);
                    assertOutOfOrder(
                            "SumTree.abort: " + wrong.formatted(generation + 1),
                            () -> tree.abort(2, generation + 1));
                    tree.publish(2, generation, 4);
                    assertOutOfOrder(
                            "SumTree.publish: " + wrong.formatted(generation),
                            () -> tree.publish(2, generation, 5));
                    assertEquals(7, tree.total());
                });
    }

    @Test
    void aBatchThatDoesNotFitIsRefused() {
        withTree(
                3,
                tree -> {
                    assertBad("SumTree.sampler: maxBatch=0, expected >= 1", () -> tree.sampler(0));
                    final SumTree.Sampler sampler = tree.sampler(4);
                    final SplittableRandom random = new SplittableRandom(1);
                    assertBad(
                            "SumTree.sample: n=5, expected [0, 4]: maxBatch=4, slots=9, leaves=8",
                            () -> sampler.sample(random, 5, new int[9], new long[8]));
                    assertBad(
                            "SumTree.sample: n=-1, expected [0, 2]: maxBatch=4, slots=3, leaves=2",
                            () -> sampler.sample(random, -1, new int[3], new long[2]));
                    assertEquals(0, sampler.sample(random, 0, new int[0], new long[0]));
                });
    }

    @ParameterizedTest(name = "capacity {0}")
    @ValueSource(ints = {0, -1, Integer.MIN_VALUE})
    void aCapacityBelowOneIsRefused(final int capacity) {
        final String message = "SumTree: capacity=" + capacity + ", expected >= 1";
        assertBad(message, () -> new SumTree(capacity));
        assertBad(message, () -> SumTree.bytes(capacity));
    }

    @Test
    void aClosedTreeRefusesEverythingButAnotherClose() {
        final SumTree tree = new SumTree(3);
        final SumTree.Sampler sampler = tree.sampler(1);
        tree.close();
        tree.close();
        final SplittableRandom random = new SplittableRandom(1);
        assertOutOfOrder("SumTree.begin: closed", () -> tree.begin(0));
        assertOutOfOrder("SumTree.publish: closed", () -> tree.publish(0, 1, 1));
        assertOutOfOrder("SumTree.abort: closed", () -> tree.abort(0, 1));
        assertOutOfOrder("SumTree.update: closed", () -> tree.update(0, 0, 1));
        assertOutOfOrder("SumTree.set: closed", () -> tree.set(0, 1));
        assertOutOfOrder("SumTree.leafAcquire: closed", () -> tree.leafAcquire(0));
        assertOutOfOrder("SumTree.stillHolds: closed", () -> tree.stillHolds(0, 0));
        assertOutOfOrder("SumTree.total: closed", tree::total);
        assertOutOfOrder("SumTree.minPriority: closed", tree::minPriority);
        assertOutOfOrder(
                "SumTree.sample: closed", () -> sampler.sample(random, 1, new int[1], new long[1]));
    }

    @ParameterizedTest(name = "capacity {0}")
    @CsvSource({
        "1, 1048575.9999990463, 128",
        "16, 1048575.9999990463, 128",
        "17, 1048575.9999990463, 256",
        "256, 1048575.9999990463, 2048",
        "257, 1048575.9999990463, 2432",
        "1048576, 1048575.9999990463, 8947712",
        "4194304, 1048575.9999990463, 35791360",
        "4194305, 524287.99999904633, 35792000",
        "8388608, 524287.99999904633, 71582720",
        "2147483647, 2047.9999990463257, 18325193728"
    })
    void theCapacityDecidesTheLargestPriorityAndTheMemory(
            final int capacity, final double maxPriority, final long bytes) {
        assertEquals(bytes, SumTree.bytes(capacity));
        if (capacity <= SumTree.MAX_CAPACITY_FULL << 1) {
            try (SumTree tree = new SumTree(capacity)) {
                assertEquals(capacity, tree.capacity());
                assertEquals(maxPriority, tree.maxPriority());
                tree.set(capacity - 1, maxPriority);
                assertEquals(maxPriority, tree.total());
            }
        }
    }
}

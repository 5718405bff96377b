package greenwave.engine.replay;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.lang.management.ManagementFactory;
import java.util.SplittableRandom;
import java.util.function.IntToDoubleFunction;
import java.util.random.RandomGenerator;

/** What holds of a {@link SumTree} whatever is done to it: exact sums, and draws in proportion. */
class SumTreePropertyTest {
    private static final int BATCH = 128;

    private static double weight(final SumTree tree, final int slot) {
        return SumTree.weight(tree.leafAcquire(slot));
    }

    private static void fill(final SumTree tree, final IntToDoubleFunction priority) {
        for (int slot = 0; slot < tree.capacity(); slot++) {
            tree.set(slot, priority.applyAsDouble(slot));
        }
    }

    /** Hits by slot of {@code draws} draws, {@code batch} at a time. */
    private static long[] hits(
            final SumTree tree, final RandomGenerator random, final int batch, final int draws) {
        final SumTree.Sampler sampler = tree.sampler(batch);
        final int[] slots = new int[batch];
        final long[] leaves = new long[batch];
        final long[] hits = new long[tree.capacity()];
        for (int drawn = 0; drawn < draws; drawn += batch) {
            assertEquals(batch, sampler.sample(random, batch, slots, leaves));
            for (int i = 0; i < batch; i++) {
                hits[slots[i]]++;
                assertTrue(SumTree.weight(leaves[i]) > 0);
                assertTrue(tree.stillHolds(slots[i], leaves[i]));
            }
        }
        return hits;
    }

    /** Pearson's chi-square of the hits, slots expected fewer than 25 times taken together, in standard deviations. */
    private static double chiSquare(final SumTree tree, final long[] hits) {
        long draws = 0;
        for (final long hit : hits) {
            draws += hit;
        }
        double chiSquare = 0;
        double rareExpected = 0;
        long rareHits = 0;
        int cells = 0;
        for (int slot = 0; slot < hits.length; slot++) {
            final double expected = draws * weight(tree, slot) / tree.total();
            if (expected < 25) {
                rareExpected += expected;
                rareHits += hits[slot];
            } else {
                chiSquare += (hits[slot] - expected) * (hits[slot] - expected) / expected;
                cells++;
            }
        }
        if (rareExpected >= 25) {
            chiSquare += (rareHits - rareExpected) * (rareHits - rareExpected) / rareExpected;
            cells++;
        }
        assertTrue(cells > 1, "nothing to compare");
        final double freedom = cells - 1;
        return (chiSquare - freedom) / Math.sqrt(2 * freedom);
    }

    /** One draw at a time the hits are multinomial, so both too far and too close would be wrong. */
    private static void assertInProportion(final SumTree tree, final RandomGenerator random) {
        final double single = chiSquare(tree, hits(tree, random, 1, 2_000_000));
        assertTrue(Math.abs(single) < 5, "one by one: " + single + " sigma");
        final double strata = chiSquare(tree, hits(tree, random, BATCH, 2_000_000));
        assertTrue(strata < 5, "in strata, which lowers the variance: " + strata + " sigma");
    }

    @ParameterizedTest(name = "capacity {0}, seed {1}")
    @CsvSource({"2, 1", "31, 2", "32, 3", "33, 4", "1000, 5", "1025, 6", "4097, 7"})
    void equalPrioritiesAreDrawnEquallyOften(final int capacity, final long seed) {
        try (SumTree tree = new SumTree(capacity)) {
            fill(tree, slot -> 0.1);
            assertInProportion(tree, new SplittableRandom(seed));
        }
    }

    @ParameterizedTest(name = "capacity {0}, seed {1}")
    @CsvSource({"17, 1", "1000, 2", "4097, 3"})
    void prioritiesOfManyMagnitudesAreDrawnInProportion(final int capacity, final long seed) {
        final SplittableRandom random = new SplittableRandom(seed);
        try (SumTree tree = new SumTree(capacity)) {
            fill(tree, slot -> Math.pow(10, 6 * random.nextDouble() - 3));
            assertInProportion(tree, random);
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 0xBEEF})
    void aMillionToOneIsDrawnAMillionTimesAsOften(final long seed) {
        try (SumTree tree = new SumTree(1025)) {
            fill(tree, slot -> slot == 513 ? 1e6 : 1);
            final long[] hits = hits(tree, new SplittableRandom(seed), BATCH, 8_000_000);
            long others = 0;
            for (int slot = 0; slot < hits.length; slot++) {
                others += slot == 513 ? 0 : hits[slot];
            }
            final double expected = 8e6 * 1024 / (1e6 + 1024);
            assertEquals(expected, others, 6 * Math.sqrt(expected));
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2})
    void afterTenMillionUpdatesNothingHasDrifted(final long seed) {
        final SplittableRandom random = new SplittableRandom(seed);
        try (SumTree tree = new SumTree(3001)) {
            for (int i = 0; i < 10_000_000; i++) {
                final double magnitude = Math.pow(10, random.nextInt(8) - 4);
                final double priority =
                        random.nextInt(8) == 0 ? 0 : random.nextDouble() * magnitude;
                tree.set(random.nextInt(3001), priority);
            }
            SumTreeChecks.assertSumsExact(tree);
            double sum = 0; // exact: whole units of 2^-20, below 2^53 of them
            for (int slot = 0; slot < 3001; slot++) {
                sum += weight(tree, slot);
            }
            assertEquals(sum, tree.total());
            assertInProportion(tree, random);
            fill(tree, slot -> 0);
            assertEquals(0, tree.total());
        }
    }

    @ParameterizedTest(name = "capacity {0}")
    @ValueSource(
            ints = {1, 2, 15, 16, 17, 31, 32, 33, 255, 256, 257, 1000, 1025, 4096, 32769, 65537})
    void atAnyCapacityOnlyWrittenSlotsOfPositivePriorityAreDrawn(final int capacity) {
        final SplittableRandom random = new SplittableRandom(capacity);
        try (SumTree tree = new SumTree(capacity)) {
            final int written = 1 + capacity / 2; // the rest stays unwritten
            for (int slot = 0; slot < written; slot++) {
                final double priority = slot % 3 == 1 ? 0 : 1e-6 + random.nextDouble();
                tree.publish(slot, tree.begin(slot), priority);
            }
            final long[] hits = hits(tree, random, BATCH, 200_000);
            for (int slot = 0; slot < capacity; slot++) {
                assertTrue(
                        hits[slot] == 0 || slot < written && slot % 3 != 1,
                        "slot " + slot + " was drawn");
            }
            tree.set(capacity - 1, 1e6);
            assertNotEquals(0, hits(tree, random, BATCH, 1_000)[capacity - 1]);
            SumTreeChecks.assertSumsExact(tree);
        }
    }

    @Test
    void theSmallestUnitsAreDrawnInStrataToo() {
        try (SumTree tree = new SumTree(3)) {
            tree.set(0, 1e-9);
            tree.set(2, 1e-9); // two units in all, and 128 strata
            final long[] hits = hits(tree, new SplittableRandom(1), BATCH, 1280);
            assertEquals(640, hits[0]);
            assertEquals(640, hits[2]);
        }
    }

    @Test
    void theLargestPrioritiesDoNotOverflow() {
        try (SumTree tree = new SumTree(SumTree.MAX_CAPACITY_FULL)) {
            fill(tree, slot -> tree.maxPriority());
            assertEquals(tree.maxPriority() * SumTree.MAX_CAPACITY_FULL, tree.total());
            final long[] hits = hits(tree, new SplittableRandom(1), BATCH, 1 << 20);
            long lower = 0;
            for (int slot = 0; slot < hits.length / 2; slot++) {
                lower += hits[slot];
            }
            assertEquals(1 << 19, lower, 6 * Math.sqrt(1 << 18));
            SumTreeChecks.assertSumsExact(tree);
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2})
    void aSeedFixesTheDraws(final long seed) {
        try (SumTree tree = new SumTree(1000)) {
            fill(tree, slot -> slot);
            final int[][] slots = new int[2][BATCH];
            for (final int[] drawn : slots) {
                final SplittableRandom random = new SplittableRandom(seed);
                tree.sampler(BATCH).sample(random, BATCH, drawn, new long[BATCH]);
            }
            assertArrayEquals(slots[0], slots[1]);
        }
    }

    @Test
    void drawingOverwritingAndUpdatingAllocateNothing() {
        final var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        try (SumTree tree = new SumTree(1000)) {
            fill(tree, slot -> 1);
            final SumTree.Sampler sampler = tree.sampler(BATCH);
            final SplittableRandom random = new SplittableRandom(1);
            final int[] slots = new int[BATCH];
            final long[] leaves = new long[BATCH];
            long before = 0;
            for (int round = 0; round < 22_000; round++) {
                if (round == 20_000) { // past the compiler: what it inlines, it need not box
                    before = threads.getCurrentThreadAllocatedBytes();
                }
                sampler.sample(random, BATCH, slots, leaves);
                for (int i = 0; i < BATCH; i++) {
                    final int generation = SumTree.generation(leaves[i]);
                    tree.update(slots[i], generation, random.nextDouble());
                }
                tree.publish(round % 1000, tree.begin(round % 1000), 1);
            }
            final long bytes = threads.getCurrentThreadAllocatedBytes() - before;
            assertEquals(0, bytes / 2_000, "bytes per round");
        }
    }
}

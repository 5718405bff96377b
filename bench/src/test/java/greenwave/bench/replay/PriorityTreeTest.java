package greenwave.bench.replay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** What every design must do, ours and those that it is measured beside. */
class PriorityTreeTest {
    private static final int BATCH = 128;

    private static long[] hits(
            final PriorityTree tree, final int capacity, final long seed, final int batches) {
        final SplittableRandom random = new SplittableRandom(seed);
        final PriorityTree.Learner learner = tree.learner(BATCH);
        final int[] slots = new int[BATCH];
        final long[] hits = new long[capacity];
        for (int i = 0; i < batches; i++) {
            learner.sample(random, BATCH, slots);
            for (final int slot : slots) {
                hits[slot]++;
            }
        }
        return hits;
    }

    @ParameterizedTest
    @EnumSource
    void anEmptyTreeDrawsNothing(final Design design) {
        try (PriorityTree tree = design.open(33)) {
            final int[] slots = new int[4];
            tree.learner(4).sample(new SplittableRandom(1), 4, slots);
            assertTrue(Arrays.stream(slots).allMatch(slot -> slot == PriorityTree.NONE));
            assertEquals(0, tree.total());
        }
    }

    @ParameterizedTest
    @EnumSource
    void drawsAreInProportion(final Design design) {
        final int capacity = 1000;
        try (PriorityTree tree = design.open(capacity)) {
            IntStream.range(0, capacity).forEach(slot -> tree.insert(slot, slot % 8));
            assertEquals(3500, tree.total());
            final long[] hits = hits(tree, capacity, 7, 20_000);
            for (int slot = 0; slot < capacity; slot++) {
                final double expected = 20_000.0 * BATCH * (slot % 8) / 3500;
                assertEquals(expected, hits[slot], 6 * Math.sqrt(expected), "slot " + slot);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void anUpdateTakesEffectAndRepeatsDoNotAddUp(final Design design) {
        try (PriorityTree tree = design.open(5)) {
            IntStream.range(0, 5).forEach(slot -> tree.insert(slot, 1));
            final PriorityTree.Learner learner = tree.learner(BATCH);
            final int[] slots = new int[BATCH];
            learner.sample(new SplittableRandom(3), BATCH, slots);
            final double[] priorities = new double[BATCH];
            for (int i = 0; i < BATCH; i++) {
                priorities[i] = slots[i] == 2 ? 16 : 0;
            }
            learner.update(BATCH, slots, priorities);
            assertEquals(16, tree.total());
            assertEquals(20L * BATCH, hits(tree, 5, 4, 20)[2]);
            tree.set(4, 8);
            assertEquals(24, tree.total());
        }
    }

    @ParameterizedTest
    @EnumSource
    void threadsLoseNoUpdate(final Design design) throws InterruptedException {
        final int capacity = 64;
        try (PriorityTree tree = design.open(capacity)) {
            final Thread[] threads = new Thread[3];
            for (int t = 0; t < threads.length; t++) {
                final SplittableRandom random = new SplittableRandom(t);
                threads[t] =
                        new Thread(
                                () -> {
                                    for (int i = 0; i < 50_000; i++) {
                                        tree.insert(random.nextInt(capacity), random.nextInt(4));
                                    }
                                });
                threads[t].start();
            }
            for (final Thread thread : threads) {
                thread.join();
            }
            IntStream.range(0, capacity)
                    .forEach(slot -> tree.set(slot, 2)); // small integers: exact in a float too
            assertEquals(2 * capacity, tree.total());
            IntStream.range(0, capacity).forEach(slot -> tree.set(slot, 0));
            assertEquals(0, tree.total());
        }
    }
}

package greenwave.engine.replay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Writers, learners and readers at once on one {@link SumTree}, with a payload of plain longs beside it. Every word of a
 * payload is a function of slot and generation, so a torn or foreign copy shows; afterwards all sums are exact.
 */
class SumTreeStormTest {
    private static final int WORDS = 8;
    private static final int OVERWRITES = 400_000; // by each writer
    private static final int MOST_OVERWRITES = 100 * OVERWRITES; // should a learner fail
    private static final int BATCH = 32;

    private static long word(final int slot, final int generation, final int i) {
        return ((long) slot << 32 | generation) * 0x9E3779B97F4A7C15L + i;
    }

    /** A tree, its payload, and what the threads saw. */
    private record Storm(
            SumTree tree,
            long[] payload,
            AtomicLong ticket,
            CountDownLatch learned, // by each learner, a first whole copy
            AtomicBoolean over) {
        Storm(final int capacity, final int learners) {
            this(
                    new SumTree(capacity),
                    new long[capacity * WORDS],
                    new AtomicLong(),
                    new CountDownLatch(learners),
                    new AtomicBoolean());
        }

        /**
         * Overwrites slot after slot, until every learner has had its chance; now and then one is given up half way. Returns how
         * many.
         */
        long write(final long seed) {
            final SplittableRandom random = new SplittableRandom(seed);
            long written = 0;
            while (written < OVERWRITES || learned.getCount() > 0 && written < MOST_OVERWRITES) {
                final int slot = (int) (ticket.getAndIncrement() % tree.capacity());
                final int generation = tree.begin(slot);
                if (generation < 0) {
                    continue;
                }
                final boolean whole = random.nextInt(1000) != 0;
                for (int i = 0; i < (whole ? WORDS : WORDS / 2); i++) {
                    payload[slot * WORDS + i] = word(slot, generation, i);
                }
                if (whole) {
                    tree.publish(slot, generation, random.nextInt(4) * random.nextDouble());
                } else {
                    tree.abort(slot, generation);
                }
                written++;
            }
            return written;
        }

        /** Draws, copies, checks and updates until the writers are done. Returns how many copies were whole. */
        long learn(final long seed) {
            final SplittableRandom random = new SplittableRandom(seed);
            final SumTree.Sampler sampler = tree.sampler(BATCH);
            final int[] slots = new int[BATCH];
            final long[] leaves = new long[BATCH];
            final long[] copy = new long[WORDS];
            long whole = 0;
            while (!over.get()) {
                sampler.sample(random, BATCH, slots, leaves);
                for (int i = 0; i < BATCH; i++) {
                    if (slots[i] == SumTree.NONE) {
                        continue;
                    }
                    final int generation = SumTree.generation(leaves[i]);
                    assertTrue(SumTree.weight(leaves[i]) > 0);
                    assertFalse(SumTree.busy(leaves[i]));
                    System.arraycopy(payload, slots[i] * WORDS, copy, 0, WORDS);
                    if (tree.stillHolds(slots[i], leaves[i])) {
                        for (int w = 0; w < WORDS; w++) {
                            assertEquals(word(slots[i], generation, w), copy[w], "torn");
                        }
                        if (whole++ == 0) {
                            learned.countDown();
                        }
                    }
                    tree.update(slots[i], generation, random.nextDouble());
                }
            }
            return whole;
        }
    }

    @ParameterizedTest(name = "capacity {0}, {1} writers, {2} learners, seed {3}")
    @CsvSource({"1, 2, 1, 1", "3, 2, 2, 2", "40, 3, 2, 3", "1025, 3, 1, 4", "5000, 1, 3, 5"})
    void noCopyIsTornAndEverySumIsExactAfterwards(
            final int capacity, final int writers, final int learners, final long seed)
            throws Exception {
        final Storm storm = new Storm(capacity, learners);
        try (SumTree tree = storm.tree();
                ExecutorService threads = Executors.newFixedThreadPool(writers + learners)) {
            final List<Future<Long>> learning = new ArrayList<>();
            for (int i = 0; i < learners; i++) {
                final long id = seed * 100 + i;
                learning.add(threads.submit((Callable<Long>) () -> storm.learn(id)));
            }
            final List<Future<Long>> writing = new ArrayList<>();
            for (int i = 0; i < writers; i++) {
                final long id = seed * 1000 + i;
                writing.add(threads.submit((Callable<Long>) () -> storm.write(id)));
            }
            try {
                for (final Future<Long> writer : writing) {
                    assertTrue(writer.get() >= OVERWRITES);
                }
            } finally {
                storm.over().set(true);
            }
            for (final Future<Long> learner : learning) {
                assertTrue(learner.get() > 0, "no copy was whole");
            }
            SumTreeChecks.assertSumsExact(tree);
        }
    }
}

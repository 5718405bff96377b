package greenwave.engine.replay;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import java.util.random.RandomGenerator;

/**
 * Lock-free sum tree over {@code capacity} slots, off heap: sets a priority, and draws a slot with probability priority
 * / total, in O(log16 capacity). Any number of threads may write and sample; nobody waits for anybody.
 *
 * <p>A slot is overwritten between {@link #begin} and {@link #publish}; meanwhile it is not drawn, and a second writer
 * is told to go elsewhere. Each overwrite starts a new generation of the slot; {@link #update} names the generation it
 * means and does nothing once that is gone. A reader copies a slot's payload between reading its leaf and {@link
 * #stillHolds}.
 *
 * <p>A priority is a whole number of 2^-20: up to 2^20 for up to 2^22 slots, the largest allowed halving with every
 * doubling of the capacity beyond (see {@link #maxPriority}). It is rounded to the nearest, and up to 2^-20 unless 0.
 *
 * <p>The notes are the proof; whoever changes one runs {@code greenwave-bench stress} again, on x86-64 and on Arm.
 *
 * <ol>
 *   <li><b>Exact arithmetic.</b> Weights are integers of at most 2^40 - 1 and the capacity times the largest weight is
 *       at most 2^62, so a sum of weights is exact, and sums commute. Each write in flight may shift a sum by one
 *       weight more, so there is no overflow with fewer than 2^22 threads; a sum would still be right modulo 2^64.
 *   <li><b>No delta is lost.</b> Every change of a leaf's weight is one atomic exchange, whose thread then adds (new -
 *       old) to each sum above. Changes of one leaf are totally ordered, each starting from the weight that the last
 *       one left, so the deltas telescope, and atomic adds commute: once writers are quiet, every sum is exactly that
 *       of its leaves, whatever the order in which the deltas came.
 *   <li><b>Sums lag.</b> Until a delta has come all the way up, the sums above are stale: high, low, even negative. A
 *       draw may so end on another leaf than it should, or on one that must not be drawn; in that case it is
 *       repeated, at most 15 times, so that a reader never waits for a stalled writer. Whatever the sums
 *       said, a draw stays within the tree, and a slot is only returned for a leaf word that was not busy and had a
 *       positive weight.
 *   <li><b>Inner cells order nothing.</b> Only their value counts, so getAndAdd is there for its atomicity. Draws read
 *       them plain: aligned 64-bit words are whole on a 64-bit VM, and a value from earlier is a sum that lags (note 3).
 *       A draw repeated sees later ones: the acquire load of the leaf that it ended on lies between.
 *   <li><b>One writer.</b> {@link #begin} sets the busy bit by compare-and-exchange on a leaf that was not busy; only
 *       its writer clears the bit, and nobody else changes a busy leaf. Between the two the word is its writer's own:
 *       it is read plain and written with one release store. A lapped writer therefore meets either a busy leaf (and
 *       goes elsewhere) or a whole one. The old weight stays in the sums until then, which saves a walk up the tree.
 *   <li><b>Whole payloads.</b> The writer: sets busy; store-store fence; payload; release store of the leaf. So whoever
 *       reads a payload word of generation g finds the leaf at least at (g, busy) afterwards, and whoever reads the
 *       leaf of g by acquire finds a payload at least as new as g. The reader: acquire load of leaf g; payload; acquire
 *       fence; leaf once more. If that still says g and not busy, then nothing of a later generation was seen, nor of
 *       an earlier one: the copy is whole.
 *   <li><b>Updates keep it so.</b> An update exchanges the weight of a leaf it saw not busy in its generation. It fails
 *       if anything changed, and so never revives an overwritten slot. Its exchange acquires and releases, so a reader
 *       that sees the updated word sees the payload that was published before it.
 *   <li><b>Lock-free.</b> An exchange fails only because another thread's on that leaf succeeded.
 *   <li><b>Generations wrap</b> after 2^23 overwrites of one slot. A reader or late update would have to be held up for
 *       all of them (days at 2^20 slots and 30 million inserts a second) and then meet exactly its own number.
 * </ol>
 *
 * Sources: Schaul et al. 2016, Prioritized Experience Replay, arXiv:1511.05952, appendix B.2.1 (sum tree, strata); Boehm
 * 2012, Can seqlocks get along with programming language memory models? (note 6).
 */
public final class SumTree implements AutoCloseable {
    /** Up to here every slot may have a priority of almost 2^20. */
    public static final int MAX_CAPACITY_FULL = 1 << 22;

    /** Stands for a slot where nothing could be drawn. */
    public static final int NONE = -1;

    private static final long GONE = Long.MIN_VALUE; // what no weight changes by

    private final int capacity;
    private final long maxWeight;
    private final Levels levels;
    private boolean closed; // a hint for the message; the arena itself refuses access

    /**
     * Allocates {@link #bytes} off the heap, all priorities 0.
     *
     * @throws IllegalArgumentException if {@code capacity < 1}
     */
    public SumTree(final int capacity) {
        this.capacity = checkCapacity(capacity);
        this.maxWeight = maxWeight(capacity);
        this.levels = new Levels(capacity);
    }

    private static int checkCapacity(final int capacity) {
        if (capacity < 1) {
            throw new IllegalArgumentException(
                    "SumTree: capacity=%d, expected >= 1".formatted(capacity));
        }
        return capacity;
    }

    private static long maxWeight(final int capacity) {
        final int slotBits = Long.SIZE - Long.numberOfLeadingZeros(capacity - 1L);
        return (1L << Math.min(LeafWord.WEIGHT_BITS, 62 - slotBits)) - 1; // note 1
    }

    /**
     * {@return the bytes that a tree of that capacity takes off the heap}
     *
     * @throws IllegalArgumentException if {@code capacity < 1}
     */
    public static long bytes(final int capacity) {
        return Levels.bytes(checkCapacity(capacity));
    }

    /** {@return the number of slots} */
    public int capacity() {
        return capacity;
    }

    /** {@return the largest priority that a slot may have: 2^20 - 2^-20 for up to 2^22 slots} */
    public double maxPriority() {
        return maxWeight / LeafWord.UNITS;
    }

    /**
     * Begins to overwrite a slot: until {@link #publish} or {@link #abort}, which must follow, nobody draws it, updates
     * it or begins to overwrite it. The sums still count its old priority.
     *
     * @return the new generation, or -1 if another writer is overwriting the slot; nothing has changed then
     * @throws IllegalArgumentException if there is no such slot; nothing has changed
     */
    public int begin(final int slot) {
        final long at = leaf("begin", slot);
        final MemorySegment words = levels.words;
        long leaf = (long) Levels.WORD.getOpaque(words, at);
        while (!LeafWord.busy(leaf)) {
            final long begun = LeafWord.begun(leaf);
            final long seen = (long) Levels.WORD.compareAndExchange(words, at, leaf, begun);
            if (seen == leaf) { // note 5
                VarHandle.storeStoreFence(); // note 6
                return LeafWord.generation(begun);
            }
            leaf = seen;
        }
        return -1;
    }

    /**
     * Ends the overwrite begun with {@code generation}: the slot may now be drawn, and what this thread wrote before is
     * there for whoever draws it.
     *
     * @param priority in [0, {@link #maxPriority}]
     * @throws IllegalArgumentException if the priority is out of range; the overwrite goes on
     * @throws IllegalStateException if no overwrite with that generation is going on; nothing has changed
     */
    public void publish(final int slot, final int generation, final double priority) {
        end("publish", slot, generation, weight("publish", slot, priority));
    }

    /**
     * Gives up the overwrite begun with {@code generation}: the slot is left empty, with priority 0.
     *
     * @throws IllegalStateException if no overwrite with that generation is going on; nothing has changed
     */
    public void abort(final int slot, final int generation) {
        end("abort", slot, generation, 0);
    }

    private void end(
            final String operation, final int slot, final int generation, final long weight) {
        final long at = leaf(operation, slot);
        final long leaf = (long) Levels.WORD.get(levels.words, at); // note 5
        if (!LeafWord.busy(leaf) || LeafWord.generation(leaf) != generation) {
            throw new IllegalStateException(
                    "SumTree.%s: slot=%d, generation=%d, expected an overwrite begun with that generation"
                            .formatted(operation, slot, generation));
        }
        Levels.WORD.setRelease(levels.words, at, LeafWord.holding(leaf, weight)); // notes 5, 6
        levels.addAbove(slot, weight - LeafWord.weight(leaf)); // note 2
    }

    /**
     * Sets the priority of a slot that still holds {@code generation}.
     *
     * @param priority in [0, {@link #maxPriority}]
     * @return false if it was overwritten, or is being overwritten; nothing has changed then
     * @throws IllegalArgumentException on a slot or priority out of range; nothing has changed
     */
    public boolean update(final int slot, final int generation, final double priority) {
        final long at = leaf("update", slot);
        final long weight = weight("update", slot, priority);
        final long delta = exchangeWeight(at, generation, weight);
        if (delta == GONE) {
            return false;
        }
        levels.addAbove(slot, delta); // note 2
        return true;
    }

    /** {@return what the leaf has changed by, or {@link #GONE} if it is busy or of another generation} */
    private long exchangeWeight(final long at, final int generation, final long weight) {
        final MemorySegment words = levels.words;
        long leaf = (long) Levels.WORD.getOpaque(words, at);
        while (LeafWord.generation(leaf) == generation && !LeafWord.busy(leaf)) {
            final long wanted = LeafWord.holding(leaf, weight);
            final long seen = (long) Levels.WORD.compareAndExchange(words, at, leaf, wanted);
            if (seen == leaf) { // notes 2, 7
                return weight - LeafWord.weight(leaf);
            }
            leaf = seen;
        }
        return GONE;
    }

    /**
     * Sets the priority of a slot, whatever generation it holds.
     *
     * @param priority in [0, {@link #maxPriority}]
     * @throws IllegalArgumentException on a slot or priority out of range; nothing has changed
     * @throws IllegalStateException if the slot is being overwritten; nothing has changed
     */
    public void set(final int slot, final double priority) {
        final long at = leaf("set", slot);
        final long weight = weight("set", slot, priority);
        long delta = GONE;
        while (delta == GONE) {
            final long leaf = (long) Levels.WORD.getOpaque(levels.words, at);
            if (LeafWord.busy(leaf)) {
                throw new IllegalStateException(
                        "SumTree.set: slot=%d, expected one that is not being overwritten"
                                .formatted(slot));
            }
            delta = exchangeWeight(at, LeafWord.generation(leaf), weight);
        }
        levels.addAbove(slot, delta); // note 2
    }

    /**
     * {@return the leaf word of a slot: see {@link #generation}, {@link #busy}, {@link #weight(long)}} What the slot's
     * writer wrote before {@link #publish} is visible.
     *
     * @throws IllegalArgumentException if there is no such slot
     */
    public long leafAcquire(final int slot) {
        return (long) Levels.WORD.getAcquire(levels.words, leaf("leafAcquire", slot)); // note 6
    }

    /** {@return how often the slot of that leaf word has been overwritten, modulo 2^23} */
    public static int generation(final long leaf) {
        return LeafWord.generation(leaf);
    }

    /** {@return whether the slot of that leaf word is being overwritten} */
    public static boolean busy(final long leaf) {
        return LeafWord.busy(leaf);
    }

    /** {@return the priority in that leaf word; while busy, the one from before} */
    public static double weight(final long leaf) {
        return LeafWord.weight(leaf) / LeafWord.UNITS;
    }

    /**
     * {@return whether the slot holds the generation of {@code leaf} and is not being overwritten} If so, a copy of its
     * payload made between reading {@code leaf} and this call is whole.
     *
     * @throws IllegalArgumentException if there is no such slot
     */
    public boolean stillHolds(final int slot, final long leaf) {
        VarHandle.acquireFence(); // note 6
        final long now = (long) Levels.WORD.getOpaque(levels.words, leaf("stillHolds", slot));
        return !LeafWord.busy(now) && LeafWord.generation(now) == LeafWord.generation(leaf);
    }

    /** {@return the sum of all priorities; exact when no write is in flight} */
    public double total() {
        requireOpen("total");
        return levels.total() / LeafWord.UNITS;
    }

    /**
     * {@return the smallest positive priority of a slot that is not being overwritten, or 0 if there is none} Reads
     * every slot; while others write, it may be of a moment ago.
     */
    public double minPriority() {
        requireOpen("minPriority");
        long min = Long.MAX_VALUE;
        for (int slot = 0; slot < capacity; slot++) {
            final long leaf = (long) Levels.WORD.getOpaque(levels.words, levels.leaf(slot));
            if (LeafWord.drawable(leaf)) {
                min = Math.min(min, LeafWord.weight(leaf));
            }
        }
        return min == Long.MAX_VALUE ? 0 : min / LeafWord.UNITS;
    }

    /**
     * {@return a new way for one thread to draw from this tree}
     *
     * @param maxBatch the most slots drawn at once
     * @throws IllegalArgumentException if {@code maxBatch < 1}
     */
    public Sampler sampler(final int maxBatch) {
        if (maxBatch < 1) {
            throw new IllegalArgumentException(
                    "SumTree.sampler: maxBatch=%d, expected >= 1".formatted(maxBatch));
        }
        return new Sampler(this, maxBatch);
    }

    /** {@return how many inner cells are not the sum of their children: 0 when no write is in flight} For tests. */
    int wrongSums() {
        return levels.wrongSums();
    }

    /** Frees the memory; later calls are refused, but a second close does nothing. */
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            levels.close();
        }
    }

    private void requireOpen(final String operation) {
        if (closed) {
            throw new IllegalStateException("SumTree.%s: closed".formatted(operation));
        }
    }

    private long leaf(final String operation, final int slot) {
        requireOpen(operation);
        if (slot < 0 || slot >= capacity) {
            throw new IllegalArgumentException(
                    "SumTree.%s: slot=%d, expected [0, %d)".formatted(operation, slot, capacity));
        }
        return levels.leaf(slot);
    }

    private long weight(final String operation, final int slot, final double priority) {
        if (!(priority >= 0 && priority <= maxPriority())) { // so that NaN is refused too
            throw new IllegalArgumentException(
                    "SumTree.%s: slot=%d, priority=%s, expected [0, %s]"
                            .formatted(operation, slot, priority, maxPriority()));
        }
        return LeafWord.units(priority);
    }

    /** Draws slots for one thread, a batch at a time, without allocating. */
    public static final class Sampler {
        private final SumTree tree;
        private final Descent descent;

        private Sampler(final SumTree tree, final int maxBatch) {
            this.tree = tree;
            this.descent = new Descent(tree.levels, maxBatch);
        }

        /**
         * Draws {@code n} slots, the i-th from the i-th of {@code n} equal parts of [0, total): each slot is expected n
         * times its share of the total. A draw that met a slot just being overwritten is repeated over the whole total.
         *
         * @param slots filled: n slots; {@link #NONE} where nothing could be drawn
         * @param leaves filled: the leaf words with which they were drawn, for {@link #stillHolds} and {@link #update}
         * @return how many were drawn: n unless the total is 0 or writers stall
         * @throws IllegalArgumentException if n is negative, above the sampler's largest batch, or longer than an array;
         *     nothing is written
         */
        public int sample(
                final RandomGenerator random, final int n, final int[] slots, final long[] leaves) {
            tree.requireOpen("sample");
            final int max = Math.min(descent.maxDraws(), Math.min(slots.length, leaves.length));
            if (n < 0 || n > max) {
                throw new IllegalArgumentException(
                        "SumTree.sample: n=%d, expected [0, %d]: maxBatch=%d, slots=%d, leaves=%d"
                                .formatted(
                                        n, max, descent.maxDraws(), slots.length, leaves.length));
            }
            return descent.sample(random, n, slots, leaves);
        }
    }
}

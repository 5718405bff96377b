package greenwave.engine.replay;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/**
 * Draws going down the {@link Levels} together, one level at a time. Of one thread. Notes are those of {@link SumTree}.
 */
final class Descent {
    private static final int MAX_DRAWS = 16;

    private final Levels levels;
    private final Shares shares;
    private final long[] rest; // by draw: its target, counted from 1, below the cell that it is at
    private final int[] cell; // by draw: where it is within its level, in the end its slot
    private long touched; // so that the loads of touch() are not left out

    Descent(final Levels levels, final int maxDraws) {
        this.levels = levels;
        this.shares = new Shares(levels);
        this.rest = new long[maxDraws];
        this.cell = new int[maxDraws];
    }

    int maxDraws() {
        return cell.length;
    }

    /** See {@link SumTree.Sampler#sample}; arguments are checked there. */
    int sample(final RandomGenerator random, final int n, final int[] slots, final long[] leaves) {
        Arrays.fill(slots, 0, n, SumTree.NONE);
        Arrays.fill(leaves, 0, n, 0);
        if (!strata(random, n)) {
            return 0;
        }
        int drawn = 0;
        for (int i = 0; i < n; i++) {
            boolean taken = take(i, slots, leaves);
            for (int draw = 1; !taken && draw < MAX_DRAWS && again(random, i); draw++) { // note 3
                taken = take(i, slots, leaves);
            }
            drawn += taken ? 1 : 0;
        }
        return drawn;
    }

    /** Whether draw {@code i} has ended on a slot that may be drawn; if so it is written to the arrays. */
    private boolean take(final int i, final int[] slots, final long[] leaves) {
        final long leaf = (long) Levels.WORD.getAcquire(levels.words, levels.leaf(cell[i]));
        if (!LeafWord.drawable(leaf)) { // notes 3, 6
            return false;
        }
        slots[i] = cell[i];
        leaves[i] = leaf;
        return true;
    }

    /** Sends draws 0 to n - 1 down, each to a target in its own of n equal parts of the total; false if that is 0. */
    private boolean strata(final RandomGenerator random, final int n) {
        final long total = shares.read();
        final double width = (double) total / n;
        for (int i = 0; i < n; i++) {
            aim(i, total, (i + random.nextDouble()) * width);
        }
        return down(total, 0, n);
    }

    /** Sends draw {@code i} down once more, to a target anywhere in the total, which is read anew; false if that is 0. */
    private boolean again(final RandomGenerator random, final int i) {
        final long total = shares.read();
        aim(i, total, random.nextDouble() * total);
        return down(total, i, i + 1);
    }

    private void aim(final int i, final long total, final double target) {
        rest[i] = Math.min(total, 1 + (long) target); // rounding may have reached the total
    }

    private boolean down(final long total, final int from, final int to) {
        if (total == 0) {
            return false;
        }
        shares.find(rest, cell, from, to);
        for (int level = 1; level < levels.depth(); level++) {
            if (level >= levels.depth() - 2) { // those above stay in the first-level cache
                touch(level, from, to);
            }
            descend(level, from, to);
        }
        return true;
    }

    /** Loads the cache lines that {@link #descend} will need; these loads wait for nothing, so they overlap. */
    private void touch(final int level, final int from, final int to) {
        final MemorySegment words = levels.words;
        long sum = 0;
        for (int i = from; i < to; i++) {
            final long block = levels.block(level, cell[i]);
            sum += (long) Levels.WORD.get(words, block);
            sum += (long) Levels.WORD.get(words, block + Levels.BLOCK_BYTES / 2);
        }
        touched = sum;
    }

    /**
     * Takes draws one level down, halving the block four times, without a branch: half the draws would mispredict it. A
     * target past the last cell ends there, and sums that lag may lead a target astray (note 3).
     */
    private void descend(final int level, final int from, final int to) {
        final MemorySegment words = levels.words;
        final long bits = levels.sumBits(level);
        final long start = levels.block(level, 0);
        final int last = levels.cells(level) - 1;
        for (int i = from; i < to; i++) {
            long at = levels.block(level, cell[i]);
            long target = rest[i];
            final long eight = four(words, at, bits) + four(words, at + 4 * Long.BYTES, bits);
            final long past8 = past(eight, target);
            target -= eight & past8;
            at += 8 * Long.BYTES & past8;
            final long four = four(words, at, bits);
            final long past4 = past(four, target);
            target -= four & past4;
            at += 4 * Long.BYTES & past4;
            final long two = read(words, at, bits) + read(words, at + Long.BYTES, bits);
            final long past2 = past(two, target);
            target -= two & past2;
            at += 2 * Long.BYTES & past2;
            final long one = read(words, at, bits);
            final long past1 = past(one, target);
            rest[i] = target - (one & past1);
            cell[i] = Math.min(last, (int) (at - start >>> 3) - (int) past1);
        }
    }

    private static long four(final MemorySegment words, final long at, final long bits) {
        return read(words, at, bits)
                + read(words, at + Long.BYTES, bits)
                + read(words, at + 2 * Long.BYTES, bits)
                + read(words, at + 3 * Long.BYTES, bits);
    }

    private static long read(final MemorySegment words, final long at, final long bits) {
        return (long) Levels.WORD.get(words, at) & bits; // note 4
    }

    /** {@return -1, all bits set, if {@code target}, counted from 1, lies past {@code end}, else 0} */
    static long past(final long end, final long target) {
        return end - target >> 63;
    }
}

package greenwave.engine.replay;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/**
 * Draws going down the {@link Levels} together, one level at a time. Of one thread. Notes are those of {@link SumTree}.
 */
final class Descent {
    private static final int MAX_DRAWS = 16;
    private static final int MISS = -1; // where a draw is that went past the last child of a cell

    private final Levels levels;
    private final long[] rest; // by draw: what is left of its target below the cell that it is at
    private final int[] cell; // by draw: where it is within its level, in the end its slot; or MISS
    private long touched; // so that the loads of touch() are not left out

    Descent(final Levels levels, final int maxDraws) {
        this.levels = levels;
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
        final long total = levels.total();
        if (total == 0) {
            return 0;
        }
        strata(random, n, total);
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
        if (cell[i] == MISS) {
            return false;
        }
        final long leaf = (long) Levels.WORD.getAcquire(levels.words, levels.leaf(cell[i]));
        if (!LeafWord.drawable(leaf)) { // notes 3, 6
            return false;
        }
        slots[i] = cell[i];
        leaves[i] = leaf;
        return true;
    }

    /** Sends draws 0 to n - 1 down, each to a target in its own of n equal parts of [0, {@code total}), ascending. */
    private void strata(final RandomGenerator random, final int n, final long total) {
        final double width = (double) total / n;
        for (int i = 0; i < n; i++) {
            aim(i, total, (i + random.nextDouble()) * width);
        }
        down(0, n);
    }

    /** Sends draw {@code i} down once more, to a target anywhere in [0, total); false if the total is 0 now. */
    private boolean again(final RandomGenerator random, final int i) {
        final long total = levels.total();
        if (total == 0) {
            return false;
        }
        aim(i, total, random.nextDouble() * total);
        down(i, i + 1);
        return true;
    }

    private void aim(final int i, final long total, final double target) {
        rest[i] = Math.min(total - 1, (long) target); // rounding may have reached the total
        cell[i] = 0;
    }

    private void down(final int from, final int to) {
        for (int level = 0; level < levels.depth(); level++) {
            touch(level, from, to);
            descend(level, from, to);
        }
    }

    /**
     * Loads every cache line that {@link #descend} will scan. A scan ends in a branch that is mispredicted and waits for
     * its line; without these loads, which wait for nothing, so would the lines of all later draws.
     */
    private void touch(final int level, final int from, final int to) {
        final MemorySegment words = levels.words;
        long sum = 0;
        for (int i = from; i < to; i++) {
            final long block = levels.block(level, Math.max(0, cell[i]));
            sum += (long) Levels.WORD.get(words, block);
            sum += (long) Levels.WORD.get(words, block + Levels.BLOCK_BYTES / 2);
        }
        touched = sum;
    }

    /**
     * Takes draws one level down. Targets ascend, so where two are below one cell, the second scan goes on where the
     * first ended. The loop over children has no counter: C2 would split it in three, which costs more than a scan.
     */
    private void descend(final int level, final int from, final int to) {
        final MemorySegment words = levels.words;
        final long bits = levels.sumBits(level);
        int parent = MISS;
        long block = 0;
        long at = 0; // the child that the scan is at
        long before = 0; // the sum of the children before it
        for (int i = from; i < to; i++) {
            if (cell[i] == MISS) {
                continue;
            }
            if (cell[i] != parent) {
                parent = cell[i];
                block = levels.block(level, parent);
                at = block;
                before = 0;
            }
            final long target = rest[i];
            final long last = block + Levels.BLOCK_BYTES - Long.BYTES;
            long end = before + Math.max(0, (long) Levels.WORD.get(words, at) & bits); // notes 3, 4
            while (target >= end && at != last) {
                before = end;
                at += Long.BYTES;
                end += Math.max(0, (long) Levels.WORD.get(words, at) & bits); // notes 3, 4
            }
            if (target < end) {
                rest[i] = target - before;
                cell[i] = parent * Levels.WIDTH + (int) (at - block >>> 3);
            } else {
                cell[i] = MISS; // note 3
            }
        }
    }
}

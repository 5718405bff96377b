package greenwave.engine.replay;

import java.util.Arrays;

/**
 * The cells of the first of the {@link Levels}, added up: draws whose targets ascend find their cells in one pass. Of one
 * thread. Notes are those of {@link SumTree}.
 */
final class Shares {
    private static final int STRIDE = 4; // cells looked at together

    private final Levels levels;
    private final long[] start; // by cell: the sum of all cells before it

    Shares(final Levels levels) {
        this.levels = levels;
        this.start = new long[Levels.TOP + STRIDE + 1];
    }

    /** {@return the sum of all cells, read anew} A negative one counts as 0. */
    long read() {
        final long bits = levels.sumBits(0);
        final int cells = levels.cells(0);
        long sum = 0;
        for (int i = 0; i < cells; i++) {
            final long word = (long) Levels.WORD.get(levels.words, levels.cell(0, i));
            start[i] = sum;
            sum += Math.max(0, word & bits); // notes 3, 4
        }
        Arrays.fill(start, cells, cells + STRIDE + 1, sum);
        return sum;
    }

    /** Turns targets from 1 to the sum, ascending, into cells, and into targets inside these. */
    void find(final long[] rest, final int[] cell, final int from, final int to) {
        int at = 0;
        for (int i = from; i < to; i++) {
            final long target = rest[i];
            int passed = STRIDE;
            while (passed == STRIDE) { // seldom more than once where draws are as many as cells
                passed = 0;
                for (int k = 1; k <= STRIDE; k++) {
                    passed -= (int) Descent.past(start[at + k], target);
                }
                at += passed;
            }
            cell[i] = at;
            rest[i] = target - start[at];
        }
    }
}

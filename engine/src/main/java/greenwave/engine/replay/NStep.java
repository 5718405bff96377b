package greenwave.engine.replay;

import greenwave.engine.env.GroupBatch;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Makes transitions over n steps from what the rows of an environment do, and adds them to a replay (Sutton and Barto 2018,
 * section 7.1). A transition leads from the observation of a step to that n steps later; its reward is the sum of the n
 * rewards, the k-th counting gamma to the k, and its discount gamma to the n. Where an episode ends sooner, the transitions
 * under way end there: with discount 0 in a terminal state, else with the value of the last observation. For one thread.
 */
public final class NStep {
    private final Replay replay;
    private final int rows;
    private final int steps;
    private final double[] discount; // gamma to the index
    private final int[] observed; // by row: the observation to act on
    private final int[] episode; // by row
    private final int[] pending; // by row: steps that no transition starts from yet
    private final int[] from; // [row, step mod n]: the observation of a pending step
    private final int[] action; // likewise
    private final float[] reward; // likewise
    private final int[] step; // by row: of the episode, modulo n

    /** Prepares for {@code rows} rows; n and gamma are the replay's. */
    public NStep(final Replay replay, final int rows) {
        this.replay = replay;
        this.rows = rows;
        this.steps = replay.steps();
        this.discount = new double[steps + 1];
        for (int k = 0; k <= steps; k++) {
            discount[k] = Math.pow(replay.gamma(), k);
        }
        this.observed = new int[rows];
        this.episode = new int[rows];
        this.pending = new int[rows];
        this.step = new int[rows];
        this.from = new int[rows * steps];
        this.action = new int[rows * steps];
        this.reward = new float[rows * steps];
    }

    /** Starts new episodes in all rows; what was under way is dropped. */
    public void begin(final GroupBatch batch) {
        for (int row = 0; row < rows; row++) {
            begin(row, batch);
        }
    }

    private void begin(final int row, final GroupBatch batch) {
        pending[row] = 0;
        episode[row] = replay.beginEpisode();
        observed[row] = replay.observe(row, batch.obs(), batch.image());
    }

    /**
     * Takes one step of every row.
     *
     * @param actions by row, taken on what was observed last
     * @param batch what became of them
     */
    public void step(final int[] actions, final GroupBatch batch) {
        for (int row = 0; row < rows; row++) {
            remember(row, actions[row], batch.reward().getAtIndex(ValueLayout.JAVA_FLOAT, row));
            final boolean terminated = isSet(batch.terminated(), row);
            if (terminated || isSet(batch.truncated(), row)) {
                end(row, terminated, batch);
            } else {
                go(row, batch);
            }
        }
    }

    private static boolean isSet(final MemorySegment flags, final int row) {
        return flags.get(ValueLayout.JAVA_BYTE, row) != 0;
    }

    private void remember(final int row, final int chosen, final float earned) {
        final int at = row * steps + step[row];
        from[at] = observed[row];
        action[at] = chosen;
        reward[at] = earned;
        step[row] = step[row] + 1 == steps ? 0 : step[row] + 1;
        pending[row]++;
    }

    private void go(final int row, final GroupBatch batch) {
        observed[row] = replay.observe(row, batch.obs(), batch.image());
        if (pending[row] == steps) {
            add(row, (float) discount[steps], batch.legal());
        }
    }

    private void end(final int row, final boolean terminated, final GroupBatch batch) {
        observed[row] = replay.observe(row, batch.finalObs(), batch.finalImage());
        while (pending[row] > 0) {
            add(row, terminated ? 0 : (float) discount[pending[row]], batch.finalLegal());
        }
        begin(row, batch);
    }

    /** Adds the transition from the oldest pending step to the last observation. */
    private void add(final int row, final float discounted, final MemorySegment nextLegal) {
        final int oldest = row * steps + Math.floorMod(step[row] - pending[row], steps);
        replay.add(
                from[oldest],
                action[oldest],
                sum(row),
                discounted,
                observed[row],
                row,
                nextLegal,
                episode[row]);
        pending[row]--;
    }

    /** The rewards of all pending steps, the k-th counting gamma to the k. */
    private float sum(final int row) {
        double sum = 0;
        for (int k = 0; k < pending[row]; k++) {
            final int at = row * steps + Math.floorMod(step[row] - pending[row] + k, steps);
            sum += discount[k] * reward[at];
        }
        return (float) sum;
    }
}

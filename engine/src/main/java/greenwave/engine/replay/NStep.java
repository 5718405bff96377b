package greenwave.engine.replay;

import greenwave.engine.env.GroupBatch;
import greenwave.engine.env.VecEnv;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Makes transitions over n decisions from what the rows of an environment do, and adds them to a replay (Sutton and Barto
 * 2018, section 7.1). A transition leads from the observation of a decision to that n decisions later; its reward is the sum
 * of the rewards on the way, the k-th step's counting gamma to the k, and its discount gamma to the number of steps. Where
 * every row decides in every step these are n. Where a row does not, no transition starts, and what its last decision earns
 * goes on (Bradtke and Duff 1994); what it earns before its first decision of an episode belongs to none.
 *
 * <p>Where an episode ends sooner, the transitions under way end there: with discount 0 in a terminal state, else with the
 * value of the last observation. If no decision is due on that, a learner knows no value of it, and they are dropped. A step
 * whose world was lost has no outcome: an action taken in it makes no transition. For one thread.
 */
public final class NStep {
    /**
     * Everything that the transitions to come depend on, beside the replay: what {@link NStep}'s fields of those names hold.
     */
    public record State(
            int[] observed,
            int[] episode,
            int[] pending,
            int[] from,
            int[] action,
            double[] reward,
            int[] length,
            int[] decision) {}

    /** No observation is waiting for a decision. */
    private static final int NOTHING = -1;

    private final Replay replay;
    private final int rows;
    private final int steps; // decisions of a transition
    private final double[] discount; // gamma to the index
    private final int[] observed; // by row: the observation to decide on
    private final int[] episode; // by row
    private final int[] pending; // by row: decisions that no transition starts from yet
    private final int[] from; // [row, decision mod n]: the observation of a pending decision
    private final int[] action; // likewise
    private final double[] reward; // likewise: what it has earned, discounted to its first step
    private final int[] length; // likewise: the steps that it has lasted
    private final int[] decision; // by row: of the episode, modulo n

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
        this.decision = new int[rows];
        this.from = new int[rows * steps];
        this.action = new int[rows * steps];
        this.reward = new double[rows * steps];
        this.length = new int[rows * steps];
    }

    /** {@return where all rows are} */
    public State state() {
        return new State(
                observed.clone(),
                episode.clone(),
                pending.clone(),
                from.clone(),
                action.clone(),
                reward.clone(),
                length.clone(),
                decision.clone());
    }

    /**
     * Goes on from {@code state}, whose replay this one's has loaded.
     *
     * @throws IllegalArgumentException if it is of other rows or steps; nothing has changed
     */
    public void restore(final State state) {
        if (state.observed.length != rows || state.from.length != rows * steps) {
            throw new IllegalArgumentException(
                    "NStep.restore: rows=%d, rows x steps=%d, expected %d, %d"
                            .formatted(
                                    state.observed.length, state.from.length, rows, rows * steps));
        }
        System.arraycopy(state.observed, 0, observed, 0, rows);
        System.arraycopy(state.episode, 0, episode, 0, rows);
        System.arraycopy(state.pending, 0, pending, 0, rows);
        System.arraycopy(state.from, 0, from, 0, rows * steps);
        System.arraycopy(state.action, 0, action, 0, rows * steps);
        System.arraycopy(state.reward, 0, reward, 0, rows * steps);
        System.arraycopy(state.length, 0, length, 0, rows * steps);
        System.arraycopy(state.decision, 0, decision, 0, rows);
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
        observed[row] =
                isSet(batch.due(), row) ? replay.observe(row, batch.obs(), batch.image()) : NOTHING;
    }

    /**
     * Takes one step of every row.
     *
     * @param actions by row, decided on what was observed last; {@link VecEnv#NONE} where nothing was decided
     * @param batch what became of them
     * @throws IllegalArgumentException if a row acts on which no decision was due; the rows before it have taken the step
     */
    public void step(final int[] actions, final GroupBatch batch) {
        step(actions, batch, 0, rows);
    }

    /** As {@link #step(int[], GroupBatch)}, of the rows in {@code [first, end)}; the others stay where they are. */
    public void step(final int[] actions, final GroupBatch batch, final int first, final int end) {
        for (int row = first; row < end; row++) {
            final boolean lost = isSet(batch.lost(), row);
            if (!lost) {
                take(row, actions[row], batch.reward().getAtIndex(ValueLayout.JAVA_FLOAT, row));
            }
            final boolean terminated = isSet(batch.terminated(), row);
            if (terminated || isSet(batch.truncated(), row)) {
                end(row, terminated, lost, batch);
            } else if (isSet(batch.due(), row)) {
                go(row, batch);
            }
        }
    }

    private static boolean isSet(final MemorySegment flags, final int row) {
        return flags.get(ValueLayout.JAVA_BYTE, row) != 0;
    }

    private void take(final int row, final int chosen, final float earned) {
        if (chosen != VecEnv.NONE) {
            decide(row, chosen);
        }
        if (pending[row] > 0) {
            earn(row, earned);
        }
    }

    private void decide(final int row, final int chosen) {
        if (observed[row] == NOTHING) {
            throw new IllegalArgumentException(
                    "NStep.step: row=%d, action=%d, expected %d: no decision was due"
                            .formatted(row, chosen, VecEnv.NONE));
        }
        final int at = row * steps + decision[row];
        from[at] = observed[row];
        action[at] = chosen;
        reward[at] = 0;
        length[at] = 0;
        observed[row] = NOTHING;
        decision[row] = decision[row] + 1 == steps ? 0 : decision[row] + 1;
        pending[row]++;
    }

    /** The last decision earns. */
    private void earn(final int row, final float earned) {
        final int at = place(row, 1);
        reward[at] += discount(length[at]) * earned;
        length[at]++;
    }

    /** {@return where the decision {@code back} decisions ago stands} */
    private int place(final int row, final int back) {
        return row * steps + Math.floorMod(decision[row] - back, steps);
    }

    private double discount(final int after) {
        return after < discount.length ? discount[after] : Math.pow(replay.gamma(), after);
    }

    private void go(final int row, final GroupBatch batch) {
        observed[row] = replay.observe(row, batch.obs(), batch.image());
        if (pending[row] == steps) {
            add(row, false, batch.legal());
        }
    }

    private void end(
            final int row, final boolean terminated, final boolean lost, final GroupBatch batch) {
        if (pending[row] > 0 && (terminated || isSet(batch.finalDue(), row))) {
            if (!lost || observed[row] == NOTHING) { // else what was seen last was seen before
                observed[row] = replay.observe(row, batch.finalObs(), batch.finalImage());
            }
            while (pending[row] > 0) {
                add(row, terminated, batch.finalLegal());
            }
        }
        begin(row, batch);
    }

    /** Adds the transition from the oldest pending decision to the last observation. */
    private void add(final int row, final boolean terminated, final MemorySegment nextLegal) {
        final int oldest = place(row, pending[row]);
        double sum = 0;
        int passed = 0;
        for (int back = pending[row]; back > 0; back--) {
            sum += discount(passed) * reward[place(row, back)];
            passed += length[place(row, back)];
        }
        replay.add(
                from[oldest],
                action[oldest],
                (float) sum,
                terminated ? 0 : (float) discount(passed),
                observed[row],
                row,
                nextLegal,
                episode[row]);
        pending[row]--;
    }
}

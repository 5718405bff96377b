package greenwave.engine.dqn;

import greenwave.engine.RandomStream;
import greenwave.engine.env.AgentGroup;
import greenwave.engine.env.GroupBatch;
import greenwave.engine.env.VecEnv;
import greenwave.engine.replay.NStep;

import java.lang.foreign.ValueLayout;

/** Acts for one group of agents and hands what happened to its learner's replay. */
final class Actor implements AutoCloseable {
    private final Learner learner;
    private final Policy policy;
    private final RandomStream random;
    private final int rows;
    private final int agents; // rows of one world
    private final int actions;
    private final NStep memory;
    private final int[] chosen;
    private final boolean[] explores;
    private GroupBatch seen; // what the next actions are about

    Actor(final Learner learner, final AgentGroup group, final int rows) {
        this.learner = learner;
        this.policy = Policy.exploring(learner.net(), learner.net().engine().random("act"));
        this.random = learner.net().engine().random("explore");
        this.rows = rows;
        this.agents = group.agents().size();
        this.actions = group.actions();
        this.memory = new NStep(learner.replay(), rows);
        this.chosen = new int[rows];
        this.explores = new boolean[rows];
    }

    Learner learner() {
        return learner;
    }

    /** {@return everything that learner and actor depend on, beside the replay, counts and the engine's streams} */
    LearnerState state() {
        return learner.state().add("noise.", policy.state());
    }

    /** Starts new episodes. */
    void begin(final GroupBatch batch) {
        seen = batch;
        memory.begin(batch);
    }

    /** Goes on in the episodes that {@code batch} shows, with the steps that {@code steps} remembers. */
    void resume(final GroupBatch batch, final NStep.State steps) {
        seen = batch;
        memory.restore(steps);
    }

    /** {@return the steps that no transition starts from yet} */
    NStep.State memory() {
        return memory.state();
    }

    /**
     * {@return an action per row that is due, else {@link VecEnv#NONE}: with the chance that its world has in {@code epsilons}
     * a random legal one, else the policy's; overwritten by the next call}
     */
    int[] act(final double[] epsilons) {
        boolean greedy = false;
        for (int row = 0; row < rows; row++) {
            explores[row] = isDue(row) && random.nextDouble() < epsilons[row / agents];
            greedy |= isDue(row) && !explores[row];
        }
        if (greedy) {
            policy.act(seen.obs(), seen.image(), seen.legal(), chosen);
        }
        for (int row = 0; row < rows; row++) {
            if (explores[row]) {
                final int rank = random.nextInt(LegalActions.count(seen.legal(), row, actions));
                chosen[row] = LegalActions.atRank(seen.legal(), row, rank, actions);
            } else if (!isDue(row)) {
                chosen[row] = VecEnv.NONE;
            }
        }
        return chosen;
    }

    private boolean isDue(final int row) {
        return seen.due().get(ValueLayout.JAVA_BYTE, row) != 0;
    }

    /** Remembers what became of the last actions, and what to act on next. */
    void observe(final GroupBatch batch) {
        seen = batch;
        memory.step(chosen, batch);
    }

    @Override
    public void close() {
        policy.close();
    }
}

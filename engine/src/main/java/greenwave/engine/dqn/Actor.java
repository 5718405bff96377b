package greenwave.engine.dqn;

import greenwave.engine.RandomStream;
import greenwave.engine.env.AgentGroup;
import greenwave.engine.env.GroupBatch;
import greenwave.engine.replay.NStep;

/** Acts for one group of agents and hands what happened to its learner's replay. */
final class Actor implements AutoCloseable {
    private final Learner learner;
    private final Policy policy;
    private final RandomStream random;
    private final int rows;
    private final int actions;
    private final NStep memory;
    private final int[] chosen;
    private final boolean[] explores;
    private GroupBatch seen; // what the next actions are about

    Actor(final Learner learner, final AgentGroup group, final int rows) {
        this.learner = learner;
        this.policy = Policy.of(learner.net());
        this.random = learner.net().engine().random("explore");
        this.rows = rows;
        this.actions = group.actions();
        this.memory = new NStep(learner.replay(), rows);
        this.chosen = new int[rows];
        this.explores = new boolean[rows];
    }

    Learner learner() {
        return learner;
    }

    /** Starts new episodes. */
    void begin(final GroupBatch batch) {
        seen = batch;
        memory.begin(batch);
    }

    /** {@return an action per row: with chance epsilon a random legal one, else the policy's; overwritten by the next call} */
    int[] act(final double epsilon) {
        boolean greedy = false;
        for (int row = 0; row < rows; row++) {
            explores[row] = random.nextDouble() < epsilon;
            greedy |= !explores[row];
        }
        if (greedy) {
            policy.act(seen.obs(), seen.image(), seen.legal(), chosen);
        }
        for (int row = 0; row < rows; row++) {
            if (explores[row]) {
                final int rank = random.nextInt(LegalActions.count(seen.legal(), row, actions));
                chosen[row] = LegalActions.atRank(seen.legal(), row, rank, actions);
            }
        }
        return chosen;
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

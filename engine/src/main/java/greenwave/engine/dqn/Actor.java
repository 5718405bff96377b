package greenwave.engine.dqn;

import greenwave.engine.RandomStream;
import greenwave.engine.env.AgentGroup;
import greenwave.engine.env.GroupBatch;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Acts for one group of agents and hands what happened to its learner's replay. */
final class Actor implements AutoCloseable {
    private final Learner learner;
    private final Policy policy;
    private final RandomStream random;
    private final int rows;
    private final int actions;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment obs; // what was last acted on: the environment overwrites its own
    private final MemorySegment legal;
    private final int[] chosen;
    private final boolean[] explores;

    Actor(final Learner learner, final AgentGroup group, final int rows) {
        this.learner = learner;
        this.policy = Policy.of(learner.net());
        this.random = learner.net().engine().random("explore");
        this.rows = rows;
        this.actions = group.actions();
        this.obs = arena.allocate((long) rows * group.obsSize() * Float.BYTES, Float.BYTES);
        this.legal = arena.allocate((long) rows * actions);
        this.chosen = new int[rows];
        this.explores = new boolean[rows];
    }

    Learner learner() {
        return learner;
    }

    /** Remembers what the next {@link #act} is about. */
    void observe(final GroupBatch batch) {
        obs.copyFrom(batch.obs());
        legal.copyFrom(batch.legal());
    }

    /** {@return an action per row: with chance epsilon a random legal one, else the policy's; overwritten by the next call} */
    int[] act(final double epsilon) {
        boolean greedy = false;
        for (int row = 0; row < rows; row++) {
            explores[row] = random.nextDouble() < epsilon;
            greedy |= !explores[row];
        }
        if (greedy) {
            policy.act(obs, legal, chosen);
        }
        for (int row = 0; row < rows; row++) {
            if (explores[row]) {
                final int rank = random.nextInt(LegalActions.count(legal, row, actions));
                chosen[row] = LegalActions.atRank(legal, row, rank, actions);
            }
        }
        return chosen;
    }

    /** Stores what became of the last actions: a terminal state has no value, a cut-off one has that of its last observation. */
    void store(final GroupBatch batch) {
        for (int row = 0; row < rows; row++) {
            final boolean terminated = isSet(batch.terminated(), row);
            final boolean ended = terminated || isSet(batch.truncated(), row);
            learner.replay()
                    .add(
                            row,
                            obs,
                            chosen[row],
                            batch.reward().getAtIndex(ValueLayout.JAVA_FLOAT, row),
                            terminated ? 0 : learner.gamma(),
                            ended ? batch.finalObs() : batch.obs(),
                            ended ? batch.finalLegal() : batch.legal());
        }
    }

    private static boolean isSet(final MemorySegment flags, final int row) {
        return flags.get(ValueLayout.JAVA_BYTE, row) != 0;
    }

    @Override
    public void close() {
        policy.close();
        arena.close();
    }
}

package greenwave.engine.dqn;

import greenwave.engine.RandomStream;
import greenwave.engine.env.AgentGroup;
import greenwave.engine.env.GroupBatch;
import greenwave.engine.env.VecEnv;
import greenwave.engine.nn.QNetwork;
import greenwave.engine.replay.NStep;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Acts for one group of agents, in all worlds or in one, and hands what happened to its learner's replay. */
final class Actor implements AutoCloseable {
    private final Learner learner;
    private final QNetwork acting; // guards its weights, where it is a copy
    private final Policy policy;
    private final RandomStream random;
    private final int agents; // rows of one world
    private final int actions;
    private final NStep memory;
    private final int[] chosen;
    private final boolean[] explores;
    private final Rows[] worlds;
    private Rows all;
    private GroupBatch seen; // what the next actions are about

    /** What is decided together. */
    private static final class Rows {
        final int first;
        final MemorySegment obs;
        final MemorySegment image;
        final MemorySegment legal;
        final int[] greedy; // an action per row

        Rows(final GroupBatch batch, final int first, final int count) {
            this.first = first;
            this.obs = part(batch.obs(), batch.rows(), first, count);
            this.image = part(batch.image(), batch.rows(), first, count);
            this.legal = part(batch.legal(), batch.rows(), first, count);
            this.greedy = new int[count];
        }

        private static MemorySegment part(
                final MemorySegment column, final int rows, final int first, final int count) {
            if (column == null) {
                return null;
            }
            final long bytes = column.byteSize() / rows;
            return column.asSlice(first * bytes, count * bytes);
        }

        int end() {
            return first + greedy.length;
        }
    }

    /** With {@code apart} it acts with a copy of the learner's network, which another thread may train meanwhile. */
    Actor(final Learner learner, final AgentGroup group, final int rows, final boolean apart) {
        this.learner = learner;
        this.acting = apart ? learner.net().frozenCopy() : learner.net();
        this.policy = Policy.exploring(acting, learner.net().engine().random("act"));
        this.random = learner.net().engine().random("explore");
        this.agents = group.agents().size();
        this.actions = group.actions();
        this.memory = new NStep(learner.replay(), rows);
        this.chosen = new int[rows];
        this.explores = new boolean[rows];
        this.worlds = new Rows[rows / agents];
    }

    Learner learner() {
        return learner;
    }

    /** {@return everything that learner and actor depend on, beside the replay, counts and the engine's streams} */
    LearnerState state() {
        return learner.state().add("noise.", policy.state());
    }

    /** Takes over what has been learned, between two updates. */
    void refresh() {
        if (acting != learner.net()) {
            synchronized (acting) {
                acting.copyFrom(learner.net());
            }
        }
    }

    /** Starts new episodes. */
    void begin(final GroupBatch batch) {
        refresh();
        see(batch);
        memory.begin(batch);
    }

    /** Goes on in the episodes that {@code batch} shows, with the steps that {@code steps} remembers. */
    void resume(final GroupBatch batch, final NStep.State steps) {
        refresh();
        see(batch);
        memory.restore(steps);
    }

    private void see(final GroupBatch batch) {
        if (batch != seen) { // else the columns are where they were
            seen = batch;
            all = new Rows(batch, 0, chosen.length);
            for (int world = 0; world < worlds.length; world++) {
                worlds[world] = new Rows(batch, world * agents, agents);
            }
        }
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
        return act(all, epsilons);
    }

    /** As {@link #act(double[])}, for one world; the actions of the others stay. */
    int[] act(final double[] epsilons, final int world) {
        return act(worlds[world], epsilons);
    }

    private int[] act(final Rows rows, final double[] epsilons) {
        boolean greedy = false;
        for (int row = rows.first; row < rows.end(); row++) {
            explores[row] = isDue(row) && random.nextDouble() < epsilons[row / agents];
            greedy |= isDue(row) && !explores[row];
        }
        if (greedy) {
            synchronized (acting) {
                policy.act(rows.obs, rows.image, rows.legal, rows.greedy);
            }
        }
        for (int row = rows.first; row < rows.end(); row++) {
            if (explores[row]) {
                final int rank = random.nextInt(LegalActions.count(seen.legal(), row, actions));
                chosen[row] = LegalActions.atRank(seen.legal(), row, rank, actions);
            } else {
                chosen[row] = isDue(row) ? rows.greedy[row - rows.first] : VecEnv.NONE;
            }
        }
        return chosen;
    }

    private boolean isDue(final int row) {
        return seen.due().get(ValueLayout.JAVA_BYTE, row) != 0;
    }

    /** Remembers what became of the last actions, and what to act on next. */
    void observe(final GroupBatch batch) {
        see(batch);
        memory.step(chosen, batch);
    }

    /** As {@link #observe(GroupBatch)}, of one world. */
    void observe(final GroupBatch batch, final int world) {
        see(batch);
        memory.step(chosen, batch, world * agents, (world + 1) * agents);
    }

    @Override
    public void close() {
        policy.close();
        if (acting != learner.net()) {
            acting.close();
        }
    }
}

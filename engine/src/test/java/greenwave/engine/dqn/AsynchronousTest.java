package greenwave.engine.dqn;

import static greenwave.engine.NoLeak.assertNoLeak;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import greenwave.engine.Segments;
import greenwave.engine.env.AgentGroup;
import greenwave.engine.env.EnvSpec;
import greenwave.engine.env.EpisodeEnd;
import greenwave.engine.env.GroupBatch;
import greenwave.engine.env.StepBatch;
import greenwave.engine.env.VecEnv;
import greenwave.engine.nn.QNet;
import greenwave.engine.optim.RateSchedule;
import greenwave.engine.replay.BatchSampler;
import greenwave.engine.replay.NStep;
import greenwave.engine.replay.Replay;
import greenwave.engine.replay.UniformReplay;
import greenwave.kernels.BatchBuffers;

import org.junit.jupiter.api.Test;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Agents that do not decide in every step: what is remembered of them, and what they learn. */
class AsynchronousTest {
    private static final AgentGroup GROUP = new AgentGroup("1x2", List.of("a", "b"), 1, 2);

    /** One transition, observations as their number. */
    private record Added(float seen, int action, float reward, float discount, float next) {}

    /** Keeps what is added. */
    private static final class Keeper implements FakeReplay {
        final List<Added> added = new ArrayList<>();
        private final List<Float> seen = new ArrayList<>();
        private final int steps;

        Keeper(final int steps) {
            this.steps = steps;
        }

        @Override
        public int steps() {
            return steps;
        }

        @Override
        public float gamma() {
            return 0.5f;
        }

        @Override
        public int capacity() {
            return 100;
        }

        @Override
        public int size() {
            return 0;
        }

        @Override
        public int observe(final int row, final MemorySegment obs, final MemorySegment image) {
            seen.add(obs.getAtIndex(ValueLayout.JAVA_FLOAT, row));
            return seen.size() - 1;
        }

        @Override
        public void add(
                final int observed,
                final int action,
                final float reward,
                final float discount,
                final int next,
                final int row,
                final MemorySegment nextLegal,
                final int episode) {
            added.add(new Added(seen.get(observed), action, reward, discount, seen.get(next)));
        }

        @Override
        public BatchSampler sampler(final BatchBuffers batch) {
            throw new UnsupportedOperationException("sampler");
        }
    }

    /** One row of a batch, written by hand. */
    private static final class Row implements AutoCloseable {
        private final Arena arena = Arena.ofConfined();
        final GroupBatch batch =
                new GroupBatch(new AgentGroup("1x2", List.of("a"), 1, 2), 1, arena);
        final Keeper kept;
        final NStep memory;

        Row(final int steps, final float seen, final boolean due) {
            kept = new Keeper(steps);
            memory = new NStep(kept, 1);
            show(seen, due);
            memory.begin(batch);
        }

        private void show(final float seen, final boolean due) {
            batch.obs().setAtIndex(ValueLayout.JAVA_FLOAT, 0, seen);
            batch.due().set(ValueLayout.JAVA_BYTE, 0, (byte) (due ? 1 : 0));
        }

        void step(final int action, final float reward, final float seen, final boolean due) {
            show(seen, due);
            batch.reward().setAtIndex(ValueLayout.JAVA_FLOAT, 0, reward);
            memory.step(new int[] {action}, batch);
        }

        /** The episode ends in {@code last}; the next begins with 0, on which a decision is due. */
        void end(
                final int action,
                final float reward,
                final float last,
                final boolean due,
                final boolean terminated) {
            batch.finalObs().setAtIndex(ValueLayout.JAVA_FLOAT, 0, last);
            batch.finalDue().set(ValueLayout.JAVA_BYTE, 0, (byte) (due ? 1 : 0));
            batch.terminated().set(ValueLayout.JAVA_BYTE, 0, (byte) (terminated ? 1 : 0));
            batch.truncated().set(ValueLayout.JAVA_BYTE, 0, (byte) (terminated ? 0 : 1));
            step(action, reward, 0, true);
            batch.terminated().set(ValueLayout.JAVA_BYTE, 0, (byte) 0);
            batch.truncated().set(ValueLayout.JAVA_BYTE, 0, (byte) 0);
        }

        @Override
        public void close() {
            arena.close();
        }
    }

    @Test
    void whatADecisionEarnsIsAllThatComesUntilTheNext() {
        try (Row row = new Row(1, 10, true)) {
            row.step(1, 8, 11, false);
            row.step(VecEnv.NONE, 4, 12, false);
            assertEquals(List.of(), row.kept.added);
            row.step(VecEnv.NONE, 4, 13, true); // 8 + 4/2 + 4/4
            row.step(0, 3, 14, true);
            row.step(1, 2, 15, false);
            row.end(VecEnv.NONE, 2, 16, false, true); // 2 + 2/2
            assertEquals(
                    List.of(
                            new Added(10, 1, 11, 0.125f, 13),
                            new Added(13, 0, 3, 0.5f, 14),
                            new Added(14, 1, 3, 0, 16)),
                    row.kept.added);
        }
    }

    @Test
    void severalDecisionsAddUpWithTheirLengths() {
        try (Row row = new Row(2, 10, true)) {
            row.step(1, 8, 11, false);
            row.step(VecEnv.NONE, 4, 12, true); // 8 + 4/2 = 10 in two steps
            row.step(0, 16, 13, false);
            row.step(VecEnv.NONE, 8, 14, false);
            row.step(VecEnv.NONE, 16, 15, true); // 16 + 8/2 + 16/4 = 24 in three
            row.end(1, 32, 16, true, false);
            assertEquals(
                    List.of(
                            new Added(10, 1, 10 + 24 / 4f, 1 / 32f, 15),
                            new Added(12, 0, 24 + 32 / 8f, 1 / 16f, 16),
                            new Added(15, 1, 32, 1 / 2f, 16)),
                    row.kept.added);
        }
    }

    @Test
    void rewardsBeforeTheFirstDecisionBelongToNone() {
        try (Row row = new Row(1, 10, false)) {
            row.step(VecEnv.NONE, 100, 11, false);
            row.step(VecEnv.NONE, 100, 12, true);
            row.step(1, 1, 13, true);
            assertEquals(List.of(new Added(12, 1, 1, 0.5f, 13)), row.kept.added);
        }
    }

    @Test
    void whereNoDecisionIsDueAtACutOffWhatIsUnderWayIsDropped() {
        try (Row row = new Row(2, 10, true)) {
            row.step(1, 1, 11, true);
            row.step(0, 1, 12, false);
            row.end(VecEnv.NONE, 1, 13, false, false);
            assertEquals(List.of(), row.kept.added);
            row.step(1, 1, 20, true);
            row.step(0, 2, 21, true);
            assertEquals(List.of(new Added(0, 1, 2, 0.25f, 21)), row.kept.added);
        }
    }

    @Test
    void anActionWhereNoneIsDueIsRefused() {
        try (Row row = new Row(1, 10, true)) {
            row.step(1, 1, 11, false);
            final var refused =
                    assertThrows(IllegalArgumentException.class, () -> row.step(0, 1, 12, false));
            assertEquals(
                    "NStep.step: row=0, action=0, expected -1: no decision was due",
                    refused.getMessage());
        }
    }

    /**
     * Two agents at home: action 0 takes a step and is paid 1, action 1 takes three and is paid 5 in the last. On the way
     * they see a number that would wreck any network that is shown it. Cut off after {@link #LIMIT} steps.
     */
    private static final class TripsEnv implements VecEnv {
        static final int LIMIT = 37;
        static final float AWAY = 1e6f;

        private final Arena arena = Arena.ofShared();
        private final GroupBatch batch = new GroupBatch(GROUP, 2, arena);
        private final int[] toGo = new int[2]; // steps until home
        private int steps;

        @Override
        public EnvSpec spec() {
            return new EnvSpec(1, List.of(GROUP));
        }

        @Override
        public StepBatch reset(final long seed) {
            restart();
            return new StepBatch(List.of(batch), List.of());
        }

        private void restart() {
            steps = 0;
            for (int agent = 0; agent < 2; agent++) {
                toGo[agent] = 0;
                show(agent, batch.obs(), batch.due());
            }
        }

        private void show(final int agent, final MemorySegment obs, final MemorySegment due) {
            obs.setAtIndex(ValueLayout.JAVA_FLOAT, agent, toGo[agent] == 0 ? 1 : AWAY);
            due.set(ValueLayout.JAVA_BYTE, agent, (byte) (toGo[agent] == 0 ? 1 : 0));
        }

        @Override
        public StepBatch step(final int[][] actions) {
            steps++;
            final boolean cut = steps == LIMIT;
            for (int agent = 0; agent < 2; agent++) {
                final int action = actions[0][agent];
                assertEquals(toGo[agent] > 0, action == NONE, "action=" + action);
                toGo[agent] = action == 1 ? 2 : Math.max(0, toGo[agent] - 1);
                final float reward = action == 0 ? 1 : toGo[agent] == 0 ? 5 : 0;
                batch.reward().setAtIndex(ValueLayout.JAVA_FLOAT, agent, reward);
                batch.truncated().set(ValueLayout.JAVA_BYTE, agent, (byte) (cut ? 1 : 0));
                show(agent, batch.obs(), batch.due());
                if (cut) {
                    show(agent, batch.finalObs(), batch.finalDue());
                }
            }
            if (!cut) {
                return new StepBatch(List.of(batch), List.of());
            }
            restart();
            return new StepBatch(
                    List.of(batch), List.of(new EpisodeEnd(0, 0, 0, LIMIT, 0, Map.of())));
        }

        @Override
        public void close() {
            if (arena.scope().isAlive()) {
                arena.close();
            }
        }
    }

    /** At gamma 0.9 the long trip is worth v = 5 · 0.9² + 0.9³ v, the short one 1 + 0.9 v. */
    @Test
    void theValueOfADecisionCountsTheStepsThatItTakes() throws Exception {
        assertNoLeak(
                "cpu",
                1,
                engine -> {
                    try (TripsEnv env = new TripsEnv();
                            QNet net = QNet.builder(engine).input(1).actions(2).build();
                            Replay replay =
                                    UniformReplay.builder(engine, GROUP)
                                            .capacity(5000)
                                            .nStep(1, 0.9f)
                                            .build();
                            Learner learner =
                                    Learner.builder(net, replay)
                                            .batch(64)
                                            .learningRate(RateSchedule.linear(0.02, 1e-4, 6000))
                                            .weightDecay(0)
                                            .tau(0.05f)
                                            .build()) {
                        Trainer.of(env, learner)
                                .epsilon(Schedule.constant(0.5))
                                .run(StopWhen.envSteps(6000));
                        final float[] weight = weights(net, 0);
                        final float[] bias = weights(net, 1);
                        final double longTrip = 5 * 0.81 / (1 - 0.729);
                        assertEquals(1 + 0.9 * longTrip, weight[0] + bias[0], 0.1);
                        assertEquals(longTrip, weight[1] + bias[1], 0.1);
                    }
                });
    }

    private static float[] weights(final QNet net, final int parameter) {
        return Segments.floats(net.parameters().all().get(parameter).value());
    }
}

package greenwave.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import greenwave.engine.Engine;
import greenwave.engine.EngineConfig;
import greenwave.engine.dqn.Learner;
import greenwave.engine.dqn.Schedule;
import greenwave.engine.dqn.StopWhen;
import greenwave.engine.dqn.TrainReport;
import greenwave.engine.dqn.Trainer;
import greenwave.engine.env.AgentGroup;
import greenwave.engine.env.EnvSpec;
import greenwave.engine.env.GroupBatch;
import greenwave.engine.env.StepBatch;
import greenwave.engine.env.VecEnv;
import greenwave.engine.nn.QNet;
import greenwave.engine.replay.UniformReplay;
import greenwave.sim.signal.Countdown;

import org.junit.jupiter.api.Test;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Signals that decide only when they may change. */
class AsynchronousSignalsTest {
    private static boolean isSet(final MemorySegment column, final int row) {
        return column.get(ValueLayout.JAVA_BYTE, row) != 0;
    }

    /** Four lights, of which light i lets i decisions pass and switches at the next. */
    @Test
    void aDecisionIsDueWhenYellowAndTheShortestGreenHavePassed() {
        final int locked = 5; // seconds from one switch to the next decision
        try (SumoVecEnv env =
                SumoVecEnv.builder(Configs.grid(60))
                        .timing(new Countdown(1, 3, 2, false))
                        .asynchronous(true)
                        .strict(true)
                        .open()) {
            GroupBatch rows = env.reset(1).groups().getFirst();
            final int obsSize = env.spec().onlyGroup().obsSize();
            final int[] green = new int[4];
            for (int second = 0; second < 40; second++) {
                final int[] actions = new int[4];
                for (int light = 0; light < 4; light++) {
                    final int sinceSwitch = second % (light + locked);
                    final boolean due = sinceSwitch <= light;
                    assertEquals(due, isSet(rows.due(), light), "second " + second);
                    if (sinceSwitch == light) {
                        green[light] = 1 - green[light];
                    }
                    // where nothing is due, an action is ignored, even one that the mask forbids
                    actions[light] = due ? green[light] : 1 - green[light];
                }
                rows = env.step(new int[][] {actions}).groups().getFirst();
                for (int light = 0; light < 4; light++) {
                    final long shown = (long) light * obsSize + green[light];
                    assertEquals(1, rows.obs().getAtIndex(ValueLayout.JAVA_FLOAT, shown));
                }
            }
        }
    }

    @Test
    void withoutItEveryStepIsADecision() {
        try (SumoVecEnv env =
                SumoVecEnv.builder(Configs.cross(20)).timing(new Countdown(1, 3, 2, true)).open()) {
            StepBatch batch = env.reset(1);
            while (batch.ended().isEmpty()) {
                assertTrue(isSet(batch.groups().getFirst().due(), 0));
                batch = env.step(new int[][] {{1}});
            }
            assertTrue(isSet(batch.groups().getFirst().finalDue(), 0));
        }
    }

    @Test
    void theEndOfAnEpisodeSaysWhetherADecisionWouldHaveBeenDue() {
        try (SumoVecEnv env =
                SumoVecEnv.builder(Configs.cross(12))
                        .timing(new Countdown(1, 3, 2, false))
                        .asynchronous(true)
                        .open()) {
            for (int episode = 0; episode < 2; episode++) {
                final boolean late = episode == 1; // switches 2 s before the end
                GroupBatch rows = env.reset(1).groups().getFirst();
                for (int second = 0; second < 12; second++) {
                    final int green = late ? second < 10 ? 0 : 1 : 1;
                    rows = env.step(new int[][] {{green}}).groups().getFirst();
                }
                assertTrue(isSet(rows.truncated(), 0));
                assertEquals(!late, isSet(rows.finalDue(), 0));
                assertTrue(isSet(rows.due(), 0), "the next episode begins with a decision");
            }
        }
    }

    /** Counts the decisions that transitions must come of. */
    private static final class Counting implements VecEnv {
        private final SumoVecEnv env;
        private StepBatch batch;
        private int decisions;
        private int dropped; // cut off while none was due
        private int skipped;

        Counting(final SumoVecEnv env) {
            this.env = env;
        }

        @Override
        public EnvSpec spec() {
            return env.spec();
        }

        @Override
        public StepBatch reset(final long seed) {
            batch = env.reset(seed);
            return batch;
        }

        @Override
        public StepBatch step(final int[][] actions) {
            final GroupBatch rows = batch.groups().getFirst();
            for (int row = 0; row < rows.rows(); row++) {
                assertEquals(isSet(rows.due(), row), actions[0][row] != NONE, "row " + row);
                decisions += actions[0][row] == NONE ? 0 : 1;
                skipped += actions[0][row] == NONE ? 1 : 0;
            }
            batch = env.step(actions);
            for (int row = 0; row < rows.rows(); row++) {
                final boolean cut = isSet(rows.truncated(), row);
                dropped += cut && !isSet(rows.finalDue(), row) ? 1 : 0;
            }
            return batch;
        }

        @Override
        public void close() {
            env.close();
        }
    }

    @Test
    void trainsOnTheDecisionsAlone() {
        final SumoVecEnvBuilder builder =
                SumoVecEnv.builder(Configs.grid(150)).asynchronous(true).worlds(2);
        try (Engine engine = Engine.open(EngineConfig.builder().seed(3).build());
                Counting env = new Counting(builder.open())) {
            final AgentGroup group = env.spec().onlyGroup();
            final QNet net =
                    QNet.builder(engine)
                            .input(group.obsSize())
                            .linear(16)
                            .relu()
                            .actions(group.actions())
                            .build();
            final UniformReplay replay =
                    UniformReplay.builder(engine, group).capacity(10_000).build();
            try (Learner learner = Learner.builder(net, replay).batch(16).build()) {
                final TrainReport report =
                        Trainer.of(env, learner)
                                .epsilon(Schedule.constant(0.5))
                                .run(StopWhen.episodes(4));
                assertEquals(120, report.envSteps());
                assertTrue(report.updates() > 80, report.toString());
                assertEquals(env.decisions - env.dropped, replay.size());
                assertTrue(env.decisions > 100 && env.skipped > 100, report.toString());
            }
        }
    }
}

package greenwave.engine.dqn;

import static greenwave.engine.NoLeak.assertNoLeak;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import greenwave.engine.Segments;
import greenwave.engine.env.AgentGroup;
import greenwave.engine.nn.QNet;
import greenwave.engine.replay.Replay;
import greenwave.engine.replay.Transitions;
import greenwave.engine.replay.UniformReplay;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;

/** Each algorithm learns, and does what sets it apart. */
class AlgorithmsTest {
    private static final AgentGroup ONE = new AgentGroup("1x3", List.of("agent"), 1, 3);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "double",
                "dueling",
                "noisy",
                "c51",
                "quantile",
                "rainbow",
                "hard",
                "mse",
                "seed"
            })
    void learnsTheShortestWayThroughACorridor(final String name) throws Exception {
        assertNoLeak(
                "cpu",
                4,
                engine -> {
                    try (CorridorEnv env = new CorridorEnv(2);
                            QNet net = Variants.net(engine, CorridorEnv.GROUP, name);
                            Replay replay = Variants.replay(engine, CorridorEnv.GROUP, name);
                            Learner learner = Variants.learner(net, replay, name).build()) {
                        final TrainReport report =
                                Trainer.of(env, learner)
                                        .epsilon(
                                                Variants.explores(name)
                                                        ? Schedule.constant(0)
                                                        : Schedule.linear(1, 0.1, 1500))
                                        .run(StopWhen.envSteps(3000));
                        final int[] right = new int[CorridorEnv.CELLS - 1];
                        Arrays.fill(right, 1);
                        assertArrayEquals(right, CorridorEnv.greedyActions(net));
                        assertEquals(1, report.meanReward(), report.toString());
                    }
                });
    }

    /**
     * The only observation is 0, so that values are biases: the network's are 5, 1 and 2, the target's 9, 7 and 3; action 0 is not
     * legal next. The target alone would choose action 1 and expect 7; the network chooses 2, of which the target expects 3.
     */
    @ParameterizedTest
    @CsvSource({"false, 7", "true, 3"})
    void ofTheLegalActionsTheNetworkChoosesAndTheTargetValues(
            final boolean doubleQ, final float expected) throws Exception {
        assertNoLeak(
                "cpu",
                1,
                engine -> {
                    try (QNet net = QNet.builder(engine).input(1).actions(3).build();
                            Replay replay = UniformReplay.builder(engine, ONE).capacity(8).build();
                            Learner learner =
                                    Learner.builder(net, replay)
                                            .batch(1)
                                            .doubleQ(doubleQ)
                                            .squaredError()
                                            .build()) {
                        Segments.fill(net.parameters().all().get(1).value(), values(5, 1, 2));
                        Segments.fill(
                                learner.target().parameters().all().get(1).value(),
                                values(9, 7, 3));
                        final MemorySegment obs = Segments.of(0f);
                        final MemorySegment legal = Segments.of(new byte[] {0, 1, 1});
                        Transitions.add(replay, 0, obs, 1, 0.5f, 0.9f, obs, legal);
                        learner.update();
                        final double error = 1 - (0.5 + 0.9 * expected);
                        assertEquals(error * error, learner.loss(), 1e-4);
                    }
                });
    }

    private static float[] values(final float... values) {
        return values;
    }

    @Test
    void aHardTargetStaysUntilItIsItsTurnAndIsACopyThen() throws Exception {
        assertNoLeak(
                "cpu",
                1,
                engine -> {
                    try (QNet net = QNet.builder(engine).input(1).actions(3).build();
                            Replay replay = UniformReplay.builder(engine, ONE).capacity(8).build();
                            Learner learner =
                                    Learner.builder(net, replay)
                                            .batch(1)
                                            .targetUpdate(TargetUpdate.hard(3))
                                            .build()) {
                        final MemorySegment obs = Segments.of(0.5f);
                        final MemorySegment legal = Segments.of(new byte[] {1, 1, 1});
                        Transitions.add(replay, 0, obs, 1, 0.5f, 0.9f, obs, legal);
                        float[] copied = Segments.floats(net.parameters().values());
                        for (int update = 1; update <= 7; update++) {
                            learner.update();
                            final float[] now = Segments.floats(net.parameters().values());
                            assertFalse(Arrays.equals(copied, now), "update " + update);
                            copied = update % 3 == 0 ? now : copied;
                            assertArrayEquals(
                                    copied,
                                    Segments.floats(learner.target().parameters().values()));
                        }
                    }
                });
    }

    @Test
    void aLearnerWaitsUntilItsReplayIsWarm() throws Exception {
        assertNoLeak(
                "cpu",
                1,
                engine -> {
                    try (QNet net = QNet.builder(engine).input(1).actions(3).build();
                            Replay replay = UniformReplay.builder(engine, ONE).capacity(8).build();
                            Learner learner =
                                    Learner.builder(net, replay).batch(2).warmUp(5).build()) {
                        final MemorySegment obs = Segments.of(0.5f);
                        final MemorySegment legal = Segments.of(new byte[] {1, 1, 1});
                        for (int i = 1; i <= 6; i++) {
                            Transitions.add(replay, 0, obs, 1, 0.5f, 0.9f, obs, legal);
                            assertEquals(i >= 5, learner.ready());
                        }
                    }
                });
    }
}

package greenwave.engine.dqn;

import static greenwave.engine.NoLeak.assertNoLeak;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import greenwave.engine.Engine;
import greenwave.engine.Segments;
import greenwave.engine.nn.QNet;
import greenwave.engine.replay.PrioritizedReplay;
import greenwave.engine.replay.Replay;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Learning on a thread of its own: beside worlds in lock-step, whose run it must not change, and beside worlds that come as they come. */
@Timeout(120)
class FreeWorldsTest {
    private static final int WORLDS = 3;

    private static QNet net(final Engine engine) {
        return QNet.builder(engine)
                .input(CorridorEnv.CELLS)
                .linear(32)
                .relu()
                .actions(CorridorEnv.ACTIONS)
                .build();
    }

    private static Replay replay(final Engine engine) {
        return PrioritizedReplay.builder(engine, CorridorEnv.GROUP)
                .capacity(2000)
                .nStep(1, 0.9f)
                .build();
    }

    private static LearnerBuilder fast(final QNet net, final Replay replay) {
        return Learner.builder(net, replay).batch(32).learningRate(3e-3).tau(0.05f);
    }

    /** {@return weights and target after a run of worlds in lock-step that are as hasty as {@code haste} says} */
    private static byte[][] lockStep(final long haste) throws Exception {
        final byte[][] weights = new byte[2][];
        assertNoLeak(
                "cpu",
                5,
                engine -> {
                    try (RestlessCorridor env = new RestlessCorridor(WORLDS, haste);
                            QNet net = net(engine);
                            Replay replay = replay(engine);
                            Learner learner = fast(net, replay).build()) {
                        Trainer.of(env, learner).updatesPerStep(0.7).run(StopWhen.envSteps(1500));
                        weights[0] = Segments.bytes(net.parameters().values());
                        weights[1] = Segments.bytes(learner.target().parameters().values());
                    }
                });
        return weights;
    }

    @Test
    void inLockStepHowFastWorldsAndLearnerAreChangesNothing() throws Exception {
        final byte[][] expected = lockStep(1);
        for (int haste = 2; haste < 6; haste++) {
            final byte[][] weights = lockStep(haste);
            assertArrayEquals(expected[0], weights[0]);
            assertArrayEquals(expected[1], weights[1]);
        }
    }

    @ParameterizedTest(name = "{0} updates per decision")
    @ValueSource(doubles = {0.25, 1, 3})
    void worldsThatDoNotWaitLearnTheShortestWay(final double perDecision) throws Exception {
        final int steps = perDecision < 1 ? 12_000 : 4000;
        assertNoLeak(
                "cpu",
                3,
                engine -> {
                    try (RestlessCorridor env = new RestlessCorridor(WORLDS, 9);
                            QNet net = net(engine);
                            Replay replay = replay(engine);
                            Learner learner = fast(net, replay).build()) {
                        final List<EpisodeReport> episodes = new ArrayList<>();
                        final TrainReport report =
                                Trainer.of(env, learner)
                                        .lockStep(false)
                                        .updatesPerStep(perDecision)
                                        .epsilon(Schedule.linear(1, 0.1, 1500))
                                        .onEpisode(episodes::add)
                                        .run(StopWhen.envSteps(steps));
                        final int[] right = new int[CorridorEnv.CELLS - 1];
                        Arrays.fill(right, 1);
                        assertArrayEquals(right, CorridorEnv.greedyActions(net));
                        assertEquals(Arrays.stream(env.decisions).sum(), report.envSteps());
                        assertTrue(report.envSteps() < steps + WORLDS, report.toString());
                        assertNotEquals(env.decisions[0], env.decisions[1], "none waits");
                        assertEquals(episodes.size(), report.episodes());
                        final double due = (report.envSteps() - 32) * perDecision;
                        assertEquals(due, report.updates(), 1 + WORLDS * perDecision);
                        assertEquals(report.updates(), learner.updates());
                    }
                });
    }

    @Test
    void aLearnerThatDivergesEndsTheRunThere() throws Exception {
        assertNoLeak(
                "cpu",
                3,
                engine -> {
                    try (RestlessCorridor env = new RestlessCorridor(WORLDS, 9);
                            QNet net = net(engine);
                            Replay replay = replay(engine);
                            Learner learner = fast(net, replay).learningRate(1e38).build()) {
                        for (final boolean lockStep : new boolean[] {true, false}) {
                            assertThrows(
                                    DivergedException.class,
                                    () ->
                                            Trainer.of(env, learner)
                                                    .lockStep(lockStep)
                                                    .run(StopWhen.envSteps(100_000)));
                            assertFalse(
                                    Thread.getAllStackTraces().keySet().stream()
                                            .anyMatch(t -> t.getName().equals("greenwave-learner")),
                                    "its thread has ended");
                        }
                    }
                });
    }

    @Test
    void anEnvironmentWhoseWorldsMoveTogetherOnlyIsRefused() throws Exception {
        assertNoLeak(
                "cpu",
                3,
                engine -> {
                    try (CorridorEnv env = new CorridorEnv(1);
                            QNet net = net(engine);
                            Replay replay = replay(engine);
                            Learner learner = fast(net, replay).build()) {
                        final Trainer trainer = Trainer.of(env, learner);
                        final var refused =
                                assertThrows(
                                        IllegalArgumentException.class,
                                        () -> trainer.lockStep(false));
                        assertEquals(
                                "Trainer: lockStep=false, environment=CorridorEnv, expected an AsyncVecEnv",
                                refused.getMessage());
                    }
                });
    }
}

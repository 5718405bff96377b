package greenwave.engine.dqn;

import static greenwave.engine.NoLeak.assertNoLeak;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import greenwave.engine.Engine;
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

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

class TrainerTest {
    private static QNet net(final Engine engine, final AgentGroup group) {
        return QNet.builder(engine)
                .input(group.obsSize())
                .linear(32)
                .relu()
                .actions(group.actions())
                .build();
    }

    private static LearnerBuilder fast(final QNet net, final Replay replay) {
        return Learner.builder(net, replay).batch(32).learningRate(3e-3).tau(0.05f);
    }

    private static Replay corridorReplay(final Engine engine, final int capacity) {
        return UniformReplay.builder(engine, CorridorEnv.GROUP)
                .capacity(capacity)
                .nStep(1, 0.9f)
                .build();
    }

    @ParameterizedTest(name = "seed {0}, {1} worlds")
    @CsvSource({"1, 1", "2, 1", "3, 4"})
    void learnsTheShortestWayThroughACorridor(final long seed, final int worlds) throws Exception {
        assertNoLeak(
                "cpu",
                seed,
                engine -> {
                    try (CorridorEnv env = new CorridorEnv(worlds);
                            QNet net = net(engine, CorridorEnv.GROUP);
                            Replay replay = corridorReplay(engine, 10_000);
                            Learner learner = fast(net, replay).build()) {
                        final TrainReport report =
                                Trainer.of(env, learner)
                                        .epsilon(Schedule.linear(1, 0.1, 1500))
                                        .run(StopWhen.envSteps(3000));
                        final int[] right = new int[CorridorEnv.CELLS - 1];
                        Arrays.fill(right, 1);
                        assertArrayEquals(right, CorridorEnv.greedyActions(net));
                        assertEquals(1, report.meanReward(), report.toString());
                    }
                });
    }

    /** What a run leaves behind, its clock apart. */
    private record Trace(byte[] weights, byte[] target, List<EpisodeReport> episodes) {}

    private static Trace shortRun(final String backend, final long seed, final int worlds)
            throws Exception {
        final List<EpisodeReport> episodes = new ArrayList<>();
        final List<byte[]> weights = new ArrayList<>();
        assertNoLeak(
                backend,
                seed,
                engine -> {
                    try (CorridorEnv env = new CorridorEnv(worlds);
                            QNet net = net(engine, CorridorEnv.GROUP);
                            Replay replay = corridorReplay(engine, 10_000);
                            Learner learner = fast(net, replay).build()) {
                        Trainer.of(env, learner)
                                .onEpisode(episodes::add)
                                .run(StopWhen.envSteps(400));
                        weights.add(Segments.bytes(net.parameters().values()));
                        weights.add(Segments.bytes(learner.target().parameters().values()));
                    }
                });
        return new Trace(weights.get(0), weights.get(1), episodes);
    }

    @ParameterizedTest(name = "{0}, {1} worlds")
    @CsvSource({"cpu, 1", "cpu, 3", "reference, 2"})
    void aSeedFixesEveryBitOfARun(final String backend, final int worlds) throws Exception {
        final Trace one = shortRun(backend, 5, worlds);
        final Trace same = shortRun(backend, 5, worlds);
        assertArrayEquals(one.weights(), same.weights());
        assertArrayEquals(one.target(), same.target());
        assertEquals(one.episodes(), same.episodes());
        assertFalse(Arrays.equals(one.weights(), shortRun(backend, 6, worlds).weights()));
    }

    @Test
    void aTerminalStateHasNoValueAndACutOffOneThatOfItsLastObservation() throws Exception {
        final RecordingReplay replay = new RecordingReplay();
        assertNoLeak(
                "cpu",
                3,
                engine -> {
                    try (CorridorEnv env = new CorridorEnv(2);
                            QNet net = net(engine, CorridorEnv.GROUP);
                            Learner learner = fast(net, replay).build()) {
                        Trainer.of(env, learner)
                                .epsilon(Schedule.constant(1))
                                .run(StopWhen.envSteps(4000));
                    }
                });
        assertEquals(4000, replay.added.size());
        int arrived = 0;
        for (final RecordingReplay.Added a : replay.added) {
            assertEquals(a.cell() + (a.action() == 1 ? 1 : -1), a.nextCell(), a.toString());
            final boolean last = a.nextCell() == CorridorEnv.CELLS - 1;
            assertEquals(last ? 0 : 0.9f, a.discount(), a.toString());
            assertEquals(last ? 1 : 0, a.reward(), a.toString());
            assertEquals(a.nextCell() != 0, a.leftLegal(), a.toString());
            arrived += last ? 1 : 0;
        }
        assertTrue(arrived > 100, "arrived=" + arrived);
    }

    @Test
    void everyLegalActionIsExploredAlike() throws Exception {
        final RecordingReplay replay = new RecordingReplay();
        assertNoLeak(
                "cpu",
                4,
                engine -> {
                    try (CorridorEnv env = new CorridorEnv(1);
                            QNet net = net(engine, CorridorEnv.GROUP);
                            Learner learner = fast(net, replay).build()) {
                        Trainer.of(env, learner)
                                .epsilon(Schedule.constant(1))
                                .run(StopWhen.envSteps(4000));
                    }
                });
        final var inTheMiddle = replay.added.stream().filter(a -> a.cell() != 0).toList();
        final long right = inTheMiddle.stream().filter(a -> a.action() == 1).count();
        final double n = inTheMiddle.size();
        assertEquals(n / 2, right, 6 * Math.sqrt(n / 4)); // 6 sigma
    }

    @Test
    void agentsOfTwoShapesLearnSideBySide() throws Exception {
        assertNoLeak(
                "cpu",
                1,
                engine -> {
                    final AgentGroup pair = BanditEnv.GROUPS.get(0);
                    final AgentGroup single = BanditEnv.GROUPS.get(1);
                    try (BanditEnv env = new BanditEnv(2);
                            QNet pairNet = net(engine, pair);
                            QNet singleNet = net(engine, single);
                            Replay pairReplay =
                                    UniformReplay.builder(engine, pair).nStep(1, 0.9f).build();
                            Replay singleReplay =
                                    UniformReplay.builder(engine, single).nStep(1, 0.9f).build();
                            Learner pairLearner = fast(pairNet, pairReplay).build();
                            Learner singleLearner = fast(singleNet, singleReplay).build();
                            Policy pairPolicy = Policy.of(pairNet);
                            Policy singlePolicy = Policy.of(singleNet)) {
                        final TrainReport report =
                                Trainer.of(env, pairLearner, singleLearner)
                                        .run(StopWhen.envSteps(1600));
                        assertEquals(4 * 800, pairReplay.size()); // 2 worlds, 2 agents
                        assertEquals(2 * 800, singleReplay.size());
                        assertEquals(1600, report.episodes());
                        final int[] two = new int[2];
                        pairPolicy.act(Segments.of(1, 0, 0, 1), two);
                        assertArrayEquals(new int[] {0, 1}, two);
                        final int[] three = new int[3];
                        singlePolicy.act(Segments.of(1, 0, 0, 0, 1, 0, 0, 0, 1), three);
                        assertArrayEquals(new int[] {0, 1, 2}, three);
                    }
                });
    }

    @ParameterizedTest(name = "{0} updates per step")
    @ValueSource(doubles = {0, 0.25, 1, 2})
    void updatesFollowTheStepsOnceABatchIsThere(final double ratio) throws Exception {
        assertNoLeak(
                "cpu",
                1,
                engine -> {
                    try (CorridorEnv env = new CorridorEnv(2);
                            QNet net = net(engine, CorridorEnv.GROUP);
                            Replay replay = corridorReplay(engine, 100);
                            Learner learner = fast(net, replay).build()) {
                        final List<EpisodeReport> episodes = new ArrayList<>();
                        final TrainReport report =
                                Trainer.of(env, learner)
                                        .updatesPerStep(ratio)
                                        .onEpisode(episodes::add)
                                        .run(StopWhen.envSteps(200));
                        // the 32nd transition comes with the 16th step of two worlds
                        assertEquals((long) ((200 - 30) * ratio), report.updates());
                        assertEquals(report.updates(), learner.updates());
                        assertEquals(200, report.envSteps());
                        assertEquals(episodes.size(), report.episodes());
                        assertEquals(
                                episodes.subList(episodes.size() - 10, episodes.size()),
                                report.lastEpisodes());
                        assertEquals(
                                ratio == 0,
                                episodes.stream().allMatch(e -> Double.isNaN(e.meanLoss())));
                        assertTrue(Double.isNaN(episodes.getFirst().meanLoss())); // too early
                    }
                });
    }

    @Test
    void theMeanLossIsThatOfTheEpisodesOwnUpdates() throws Exception {
        assertNoLeak(
                "cpu",
                1,
                engine -> {
                    try (QNet net = net(engine, CorridorEnv.GROUP);
                            Replay replay = corridorReplay(engine, 1);
                            Learner learner = Learner.builder(net, replay).batch(1).build()) {
                        Transitions.add(
                                replay,
                                0,
                                Segments.of(1, 0, 0, 0, 0, 0),
                                1,
                                5,
                                0,
                                Segments.of(0, 1, 0, 0, 0, 0),
                                Segments.of(new byte[] {1, 1, 1}));
                        final LossMeter meter = new LossMeter(List.of(learner), 2);
                        final double[] loss = new double[3];
                        for (int i = 0; i < 3; i++) {
                            learner.update();
                            meter.updated();
                            loss[i] = learner.loss();
                            if (i == 0) {
                                assertEquals(loss[0], meter.endEpisode(0), 1e-6);
                            }
                        }
                        assertEquals((loss[1] + loss[2]) / 2, meter.endEpisode(0), 1e-6);
                        assertEquals(
                                Arrays.stream(loss).average().orElseThrow(),
                                meter.endEpisode(1),
                                1e-6);
                        assertTrue(Double.isNaN(meter.endEpisode(1)));
                    }
                });
    }

    @Test
    void stopsAfterSoManyEpisodes() throws Exception {
        assertNoLeak(
                "cpu",
                1,
                engine -> {
                    try (CorridorEnv env = new CorridorEnv(1);
                            QNet net = net(engine, CorridorEnv.GROUP);
                            Learner learner = fast(net, new RecordingReplay()).build()) {
                        assertEquals(
                                12, Trainer.of(env, learner).run(StopWhen.episodes(12)).episodes());
                    }
                });
    }

    @Test
    void learnersThatDoNotFitTheEnvironmentAreRefused() throws Exception {
        assertNoLeak(
                "cpu",
                1,
                engine -> {
                    try (BanditEnv env = new BanditEnv(1);
                            QNet net = net(engine, BanditEnv.GROUPS.getFirst());
                            Learner learner = fast(net, new RecordingReplay()).build()) {
                        assertEquals(
                                "Trainer: learners=1, expected one for each of groups=[2x2, 3x4]",
                                refusal(() -> Trainer.of(env, learner)));
                        assertEquals(
                                "Trainer: group=3x4, network obsSize=2, actions=2, image=null,"
                                        + " expected obsSize=3, actions=4, image=null",
                                refusal(() -> Trainer.of(env, learner, learner)));
                    }
                });
    }

    @Test
    void senselessSettingsAreRefused() throws Exception {
        assertNoLeak(
                "cpu",
                1,
                engine -> {
                    try (QNet net = net(engine, CorridorEnv.GROUP);
                            Replay replay = corridorReplay(engine, 64)) {
                        final LearnerBuilder builder = Learner.builder(net, replay);
                        assertEquals(
                                "Learner: batch=128, expected <= the replay's capacity=64",
                                refusal(builder::build));
                        assertEquals(
                                "Learner: batch=0, expected >= 1", refusal(() -> builder.batch(0)));
                        assertEquals(
                                "Learner: tau=0.0, expected in (0, 1]",
                                refusal(() -> builder.tau(0)));
                        assertEquals(
                                "Learner: learningRate=-1.0, expected > 0",
                                refusal(() -> builder.learningRate(-1)));
                        assertEquals(
                                "Learner: weightDecay=-1.0, expected >= 0",
                                refusal(() -> builder.weightDecay(-1)));
                        assertEquals(
                                "Learner: huberBeta=0.0, expected > 0",
                                refusal(() -> builder.huberBeta(0)));
                        assertEquals(
                                "Learner: gradientClip=0.0, expected > 0",
                                refusal(() -> builder.gradientClip(0)));
                        assertEquals(
                                "Learner: targetEvery=0, expected >= 1",
                                refusal(() -> TargetUpdate.hard(0)));
                        assertEquals(
                                "Learner: warmUp=65, expected <= the replay's capacity=64",
                                refusal(() -> builder.batch(1).warmUp(65).build()));
                    }
                });
    }

    private static String refusal(final Runnable call) {
        return assertThrows(IllegalArgumentException.class, call::run).getMessage();
    }
}

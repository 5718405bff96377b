package greenwave.engine.dqn;

import static greenwave.engine.NoLeak.assertNoLeak;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import greenwave.engine.Engine;
import greenwave.engine.Segments;
import greenwave.engine.nn.QNet;
import greenwave.engine.replay.BatchSampler;
import greenwave.engine.replay.PrioritizedReplay;
import greenwave.kernels.BatchBuffers;
import greenwave.kernels.Buffer;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.random.RandomGenerator;

/** Weights go into the loss, errors come back. */
class PrioritizedLearnerTest {
    private static final int BATCH = 3;
    private static final float[] REWARDS = {0.1f, -0.4f, 3};

    /** Three terminal transitions of one-hot observations, with given weights; keeps the errors that it is told. */
    private static final class WeightedReplay implements FakeReplay {
        final float[] weights;
        float[] errors;

        WeightedReplay(final float... weights) {
            this.weights = weights;
        }

        @Override
        public int capacity() {
            return BATCH;
        }

        @Override
        public int size() {
            return BATCH;
        }

        @Override
        public boolean prioritized() {
            return true;
        }

        @Override
        public BatchSampler sampler(final BatchBuffers batch) {
            return new BatchSampler() {
                @Override
                public void sample(final RandomGenerator random) {
                    Segments.fill(batch.obs(), new float[] {1, 0, 0, 0, 1, 0, 0, 0, 1});
                    Segments.fill(batch.nextObs(), new float[9]);
                    Segments.fill(batch.action(), new int[] {0, 1, 1});
                    Segments.fill(batch.reward(), REWARDS);
                    Segments.fill(batch.discount(), new float[] {0, 0, 0});
                    Segments.fill(batch.nextLegal(), new byte[] {1, 1, 1, 1, 1, 1});
                    Segments.fill(batch.weight(), weights);
                }

                @Override
                public void update(final Buffer told) {
                    errors = Segments.floats(told);
                }

                @Override
                public int episode(final int row) {
                    return 0;
                }
            };
        }
    }

    /** A network whose values are all 0. */
    private static QNet zero(final Engine engine) {
        final QNet net = QNet.builder(engine).input(3).actions(2).build();
        net.parameters()
                .all()
                .forEach(p -> Segments.fill(p.value(), new float[(int) p.shape().size()]));
        return net;
    }

    @Test
    void theLossWeighsEachTransitionAndErrorsAreThoseBeforeTheStep() throws Exception {
        assertNoLeak(
                "cpu",
                1,
                engine -> {
                    final WeightedReplay replay = new WeightedReplay(0.5f, 1, 0.25f);
                    try (QNet net = zero(engine);
                            Learner learner = Learner.builder(net, replay).batch(BATCH).build()) {
                        learner.update();
                        final double expected =
                                (0.5 * 0.1 * 0.1 / 2 + 0.4 * 0.4 / 2 + 0.25 * (3 - 0.5)) / 3;
                        assertEquals(expected, learner.loss(), 1e-6);
                        for (int i = 0; i < BATCH; i++) {
                            assertEquals(-REWARDS[i], replay.errors[i], 1e-6);
                        }
                        final float[] gradient =
                                Segments.floats(net.parameters().all().getFirst().gradient());
                        final float[] byWeight = { // [action, observation]
                            0.5f * -0.1f / 3, 0, 0, 0, 0.4f / 3, 0.25f * -1 / 3
                        };
                        assertArrayEquals(byWeight, gradient, 1e-6f);
                    }
                });
    }

    @ParameterizedTest(name = "seed {0}, n={1}")
    @CsvSource({"1, 1", "2, 3"})
    void learnsTheShortestWayFromPrioritizedNStepTransitions(final long seed, final int n)
            throws Exception {
        assertNoLeak(
                "cpu",
                seed,
                engine -> {
                    try (CorridorEnv env = new CorridorEnv(2);
                            QNet net =
                                    QNet.builder(engine)
                                            .input(CorridorEnv.CELLS)
                                            .linear(32)
                                            .relu()
                                            .actions(CorridorEnv.ACTIONS)
                                            .build();
                            PrioritizedReplay replay =
                                    PrioritizedReplay.builder(engine, CorridorEnv.GROUP)
                                            .capacity(1000)
                                            .beta(0.4, 1, 1500)
                                            .nStep(n, 0.9f)
                                            .build();
                            Learner learner =
                                    Learner.builder(net, replay)
                                            .batch(32)
                                            .learningRate(3e-3)
                                            .tau(0.05f)
                                            .build()) {
                        final TrainReport report =
                                Trainer.of(env, learner)
                                        .epsilon(Schedule.linear(1, 0.05, 1500))
                                        .run(StopWhen.envSteps(3000));
                        assertEquals(1, report.meanReward(), report.toString());
                        final double mean =
                                report.lastEpisodes().stream()
                                        .mapToInt(e -> e.end().decisions())
                                        .average()
                                        .orElseThrow();
                        assertTrue(mean <= CorridorEnv.CELLS, "decisions per episode=" + mean);
                    }
                });
    }
}

package greenwave.engine.dqn;

import static greenwave.engine.NoLeak.assertNoLeak;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import greenwave.engine.Engine;
import greenwave.engine.EngineConfig;
import greenwave.engine.Segments;
import greenwave.engine.env.AgentGroup;
import greenwave.engine.nn.QNet;
import greenwave.engine.optim.RateSchedule;
import greenwave.engine.optim.RmsProp;
import greenwave.engine.optim.Sgd;
import greenwave.engine.replay.Transitions;
import greenwave.engine.replay.UniformReplay;

import org.junit.jupiter.api.Test;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;

/** What a learner can be told about its optimizer. */
class LearnerSettingsTest {
    private static final int TRANSITIONS = 64;

    /** Weights after {@code updates} updates of a learner made by {@code settings}, on an engine of its own. */
    private static float[] weights(
            final UnaryOperator<LearnerBuilder> settings, final int updates) {
        try (Engine engine = Engine.open(EngineConfig.builder().backend("cpu").seed(3).build())) {
            final QNet net = QNet.builder(engine).input(4).linear(8).relu().actions(3).build();
            final Learner learner =
                    settings.apply(Learner.builder(net, filled(engine)).batch(8)).build();
            for (int i = 0; i < updates; i++) {
                learner.update();
            }
            return Segments.floats(net.parameters().values());
        }
    }

    private static UniformReplay filled(final Engine engine) {
        final AgentGroup group = new AgentGroup("4x3", List.of("agent"), 4, 3);
        final UniformReplay replay =
                UniformReplay.builder(engine, group).capacity(TRANSITIONS).build();
        final SplittableRandom random = new SplittableRandom(5);
        final MemorySegment legal = Segments.of(new byte[] {1, 1, 1});
        for (int i = 0; i < TRANSITIONS; i++) {
            final float[] obs = new float[4];
            for (int k = 0; k < obs.length; k++) {
                obs[k] = (float) random.nextGaussian();
            }
            final MemorySegment seen = Segments.of(obs);
            Transitions.add(replay, 0, seen, random.nextInt(3), obs[0], 0.9f, seen, legal);
        }
        return replay;
    }

    private static double distance(final float[] a, final float[] b) {
        double squares = 0;
        for (int i = 0; i < a.length; i++) {
            squares += Math.pow(a[i] - b[i], 2);
        }
        return Math.sqrt(squares);
    }

    @Test
    void severalBatchesAreOneStepOnAllOfThem() {
        final UnaryOperator<LearnerBuilder> sgd =
                b -> b.optimizer((engine, p) -> new Sgd(engine, p, 0.1, 0.9, true, 0));
        final float[] whole = weights(b -> sgd.apply(b).batch(24), 4);
        final float[] parts =
                weights(b -> sgd.apply(b).batch(8).batchesPerUpdate(3).averageBatches(), 4);
        assertArrayEquals(whole, parts, 1e-6f); // the same draws, three at a time
    }

    @Test
    void gradientsOfSeveralBatchesAddUp() {
        final float[] thrice =
                weights(b -> b.batch(24).optimizer((engine, p) -> new Sgd(engine, p, 0.3)), 4);
        final float[] summed =
                weights(
                        b ->
                                b.batch(8)
                                        .batchesPerUpdate(3)
                                        .optimizer((engine, p) -> new Sgd(engine, p, 0.1)),
                        4);
        assertArrayEquals(thrice, summed, 1e-6f);
    }

    @Test
    void aStepIsNoLongerThanRateTimesTheNormAllowed() {
        final float[] start = weights(b -> b, 0);
        final UnaryOperator<LearnerBuilder> sgd =
                b -> b.optimizer((engine, p) -> new Sgd(engine, p, 0.5));
        final float[] free = weights(sgd, 1);
        final float[] bound = weights(b -> sgd.apply(b).gradientNorm(0.01f), 1);
        assertTrue(distance(start, free) > 0.01, "unbound step " + distance(start, free));
        assertEquals(0.5 * 0.01, distance(start, bound), 1e-6);
    }

    @Test
    void theRateFollowsItsSchedule() {
        final RateSchedule stopsAfterTwo = steps -> steps < 2 ? 0.1 : 0;
        final UnaryOperator<LearnerBuilder> scheduled =
                b ->
                        b.optimizer((engine, p) -> new RmsProp(engine, p, 1))
                                .learningRate(stopsAfterTwo);
        final float[] start = weights(scheduled, 0);
        final float[] two = weights(scheduled, 2);
        assertTrue(distance(start, two) > 0.01, "two steps " + distance(start, two));
        assertArrayEquals(two, weights(scheduled, 5));
    }

    @Test
    void everythingIsFreed() throws Exception {
        assertNoLeak(
                "cpu",
                1,
                engine -> {
                    try (QNet net = QNet.builder(engine).input(4).actions(3).build();
                            UniformReplay replay = filled(engine);
                            Learner learner =
                                    Learner.builder(net, replay)
                                            .batch(8)
                                            .batchesPerUpdate(2)
                                            .gradientNorm(1)
                                            .build()) {
                        learner.update();
                        assertTrue(learner.describe().contains("takeGradients"));
                    }
                });
    }
}

package greenwave.engine.dqn;

import static greenwave.engine.NoLeak.assertNoLeak;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import greenwave.engine.Engine;
import greenwave.engine.Segments;
import greenwave.engine.env.AgentGroup;
import greenwave.engine.nn.QNet;
import greenwave.engine.optim.Sgd;
import greenwave.engine.replay.PrioritizedReplay;
import greenwave.engine.replay.Replay;
import greenwave.engine.replay.Transitions;
import greenwave.engine.replay.UniformReplay;
import greenwave.kernels.Buffer;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/** Numbers that are not finite end a run, and the message says where they are. */
class DivergenceTest {
    private static final AgentGroup GROUP = new AgentGroup("2x3", List.of("agent"), 2, 3);

    private static QNet net(final Engine engine) {
        return QNet.builder(engine).input(2).linear(4).relu().actions(3).build();
    }

    private static Replay filled(final Replay replay, final float observed) {
        final MemorySegment obs = Segments.of(observed, 1);
        final MemorySegment legal = Segments.of(new byte[] {1, 1, 1});
        for (int i = 0; i < 8; i++) {
            Transitions.add(replay, 0, obs, 1, 0.5f, 0.9f, obs, legal);
        }
        return replay;
    }

    private static void poison(final Buffer buffer, final int index, final float value) {
        final float[] values = Segments.floats(buffer);
        values[index] = value;
        Segments.fill(buffer, values);
    }

    private static String message(final Learner learner) {
        return assertThrows(DivergedException.class, learner::requireFinite).getMessage();
    }

    @Test
    void theTensorIsNamed() throws Exception {
        assertNoLeak(
                "cpu",
                1,
                engine -> {
                    try (QNet net = net(engine);
                            Replay replay =
                                    filled(
                                            UniformReplay.builder(engine, GROUP)
                                                    .capacity(8)
                                                    .build(),
                                            1);
                            Learner learner = Learner.builder(net, replay).batch(4).build()) {
                        learner.update();
                        assertDoesNotThrow(learner::requireFinite);
                        final Buffer target = learner.target().parameters().all().get(3).value();
                        poison(target, 2, Float.NEGATIVE_INFINITY);
                        assertEquals(
                                "learner: target 2.bias[2]=-Infinity after update 1, expected a finite number",
                                message(learner));
                        poison(net.parameters().all().get(0).gradient(), 5, Float.NaN);
                        assertEquals(
                                "learner: gradient of 0.weight[5]=NaN after update 1, expected a finite number",
                                message(learner));
                        poison(net.parameters().all().get(2).value(), 11, Float.NaN);
                        assertEquals(
                                "learner: parameter 2.weight[11]=NaN after update 1, expected a finite number",
                                message(learner));
                    }
                });
    }

    @Test
    void largeNumbersAreFinite() throws Exception {
        assertNoLeak(
                "cpu",
                1,
                engine -> {
                    try (QNet net = net(engine);
                            Replay replay =
                                    filled(
                                            UniformReplay.builder(engine, GROUP)
                                                    .capacity(8)
                                                    .build(),
                                            1);
                            Learner learner = Learner.builder(net, replay).batch(4).build()) {
                        poison(net.parameters().all().get(0).value(), 0, Float.MAX_VALUE);
                        poison(net.parameters().all().get(0).value(), 1, Float.MAX_VALUE);
                        assertDoesNotThrow(learner::requireFinite);
                    }
                });
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aHundredUpdatesAreTheMostThatGoUnnoticed(final boolean prioritized) throws Exception {
        assertNoLeak(
                "cpu",
                1,
                engine -> {
                    final Replay empty =
                            prioritized
                                    ? PrioritizedReplay.builder(engine, GROUP).capacity(8).build()
                                    : UniformReplay.builder(engine, GROUP).capacity(8).build();
                    try (QNet net = net(engine);
                            Replay replay = filled(empty, Float.POSITIVE_INFINITY);
                            Learner learner = Learner.builder(net, replay).batch(4).build()) {
                        final DivergedException found =
                                assertThrows(
                                        DivergedException.class,
                                        () -> {
                                            for (int i = 0; i < 100; i++) {
                                                learner.update();
                                            }
                                        });
                        assertTrue(
                                found.getMessage().startsWith("learner: parameter 0.weight[0]=NaN"),
                                found.getMessage());
                    }
                });
    }

    @Test
    void noEpisodeIsToldOfOnceTrainingHasDiverged() throws Exception {
        final List<EpisodeReport> told = new ArrayList<>();
        assertNoLeak(
                "cpu",
                1,
                engine -> {
                    try (CorridorEnv env = new CorridorEnv(1);
                            QNet net = Variants.net(engine, CorridorEnv.GROUP, "mse");
                            Replay replay = Variants.replay(engine, CorridorEnv.GROUP, "mse");
                            Learner learner =
                                    Variants.learner(net, replay, "mse")
                                            .gradientClip(Float.POSITIVE_INFINITY)
                                            .optimizer((e, p) -> new Sgd(e, p, 1e6))
                                            .build()) {
                        assertThrows(
                                DivergedException.class,
                                () ->
                                        Trainer.of(env, learner)
                                                .onEpisode(told::add)
                                                .run(StopWhen.envSteps(2000)));
                    }
                });
        assertTrue(
                told.stream().allMatch(e -> e.updates() == 0 || Double.isFinite(e.meanLoss())),
                told::toString);
    }
}

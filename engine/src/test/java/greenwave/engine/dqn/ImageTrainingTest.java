package greenwave.engine.dqn;

import static greenwave.engine.NoLeak.assertNoLeak;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import greenwave.engine.Engine;
import greenwave.engine.Segments;
import greenwave.engine.env.AgentGroup;
import greenwave.engine.env.ImageSpec;
import greenwave.engine.nn.Conv2d;
import greenwave.engine.nn.Linear;
import greenwave.engine.nn.QNet;
import greenwave.engine.nn.QNetwork;
import greenwave.engine.nn.ReLU;
import greenwave.engine.nn.TwoInputQNet;
import greenwave.engine.replay.PrioritizedReplay;
import greenwave.engine.replay.Replay;
import greenwave.engine.replay.UniformReplay;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;

/** Networks that see images, from the environment's pixels to their actions. */
class ImageTrainingTest {
    private static QNet seeing(final Engine engine) {
        return QNet.builder(engine)
                .image(1, 8, 8)
                .conv2d(4, 3, 2)
                .batchNorm()
                .relu()
                .flatten()
                .actions(2)
                .build();
    }

    private static TwoInputQNet toldToo(final Engine engine) {
        return TwoInputQNet.builder(engine)
                .image(1, 8, 8, new Conv2d(1, 4, 3, 2), new ReLU())
                .vector(1, new Linear(1, 8), new ReLU())
                .hidden(16)
                .actions(2);
    }

    /** The actions on left and right pictures, and if there is a vector on each with -1, then with +1. */
    private static int[] greedy(final QNetwork net) {
        final int rows = net.obsSize() == 0 ? 2 : 4;
        final int[] actions = new int[rows];
        try (Arena arena = Arena.ofConfined();
                Policy policy = Policy.of(net)) {
            final MemorySegment images = arena.allocate((long) rows * PictureEnv.IMAGE.size());
            final MemorySegment obs = arena.allocate(ValueLayout.JAVA_FLOAT, rows);
            for (int row = 0; row < rows; row++) {
                PictureEnv.paint(images, row, row % 2 == 1);
                obs.setAtIndex(ValueLayout.JAVA_FLOAT, row, row < 2 ? -1 : 1);
            }
            policy.act(net.obsSize() == 0 ? null : obs, images, null, actions);
        }
        return actions;
    }

    private static void train(
            final AgentGroup group, final QNetwork net, final Replay replay, final int steps) {
        try (PictureEnv env = new PictureEnv(group, 2);
                Learner learner =
                        Learner.builder(net, replay)
                                .batch(16)
                                .learningRate(5e-3)
                                .tau(0.05f)
                                .build()) {
            Trainer.of(env, learner)
                    .epsilon(Schedule.linear(1, 0.1, steps / 2))
                    .updatesPerStep(0.5)
                    .run(StopWhen.envSteps(steps));
        }
    }

    @ParameterizedTest(name = "seed {0}, {1}")
    @CsvSource({"1, uniform", "2, uniform", "1, prioritized"})
    void aConvolutionalNetworkLearnsFromPicturesAlone(final long seed, final String kind)
            throws Exception {
        assertNoLeak(
                "cpu",
                seed,
                engine -> {
                    try (QNet net = seeing(engine);
                            Replay replay =
                                    kind.equals("uniform")
                                            ? UniformReplay.builder(engine, PictureEnv.SEEING)
                                                    .nStep(1, 0.5f)
                                                    .build()
                                            : PrioritizedReplay.builder(engine, PictureEnv.SEEING)
                                                    .nStep(2, 0.5f)
                                                    .build()) {
                        train(PictureEnv.SEEING, net, replay, 800);
                        assertArrayEquals(new int[] {0, 1}, greedy(net));
                    }
                });
    }

    @ParameterizedTest(name = "seed {0}")
    @CsvSource({"1", "2"})
    void aTwoInputNetworkLearnsWhatNeitherInputTells(final long seed) throws Exception {
        assertNoLeak(
                "cpu",
                seed,
                engine -> {
                    try (TwoInputQNet net = toldToo(engine);
                            Replay replay =
                                    UniformReplay.builder(engine, PictureEnv.TOLD_TOO)
                                            .nStep(1, 0.5f)
                                            .build()) {
                        train(PictureEnv.TOLD_TOO, net, replay, 1600);
                        assertArrayEquals(new int[] {1, 0, 0, 1}, greedy(net));
                    }
                });
    }

    @Test
    void theTutorialsConvolutionalNetworkHasItsShapes() throws Exception {
        assertNoLeak(
                "cpu",
                1,
                engine -> {
                    try (QNet net =
                            QNet.builder(engine)
                                    .image(3, 40, 90)
                                    .conv2d(16, 5, 2)
                                    .batchNorm()
                                    .relu()
                                    .conv2d(32, 5, 2)
                                    .batchNorm()
                                    .relu()
                                    .conv2d(32, 5, 2)
                                    .batchNorm()
                                    .relu()
                                    .flatten()
                                    .actions(2)
                                    .build()) {
                        final var names =
                                net.parameters().all().stream()
                                        .map(p -> p.name() + p.shape())
                                        .toList();
                        assertEquals("0.weight[16, 3, 5, 5]", names.getFirst());
                        assertEquals("10.weight[2, 512]", names.get(names.size() - 2));
                        assertEquals(new ImageSpec(3, 40, 90), net.image());
                        assertEquals(0, net.obsSize());
                    }
                });
    }

    @Test
    void whatDoesNotFitIsNamed() throws Exception {
        assertNoLeak(
                "cpu",
                1,
                engine -> {
                    assertEquals(
                            "AgentGroup: name=x, agents=[a], obsSize=0, actions=2, image=null, expected at"
                                    + " least 1 agent, obsSize >= 1 or an image, actions >= 2",
                            refusal(() -> new AgentGroup("x", List.of("a"), 0, 2)));
                    assertEquals(
                            "ImageSpec: channels=1, height=0, width=3, expected each >= 1",
                            refusal(() -> new ImageSpec(1, 0, 3)));
                    assertEquals(
                            "QNet: image=ImageSpec[channels=1, height=2, width=3], earlier input=[4],"
                                    + " expected one input",
                            refusal(() -> QNet.builder(engine).input(4).image(1, 2, 3)));
                    assertEquals(
                            "QNet: linear=3, input=[1, 8, 8], expected input(...) or flatten() before"
                                    + " it",
                            assertThrows(
                                            IllegalStateException.class,
                                            () -> QNet.builder(engine).image(1, 8, 8).linear(3))
                                    .getMessage());
                    try (QNet net = seeing(engine);
                            Policy policy = Policy.of(net);
                            PictureEnv env = new PictureEnv(PictureEnv.TOLD_TOO, 1);
                            Learner learner = Learner.builder(net, new RecordingReplay()).build()) {
                        assertEquals(
                                "act: image=3 bytes, expected u8 [1, 64]",
                                refusal(
                                        () ->
                                                policy.act(
                                                        null,
                                                        Segments.of(new byte[3]),
                                                        null,
                                                        new int[1])));
                        assertEquals(
                                "Trainer: group=both, network obsSize=0, actions=2,"
                                        + " image=ImageSpec[channels=1, height=8, width=8], expected"
                                        + " obsSize=1, actions=2, image=ImageSpec[channels=1,"
                                        + " height=8, width=8]",
                                refusal(() -> Trainer.of(env, learner)));
                    }
                });
    }

    private static String refusal(final Runnable call) {
        return assertThrows(IllegalArgumentException.class, call::run).getMessage();
    }
}

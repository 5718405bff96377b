package greenwave.engine.dqn;

import static greenwave.engine.NoLeak.assertNoLeak;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import greenwave.engine.Engine;
import greenwave.engine.Segments;
import greenwave.engine.Tested;
import greenwave.engine.autograd.Parameter;
import greenwave.engine.env.AgentGroup;
import greenwave.engine.nn.Conv2d;
import greenwave.engine.nn.Linear;
import greenwave.engine.nn.MaxPool2d;
import greenwave.engine.nn.QNet;
import greenwave.engine.nn.QNetwork;
import greenwave.engine.nn.ReLU;
import greenwave.engine.nn.TwoInputQNet;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Whole updates of networks as they are trained: on a backend and by the plain loops. */
@Tag("backend")
class BackendStepTest {
    private static final AgentGroup VECTOR = new AgentGroup("vector", List.of("a"), 9, 5);
    private static final int UPDATES = 4;
    private static final int BATCH = 37;
    private static final double TOLERANCE = 2e-5; // relative: AdamW divides by the gradient's size

    private static QNetwork layers(final Engine engine) {
        return QNet.builder(engine).input(9).linear(33).relu().linear(17).relu().actions(5).build();
    }

    private static QNetwork imageAndVector(final Engine engine) {
        return TwoInputQNet.builder(engine)
                .image(
                        1,
                        8,
                        8,
                        new Conv2d(1, 4, 3, 1),
                        new ReLU(),
                        new MaxPool2d(2),
                        new Conv2d(4, 6, 2, 1),
                        new ReLU())
                .vector(1, new Linear(1, 8), new ReLU())
                .hidden(16)
                .actions(2);
    }

    /** Losses and all weights after each update. */
    private static Map<String, float[]> train(
            final String backend, final AgentGroup group, final Function<Engine, QNetwork> net)
            throws Exception {
        final Map<String, float[]> seen = new LinkedHashMap<>();
        assertNoLeak(
                backend,
                5,
                engine -> {
                    try (QNetwork online = net.apply(engine);
                            Learner learner =
                                    Learner.builder(online, new RandomBatches(group))
                                            .batch(BATCH)
                                            .learningRate(1e-3)
                                            .doubleQ(true)
                                            .gradientClip(0.5f)
                                            .tau(0.1f)
                                            .build()) {
                        for (int update = 1; update <= UPDATES; update++) {
                            learner.update();
                            seen.put("loss " + update, new float[] {learner.loss()});
                            note(seen, "online " + update, learner.net());
                            note(seen, "target " + update, learner.target());
                        }
                    }
                });
        return seen;
    }

    private static void note(
            final Map<String, float[]> seen, final String what, final QNetwork net) {
        for (final Parameter p : net.parameters().all()) {
            seen.put(what + " " + p.name(), Segments.floats(p.value()));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"layers", "image and vector"})
    void updatesAreThoseOfThePlainLoops(final String kind) throws Exception {
        final boolean layers = kind.equals("layers");
        final AgentGroup group = layers ? VECTOR : PictureEnv.TOLD_TOO;
        final Function<Engine, QNetwork> net =
                layers ? BackendStepTest::layers : BackendStepTest::imageAndVector;
        final Map<String, float[]> expected = train("reference", group, net);
        final Map<String, float[]> actual = train(Tested.BACKEND, group, net);
        assertEquals(expected.keySet(), actual.keySet());
        assertNotEquals(expected.get("loss 1")[0], expected.get("loss 2")[0], "nothing is learnt");
        expected.forEach(
                (name, values) -> {
                    final float[] given = actual.get(name);
                    assertEquals(values.length, given.length, name);
                    for (int i = 0; i < values.length; i++) {
                        final double bound = TOLERANCE * Math.max(1, Math.abs(values[i]));
                        assertEquals(values[i], given[i], bound, name + ", element " + i);
                    }
                });
    }
}

package greenwave.engine.dqn;

import static greenwave.engine.NoLeak.assertNoLeak;

import greenwave.engine.Engine;
import greenwave.engine.Segments;
import greenwave.engine.Tested;
import greenwave.engine.autograd.Parameter;
import greenwave.engine.nn.ActionValues;
import greenwave.engine.nn.QNet;
import greenwave.engine.optim.Sgd;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.stream.Stream;

/** Whole updates of each algorithm against those of PyTorch, recorded by src/test/python/make_algorithms.py. */
@Tag("backend")
class AlgorithmParityTest {
    private static final int UPDATES = 3;

    private static QNet net(final Engine engine, final String name) {
        final QNet.Builder builder = QNet.builder(engine).input(4).linear(8).relu();
        builder.values(
                switch (name) {
                    case "c51", "rainbow" -> ActionValues.categorical(7, -2, 3);
                    case "quantiles", "duelingQuantiles" -> ActionValues.quantiles(5);
                    default -> ActionValues.mean();
                });
        return (switch (name) {
                    case "dueling", "rainbow", "duelingQuantiles" -> builder.dueling(3);
                    default -> builder.actions(3);
                })
                .build();
    }

    private static Learner learner(final QNet net, final FixedReplay replay, final String name) {
        final LearnerBuilder builder =
                Learner.builder(net, replay)
                        .batch(replay.capacity())
                        .gradientClip(Float.POSITIVE_INFINITY)
                        .optimizer((engine, parameters) -> new Sgd(engine, parameters, 0.05))
                        .tau(0.1f);
        switch (name) {
            case "double", "rainbow" -> builder.doubleQ(true).targetUpdate(TargetUpdate.hard(2));
            case "duelingQuantiles" -> builder.doubleQ(true);
            case "dueling" -> builder.squaredError();
            case "seed" -> builder.timesError().batchesPerUpdate(2);
            default -> {}
        }
        return builder.build();
    }

    static Stream<Arguments> namesAndBackends() {
        return Stream.of(
                        "dqn",
                        "double",
                        "dueling",
                        "seed",
                        "c51",
                        "rainbow",
                        "quantiles",
                        "duelingQuantiles")
                .flatMap(name -> Tested.backends().map(backend -> Arguments.of(name, backend)));
    }

    @ParameterizedTest
    @MethodSource("namesAndBackends")
    void updatesAreThoseOfPyTorch(final String name, final String backend) throws Exception {
        final Recording recorded = Recording.of("algorithms.safetensors");
        assertNoLeak(
                backend,
                1,
                engine -> {
                    final FixedReplay replay = new FixedReplay(recorded);
                    try (QNet net = net(engine, name);
                            Learner learner = learner(net, replay, name)) {
                        recorded.load(name + ".online.", net.parameters());
                        recorded.load(name + ".target.", learner.target().parameters());
                        for (int update = 1; update <= UPDATES; update++) {
                            learner.update();
                            final String prefix = name + "." + update + ".";
                            recorded.assertClose(prefix + "loss", learner.loss());
                            recorded.assertClose(prefix + "errors", replay.errors());
                            assertWeights(recorded, prefix, learner);
                        }
                    }
                });
    }

    private static void assertWeights(
            final Recording recorded, final String prefix, final Learner learner) {
        for (final Parameter p : learner.net().parameters().all()) {
            recorded.assertClose(prefix + "gradient." + p.name(), Segments.floats(p.gradient()));
            recorded.assertClose(prefix + "online." + p.name(), Segments.floats(p.value()));
        }
        for (final Parameter p : learner.target().parameters().all()) {
            recorded.assertClose(prefix + "target." + p.name(), Segments.floats(p.value()));
        }
    }
}

package greenwave.engine.dqn;

import static greenwave.engine.NoLeak.assertNoLeak;

import greenwave.engine.Engine;
import greenwave.engine.Segments;
import greenwave.engine.autograd.Parameter;
import greenwave.engine.nn.QNet;
import greenwave.kernels.Buffer;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whole updates against those of PyTorch, recorded by src/test/python/make_train_step.py. */
@Tag("backend")
class TrainStepParityTest {
    private static final int UPDATES = 3;
    private static final float CLIP = 0.02f;

    @ParameterizedTest
    @MethodSource("greenwave.engine.Tested#backends")
    void updatesAreThoseOfPyTorch(final String backend) throws Exception {
        final Recording recorded = Recording.of("train-step.safetensors");
        assertNoLeak(
                backend,
                1,
                engine -> {
                    try (QNet net = recordedNet(engine, recorded);
                            Learner learner = recordedLearner(net, recorded)) {
                        for (int update = 1; update <= UPDATES; update++) {
                            learner.update();
                            assertUpdate(recorded, update + ".", learner);
                        }
                    }
                });
    }

    private static QNet recordedNet(final Engine engine, final Recording recorded) {
        final QNet net =
                QNet.builder(engine).input(5).linear(17).relu().linear(9).relu().actions(3).build();
        recorded.load("before.", net.parameters());
        return net;
    }

    private static Learner recordedLearner(final QNet net, final Recording recorded) {
        return Learner.builder(net, new FixedReplay(recorded))
                .batch(21)
                .learningRate(1e-3)
                .weightDecay(0.01)
                .tau(0.05f)
                .gradientClip(CLIP)
                .huberBeta(1)
                .build();
    }

    private static void assertUpdate(
            final Recording recorded, final String update, final Learner learner) {
        recorded.assertClose(update + "loss", learner.loss());
        for (final Parameter p : learner.net().parameters().all()) {
            recorded.assertClose(update + "gradient." + p.name(), clipped(p.gradient()));
            recorded.assertClose(update + "online." + p.name(), Segments.floats(p.value()));
        }
        for (final Parameter p : learner.target().parameters().all()) {
            recorded.assertClose(update + "target." + p.name(), Segments.floats(p.value()));
        }
    }

    /** The step clips each gradient as it comes to it, and PyTorch's was recorded after its clip. */
    private static float[] clipped(final Buffer gradient) {
        final float[] values = Segments.floats(gradient);
        for (int i = 0; i < values.length; i++) {
            values[i] = Math.clamp(values[i], -CLIP, CLIP);
        }
        return values;
    }
}

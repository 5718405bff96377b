package greenwave.engine.dqn;

import static greenwave.engine.NoLeak.assertNoLeak;

import static org.junit.jupiter.api.Assertions.assertEquals;

import greenwave.engine.Engine;
import greenwave.engine.Segments;
import greenwave.engine.autograd.Parameter;
import greenwave.engine.io.Safetensors;
import greenwave.engine.nn.QNet;
import greenwave.kernels.Buffer;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.Map;

/** Whole updates against those of PyTorch, recorded by src/test/python/make_train_step.py. */
class TrainStepParityTest {
    private static final int UPDATES = 3;
    private static final double TOLERANCE = 1e-5; // of the largest element of a tensor

    private static final float CLIP = 0.02f;

    private static Map<String, Safetensors.Entry> recording() throws Exception {
        final var resource = TrainStepParityTest.class.getResource("train-step.safetensors");
        return Safetensors.read(Path.of(resource.toURI())).tensors();
    }

    @ParameterizedTest
    @ValueSource(strings = {"cpu", "reference"})
    void updatesAreThoseOfPyTorch(final String backend) throws Exception {
        final Map<String, Safetensors.Entry> recorded = recording();
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

    private static QNet recordedNet(
            final Engine engine, final Map<String, Safetensors.Entry> recorded) throws IOException {
        final QNet net =
                QNet.builder(engine).input(5).linear(17).relu().linear(9).relu().actions(3).build();
        for (final Parameter p : net.parameters().all()) {
            final Safetensors.Entry entry = recorded.get("before." + p.name());
            assertEquals(entry.shape(), p.shape(), p.name());
            p.value().upload(0, entry.data(), 0, p.shape().size());
        }
        return net;
    }

    private static Learner recordedLearner(
            final QNet net, final Map<String, Safetensors.Entry> recorded) {
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
            final Map<String, Safetensors.Entry> recorded,
            final String update,
            final Learner learner) {
        final float loss = floats(recorded.get(update + "loss"))[0];
        assertEquals(loss, learner.loss(), TOLERANCE * loss);
        for (final Parameter p : learner.net().parameters().all()) {
            assertClose(recorded, update + "gradient." + p.name(), clipped(p.gradient()));
            assertClose(recorded, update + "online." + p.name(), Segments.floats(p.value()));
        }
        for (final Parameter p : learner.target().parameters().all()) {
            assertClose(recorded, update + "target." + p.name(), Segments.floats(p.value()));
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

    private static void assertClose(
            final Map<String, Safetensors.Entry> recorded,
            final String name,
            final float[] actual) {
        final float[] expected = floats(recorded.get(name));
        assertEquals(expected.length, actual.length, name);
        double largest = 0;
        for (final float value : expected) {
            largest = Math.max(largest, Math.abs(value));
        }
        for (int i = 0; i < expected.length; i++) {
            assertEquals(expected[i], actual[i], TOLERANCE * largest, name + "[" + i + "]");
        }
    }

    private static float[] floats(final Safetensors.Entry entry) {
        return entry.data().toArray(ValueLayout.JAVA_FLOAT_UNALIGNED);
    }
}

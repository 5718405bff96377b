package greenwave.engine.nn;

import static greenwave.engine.NoLeak.assertNoLeak;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;

import greenwave.engine.Engine;
import greenwave.engine.Segments;
import greenwave.engine.autograd.Plan;
import greenwave.engine.autograd.Trace;
import greenwave.engine.tensor.Tensor;
import greenwave.kernels.DType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;

/** Exported models, run by ONNX Runtime, give our numbers. */
class OnnxFileTest {
    private static final double TOLERANCE = 1e-5; // of the largest output

    @TempDir Path folder;

    private static float[] gaussian(final int length) {
        final SplittableRandom random = new SplittableRandom(length);
        final float[] values = new float[length];
        for (int i = 0; i < length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    /** The rows of output {@code q}, one after another. */
    private static float[] runByOnnxRuntime(
            final Path model, final int rows, final int width, final float[] obs)
            throws OrtException {
        final OrtEnvironment environment = OrtEnvironment.getEnvironment();
        try (OrtSession session = environment.createSession(model.toString());
                OnnxTensor input =
                        OnnxTensor.createTensor(
                                environment, FloatBuffer.wrap(obs), new long[] {rows, width});
                OrtSession.Result result = session.run(Map.of("obs", input))) {
            final OnnxTensor q = (OnnxTensor) result.get("q").orElseThrow();
            final float[] values = new float[q.getFloatBuffer().remaining()];
            q.getFloatBuffer().get(values);
            return values;
        }
    }

    private static float[] runByUs(
            final Engine engine,
            final int rows,
            final int width,
            final float[] obs,
            final UnaryOperator<Tensor> net) {
        final Trace trace = new Trace();
        final Tensor input = trace.input("obs", DType.F32, rows, width);
        final Tensor q = net.apply(input);
        try (Plan plan = Plan.builder(engine.backend(), trace).build()) {
            Segments.fill(plan.buffer(input), obs);
            plan.run();
            return Segments.floats(plan.buffer(q));
        }
    }

    private static void assertClose(final float[] expected, final float[] actual) {
        assertEquals(expected.length, actual.length);
        double largest = 0;
        for (final float value : expected) {
            largest = Math.max(largest, Math.abs(value));
        }
        for (int i = 0; i < expected.length; i++) {
            assertEquals(expected[i], actual[i], TOLERANCE * largest, "q[" + i + "]");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 17})
    void aNetworkGivesTheSameValuesForAnyNumberOfRows(final int rows) throws Exception {
        final Path file = folder.resolve("policy.onnx");
        assertNoLeak(
                "cpu",
                4,
                engine -> {
                    try (QNet net =
                            QNet.builder(engine)
                                    .input(33)
                                    .linear(128)
                                    .relu()
                                    .linear(7)
                                    .relu()
                                    .actions(8)
                                    .build()) {
                        OnnxFile.export(net, file);
                        final float[] obs = gaussian(rows * 33);
                        assertClose(
                                runByUs(engine, rows, 33, obs, net::forward),
                                runByOnnxRuntime(file, rows, 33, obs));
                    }
                });
    }

    @Test
    void elementwiseOpsAreTranslated() throws Exception {
        final Path file = folder.resolve("ops.onnx");
        final UnaryOperator<Tensor> ops =
                x -> x.mul(2).add(0.5f).mul(x).sub(x.relu().detach()).add(x.neg());
        final Trace trace = new Trace();
        OnnxFile.translate(trace, ops.apply(trace.input("obs", DType.F32, 1, 5))).write(file);
        final float[] obs = gaussian(15);
        assertNoLeak(
                "reference",
                1,
                engine ->
                        assertClose(
                                runByUs(engine, 3, 5, obs, ops),
                                runByOnnxRuntime(file, 3, 5, obs)));
    }

    @Test
    void aModelSaysWhatItTakesAndYields() throws Exception {
        final Path file = folder.resolve("policy.onnx");
        assertNoLeak(
                "reference",
                1,
                engine -> {
                    try (QNet net = QNet.builder(engine).input(4).actions(2).build()) {
                        OnnxFile.export(net, file);
                    }
                });
        try (OrtSession session = OrtEnvironment.getEnvironment().createSession(file.toString())) {
            final TensorInfo in = (TensorInfo) session.getInputInfo().get("obs").getInfo();
            final TensorInfo out = (TensorInfo) session.getOutputInfo().get("q").getInfo();
            assertEquals("[N, 4]", dims(in));
            assertEquals("[N, 2]", dims(out));
            assertEquals(1, session.getNumInputs());
            assertEquals("greenwave", session.getMetadata().getProducerName());
        }
    }

    private static String dims(final TensorInfo info) {
        return "[%s, %d]".formatted(info.getDimensionNames()[0], info.getShape()[1]);
    }

    @Test
    void anOpWithoutTranslationIsRefusedByName() {
        final Trace trace = new Trace();
        final Tensor q = trace.input("obs", DType.F32, 1, 5).max(1);
        final IllegalArgumentException e =
                assertThrows(IllegalArgumentException.class, () -> OnnxFile.translate(trace, q));
        assertEquals(
                "onnx: op=max, expected one of [add, affine, detach, linear, mul, relu, sub]",
                e.getMessage());
    }

    @Test
    void equalNetworksGiveEqualFiles() throws Exception {
        final Path[] files = {folder.resolve("a.onnx"), folder.resolve("b.onnx")};
        for (final Path file : files) {
            assertNoLeak(
                    "cpu",
                    9,
                    engine -> {
                        try (QNet net = QNet.builder(engine).input(4).actions(2).build()) {
                            OnnxFile.export(net, file);
                        }
                    });
        }
        assertEquals(-1, Files.mismatch(files[0], files[1]));
    }
}

package greenwave.engine.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;

import greenwave.engine.Engine;
import greenwave.engine.Segments;
import greenwave.engine.autograd.Plan;
import greenwave.engine.autograd.Trace;
import greenwave.engine.tensor.Tensor;
import greenwave.kernels.Buffer;
import greenwave.kernels.DType;

import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** Runs a model by ONNX Runtime beside the computation that it was made from, on the same invented inputs. */
final class OnnxRuntime {
    private static final double TOLERANCE = 1e-5; // of the largest output
    private static final int INDICES = 3; // i32 inputs are indices below this

    private OnnxRuntime() {}

    private static List<Trace.Node> inputs(final Trace trace) {
        return trace.nodes().stream()
                .filter(n -> n.op() == null && n.parameter() == null && n.attributes().length == 0)
                .toList();
    }

    /** Fills the inputs of {@code plan}: f32 normal, u8 any or, if called legal, 0 or 1, i32 small indices. */
    static void fill(final Plan plan, final Trace trace) {
        for (final Trace.Node node : inputs(trace)) {
            final Buffer buffer = plan.buffer(node.out());
            final SplittableRandom random = new SplittableRandom(node.name().hashCode());
            final int length = Math.toIntExact(buffer.length());
            switch (buffer.dtype()) {
                case F32 -> {
                    final float[] values = new float[length];
                    for (int i = 0; i < length; i++) {
                        values[i] = (float) random.nextGaussian();
                    }
                    Segments.fill(buffer, values);
                }
                case U8 -> {
                    final byte[] values = new byte[length];
                    final int levels = node.name().equals("legal") ? 2 : 256;
                    for (int i = 0; i < length; i++) {
                        values[i] = (byte) random.nextInt(levels);
                    }
                    Segments.fill(buffer, values);
                }
                case I32 -> Segments.fill(buffer, random.ints(length, 0, INDICES).toArray());
            }
        }
    }

    private static OnnxTensor tensor(final Tensor input, final Buffer buffer) throws OrtException {
        final OrtEnvironment environment = OrtEnvironment.getEnvironment();
        final long[] dims = Arrays.stream(input.shape().dims()).asLongStream().toArray();
        return switch (buffer.dtype()) {
            case F32 ->
                    OnnxTensor.createTensor(
                            environment, FloatBuffer.wrap(Segments.floats(buffer)), dims);
            case I32 ->
                    OnnxTensor.createTensor(
                            environment, IntBuffer.wrap(Segments.ints(buffer)), dims);
            case U8 ->
                    OnnxTensor.createTensor(
                            environment,
                            ByteBuffer.wrap(Segments.bytes(buffer)),
                            dims,
                            OnnxJavaType.UINT8);
        };
    }

    /** Asserts that the model in {@code file} gives what {@code result} is. */
    static void assertSame(final Engine engine, final Path file, final Tensor result)
            throws OrtException {
        final Trace trace = result.trace();
        final Map<String, OnnxTensor> inputs = new HashMap<>();
        try (Plan plan = Plan.builder(engine.backend(), trace).build();
                OrtSession session =
                        OrtEnvironment.getEnvironment().createSession(file.toString())) {
            fill(plan, trace);
            for (final Trace.Node node : inputs(trace)) {
                if (session.getInputNames().contains(node.name())) {
                    inputs.put(node.name(), tensor(node.out(), plan.buffer(node.out())));
                }
            }
            plan.run();
            try (OrtSession.Result theirs = session.run(inputs)) {
                final OnnxTensor q = (OnnxTensor) theirs.get("q").orElseThrow();
                final long[] dims = Arrays.stream(result.shape().dims()).asLongStream().toArray();
                assertArrayEquals(dims, q.getInfo().getShape());
                assertSame(plan.buffer(result), q);
            }
        } finally {
            inputs.values().forEach(OnnxTensor::close);
        }
    }

    private static void assertSame(final Buffer ours, final OnnxTensor theirs) {
        if (ours.dtype() == DType.I32) {
            final IntBuffer found = theirs.getIntBuffer();
            for (final int expected : Segments.ints(ours)) {
                assertEquals(expected, found.get());
            }
            return;
        }
        final float[] expected = Segments.floats(ours);
        double largest = 0;
        for (final float value : expected) {
            largest = Math.max(largest, Math.abs(value));
        }
        final FloatBuffer found = theirs.getFloatBuffer();
        for (int i = 0; i < expected.length; i++) {
            assertEquals(expected[i], found.get(i), TOLERANCE * largest, "q[" + i + "]");
        }
    }
}

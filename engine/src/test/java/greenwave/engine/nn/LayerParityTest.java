package greenwave.engine.nn;

import static greenwave.engine.NoLeak.assertNoLeak;

import static org.junit.jupiter.api.Assertions.assertEquals;

import greenwave.engine.Engine;
import greenwave.engine.Segments;
import greenwave.engine.Tested;
import greenwave.engine.autograd.Parameter;
import greenwave.engine.autograd.Plan;
import greenwave.engine.autograd.Trace;
import greenwave.engine.io.Safetensors;
import greenwave.engine.tensor.Tensor;
import greenwave.kernels.Buffer;
import greenwave.kernels.DType;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Single layers, forward and backward, against those of PyTorch, recorded by src/test/python/make_layers.py. */
@Tag("backend")
class LayerParityTest {
    private static final double TOLERANCE = 1e-5; // of the largest element of a tensor

    /** What a case computes from its recorded inputs. */
    interface Layer {
        Tensor forward(Inputs in);
    }

    /** The recorded inputs of a case as leaves of a trace: those with a recorded gradient are trained. */
    static final class Inputs implements AutoCloseable {
        private final Engine engine;
        private final Map<String, Safetensors.Entry> recorded;
        private final String name;
        private final Trace trace = new Trace();
        private final Map<String, Parameter> parameters = new LinkedHashMap<>();
        private final List<Buffer> owned = new ArrayList<>();
        private Tensor label; // null where there is none

        Inputs(
                final Engine engine,
                final Map<String, Safetensors.Entry> recorded,
                final String name) {
            this.engine = engine;
            this.recorded = recorded;
            this.name = name;
        }

        private Buffer allocate(final long length) {
            final Buffer buffer = engine.backend().allocate(DType.F32, length);
            owned.add(buffer);
            return buffer;
        }

        Tensor get(final String input) {
            final Safetensors.Entry entry = recorded.get(name + "." + input);
            final long size = entry.shape().size();
            final boolean trained = recorded.containsKey(name + ".d" + input);
            final Buffer value = allocate(size);
            value.upload(0, entry.data(), 0, size);
            final Parameter parameter =
                    new Parameter(input, entry.shape(), value, trained ? allocate(size) : null);
            parameters.put(input, parameter);
            return trace.parameter(parameter);
        }

        @Override
        public void close() {
            owned.forEach(Buffer::close);
        }
    }

    private static Tensor batchNorm(final Inputs in) {
        return Functional.batchNormTraining(
                in.get("x"),
                in.get("weight"),
                in.get("bias"),
                in.get("mean"),
                in.get("variance"),
                0.1f,
                1e-5f);
    }

    static Stream<Arguments> layers() {
        final Map<String, Layer> layers = new LinkedHashMap<>();
        layers.put("gelu", in -> in.get("x").gelu());
        layers.put(
                "conv",
                in ->
                        Functional.conv2d(
                                in.get("x"),
                                in.get("weight"),
                                in.get("bias"),
                                new Pair(2, 1),
                                new Pair(1, 2),
                                new Pair(2, 3),
                                2));
        layers.put("batchNorm1d", LayerParityTest::batchNorm);
        layers.put("batchNorm2d", LayerParityTest::batchNorm);
        layers.put(
                "batchNormEval",
                in ->
                        Functional.batchNorm(
                                in.get("x"),
                                in.get("weight"),
                                in.get("bias"),
                                in.get("mean"),
                                in.get("variance"),
                                1e-5f));
        layers.put(
                "layerNorm",
                in -> Functional.layerNorm(in.get("x"), in.get("weight"), in.get("bias"), 1e-5f));
        layers.put(
                "maxPool",
                in ->
                        Functional.maxPool2d(
                                in.get("x"),
                                new Pair(3, 2),
                                new Pair(2, 3),
                                new Pair(1, 0),
                                new Pair(2, 1)));
        layers.put(
                "avgPool",
                in -> Functional.avgPool2d(in.get("x"), Pair.of(3), Pair.of(2), Pair.of(1)));
        layers.put(
                "crossEntropy",
                in -> {
                    final Tensor x = in.get("x");
                    in.label = x.trace().input("label", DType.I32, x.shape().dim(0));
                    return Functional.crossEntropy(x, in.label);
                });
        return Tested.backends()
                .flatMap(
                        backend ->
                                layers.entrySet().stream()
                                        .map(e -> Arguments.of(e.getKey(), backend, e.getValue())));
    }

    @ParameterizedTest(name = "{0} on {1}")
    @MethodSource("layers")
    void isThatOfPyTorch(final String name, final String backend, final Layer layer)
            throws Exception {
        final var resource = LayerParityTest.class.getResource("layers.safetensors");
        final Map<String, Safetensors.Entry> recorded =
                Safetensors.read(Path.of(resource.toURI())).tensors();
        assertNoLeak(
                backend,
                1,
                engine -> {
                    try (Inputs in = new Inputs(engine, recorded, name)) {
                        assertParity(engine, recorded, name, layer, in);
                    }
                });
    }

    private static void assertParity(
            final Engine engine,
            final Map<String, Safetensors.Entry> recorded,
            final String name,
            final Layer layer,
            final Inputs in) {
        final Tensor y = layer.forward(in);
        final Tensor dy = in.trace.input("dy", DType.F32, y.shape().dims());
        final Tensor loss = y.mul(dy).sum();
        try (Plan plan =
                Plan.builder(engine.backend(), in.trace).gradientsOf(loss).keep(y).build()) {
            final Safetensors.Entry slope = recorded.get(name + ".dy");
            plan.buffer(dy).upload(0, slope.data(), 0, slope.shape().size());
            if (in.label != null) {
                final Safetensors.Entry label = recorded.get(name + ".label");
                plan.buffer(in.label).upload(0, label.data(), 0, label.shape().size());
            }
            plan.run();
            assertClose(recorded, name + ".y", plan.buffer(y));
            in.parameters.forEach(
                    (input, parameter) -> {
                        if (parameter.trained()) {
                            assertClose(recorded, name + ".d" + input, parameter.gradient());
                        } else if (recorded.containsKey(name + "." + input + "After")) {
                            assertClose(recorded, name + "." + input + "After", parameter.value());
                        }
                    });
        }
    }

    private static void assertClose(
            final Map<String, Safetensors.Entry> recorded, final String key, final Buffer actual) {
        final float[] expected = recorded.get(key).data().toArray(ValueLayout.JAVA_FLOAT_UNALIGNED);
        final float[] found = Segments.floats(actual);
        double most = 1e-3;
        for (final float value : expected) {
            most = Math.max(most, Math.abs(value));
        }
        assertEquals(expected.length, found.length, key);
        for (int i = 0; i < expected.length; i++) {
            assertEquals(expected[i], found[i], TOLERANCE * most, key + " element " + i);
        }
    }
}

package greenwave.engine.nn;

import static greenwave.engine.NoLeak.assertNoLeak;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import greenwave.engine.Segments;
import greenwave.engine.Tested;
import greenwave.engine.autograd.Parameter;
import greenwave.engine.autograd.Plan;
import greenwave.engine.autograd.Trace;
import greenwave.engine.tensor.Tensor;
import greenwave.kernels.DType;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;

/** Layers on their own; first values have the distributions that torch.nn's reset_parameters gives them (read off PyTorch 1.13 and 2.10). */
@Tag("backend")
class LayersTest {
    /** Mean, standard deviation and largest magnitude of a distribution. */
    record Distribution(double mean, double deviation, double most) {
        /** kaiming_uniform_ with a = sqrt(5) is uniform within 1 / sqrt(fan in), as the biases are. */
        static Distribution uniform(final int fanIn) {
            final double bound = 1 / Math.sqrt(fanIn);
            return new Distribution(0, bound / Math.sqrt(3), bound);
        }

        static Distribution constant(final double value) {
            return new Distribution(value, 0, Math.abs(value));
        }
    }

    static Stream<Arguments> layers() {
        final Map<String, Distribution> conv =
                Map.of(
                        "weight", Distribution.uniform(12 / 3 * 5 * 4),
                        "bias", Distribution.uniform(12 / 3 * 5 * 4));
        final Map<String, Distribution> affine =
                Map.of("weight", Distribution.constant(1), "bias", Distribution.constant(0));
        final Map<String, Distribution> batchNorm = new LinkedHashMap<>(affine);
        batchNorm.put("running_mean", Distribution.constant(0));
        batchNorm.put("running_var", Distribution.constant(1));
        final Map<String, Distribution> noisy =
                Map.of(
                        "weight_mu", Distribution.uniform(50),
                        "bias_mu", Distribution.uniform(50),
                        "weight_sigma", Distribution.constant(0.5 / Math.sqrt(50)),
                        "bias_sigma", Distribution.constant(0.5 / Math.sqrt(50)));
        return Stream.of(
                Arguments.of(
                        new Linear(50, 2_000),
                        Map.of(
                                "weight", Distribution.uniform(50),
                                "bias", Distribution.uniform(50))),
                Arguments.of(
                        new Conv2d(12, 999, new Pair(5, 4), Pair.of(1), Pair.of(0), Pair.of(1), 3),
                        conv),
                Arguments.of(new BatchNorm(1_000), batchNorm),
                Arguments.of(new LayerNorm(30, 40), affine),
                Arguments.of(new NoisyLinear(50, 1_000), noisy),
                Arguments.of(
                        new Embedding(2_000, 20),
                        Map.of("weight", new Distribution(0, 1, Double.POSITIVE_INFINITY))));
    }

    @ParameterizedTest
    @MethodSource("layers")
    void areDistributedAsPyTorchs(final Module layer, final Map<String, Distribution> expected)
            throws Exception {
        assertNoLeak(
                "reference",
                5,
                engine -> {
                    final ParameterLayout layout = new ParameterLayout();
                    layer.declare(layout, "");
                    try (Parameters parameters = new Parameters(engine.backend(), layout, true)) {
                        parameters.initialise(engine.random("init"));
                        assertEquals(expected.size(), parameters.all().size());
                        parameters.all().forEach(p -> assertLike(expected.get(p.name()), p));
                    }
                });
    }

    private static void assertLike(final Distribution expected, final Parameter parameter) {
        final float[] values = Segments.floats(parameter.value());
        double sum = 0;
        double squares = 0;
        double most = 0;
        for (final float value : values) {
            sum += value;
            squares += (value - expected.mean()) * (value - expected.mean());
            most = Math.max(most, Math.abs(value));
        }
        final double six = 6 / Math.sqrt(values.length); // standard errors
        final String name = parameter.name();
        assertEquals(expected.mean(), sum / values.length, six * expected.deviation() + 1e-6, name);
        final double deviation = Math.sqrt(squares / values.length);
        assertEquals(expected.deviation(), deviation, six * expected.deviation() + 1e-6, name);
        assertTrue(most <= expected.most() * (1 + 1e-6), name + ", most=" + most);
        if (expected.deviation() > 0 && Double.isFinite(expected.most())) {
            assertTrue(most > 0.98 * expected.most(), name + ", most=" + most);
        }
    }

    @Test
    void theMeanSquaredErrorIsAScalar() throws Exception {
        assertNoLeak(
                Tested.BACKEND,
                5,
                engine -> {
                    final Trace trace = new Trace();
                    final Tensor x = trace.input("x", DType.F32, 2, 2);
                    final Tensor loss = Functional.mse(x, trace.input("goal", DType.F32, 2, 1));
                    try (Plan plan = Plan.builder(engine.backend(), trace).build()) {
                        Segments.fill(plan.buffer(x), new float[] {1, -2, 3, 0.5f});
                        plan.run(); // the goal is zero
                        assertEquals(3.5625f, Segments.floats(plan.buffer(loss))[0]);
                    }
                });
    }

    @Test
    void anEmbeddingLooksItsRowsUp() throws Exception {
        assertNoLeak(
                Tested.BACKEND,
                5,
                engine -> {
                    final ParameterLayout layout = new ParameterLayout();
                    final Embedding layer = new Embedding(4, 3);
                    layer.declare(layout, "");
                    try (Parameters parameters = new Parameters(engine.backend(), layout, true)) {
                        parameters.initialise(engine.random("init"));
                        final Trace trace = new Trace();
                        final Tensor index = trace.input("index", DType.I32, 2, 2);
                        final Tensor y =
                                layer.forward(index, Scope.of(parameters, Mode.EVALUATING));
                        assertEquals("F32[2, 2, 3]", y.toString());
                        try (Plan plan = Plan.builder(engine.backend(), trace).build()) {
                            Segments.fill(plan.buffer(index), new int[] {3, 0, 0, 1});
                            plan.run();
                            final float[] weight =
                                    Segments.floats(parameters.all().getFirst().value());
                            final float[] found = Segments.floats(plan.buffer(y));
                            final int[] rows = {3, 0, 0, 1};
                            for (int i = 0; i < found.length; i++) {
                                assertEquals(weight[3 * rows[i / 3] + i % 3], found[i]);
                            }
                        }
                    }
                });
        assertEquals(
                "Embedding: count=0, width=3, expected both >= 1",
                assertThrows(IllegalArgumentException.class, () -> new Embedding(0, 3))
                        .getMessage());
    }
}

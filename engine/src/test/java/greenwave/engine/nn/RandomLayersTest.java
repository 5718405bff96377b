package greenwave.engine.nn;

import static greenwave.engine.NoLeak.assertNoLeak;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import greenwave.engine.Engine;
import greenwave.engine.RandomStream;
import greenwave.engine.Segments;
import greenwave.engine.Tested;
import greenwave.engine.autograd.Plan;
import greenwave.engine.autograd.Trace;
import greenwave.engine.tensor.Tensor;
import greenwave.kernels.DType;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import java.util.Arrays;
import java.util.function.BiFunction;
import java.util.random.RandomGenerator;

/** What layers draw: the right distribution, anew in every run, by the seed alone, and nothing in evaluation. */
@Tag("backend")
class RandomLayersTest {
    private static final int N = 20_000;

    /** Draws twice from one plan. */
    private static float[][] draws(
            final Engine engine,
            final long seed,
            final BiFunction<Trace, RandomGenerator, Tensor> use) {
        final Trace trace = new Trace();
        final Tensor y = use.apply(trace, new RandomStream(seed));
        try (Plan plan = Plan.builder(engine.backend(), trace).build()) {
            plan.run();
            final float[] first = Segments.floats(plan.buffer(y));
            plan.run();
            return new float[][] {first, Segments.floats(plan.buffer(y))};
        }
    }

    private static float[][] normals(final Engine engine, final long seed) {
        return draws(engine, seed, (trace, random) -> Functional.normal(trace, random, N));
    }

    private static float[][] dropped(final Engine engine, final long seed) {
        return draws(
                engine,
                seed,
                (trace, random) -> {
                    final Tensor ones = trace.input("x", DType.F32, N).mul(0).add(1);
                    return Functional.dropout(ones, 0.25f, random);
                });
    }

    @Test
    void normalNumbersHaveTheMomentsOfTheirDistribution() throws Exception {
        assertNoLeak(
                Tested.BACKEND,
                1,
                engine -> {
                    final float[] x = normals(engine, 3)[0];
                    double sum = 0;
                    double squares = 0;
                    int within = 0;
                    for (final float value : x) {
                        sum += value;
                        squares += value * value;
                        within += Math.abs(value) < 1 ? 1 : 0;
                    }
                    assertEquals(0, sum / N, 6 / Math.sqrt(N)); // 6 sigma, as below
                    assertEquals(1, squares / N, 6 * Math.sqrt(2.0 / N));
                    assertEquals(0.682689, (double) within / N, 6 * Math.sqrt(0.2166 / N));
                });
    }

    @Test
    void dropoutKeepsItsShareAndScalesIt() throws Exception {
        assertNoLeak(
                Tested.BACKEND,
                1,
                engine -> {
                    int kept = 0;
                    for (final float value : dropped(engine, 3)[0]) {
                        assertTrue(value == 0 || value == 1 / 0.75f, "value=" + value);
                        kept += value > 0 ? 1 : 0;
                    }
                    assertEquals(0.75, (double) kept / N, 6 * Math.sqrt(0.75 * 0.25 / N));
                });
    }

    @Test
    void everyRunDrawsAnewAndTheSeedFixesAll() throws Exception {
        assertNoLeak(
                Tested.BACKEND,
                1,
                engine -> {
                    final float[][] one = normals(engine, 3);
                    assertFalse(Arrays.equals(one[0], one[1]));
                    assertArrayEquals(one, normals(engine, 3));
                    assertFalse(Arrays.equals(one[0], normals(engine, 4)[0]));
                    final float[][] two = dropped(engine, 3);
                    assertFalse(Arrays.equals(two[0], two[1]));
                    assertArrayEquals(two, dropped(engine, 3));
                });
    }

    @Test
    void nothingIsRandomInEvaluation() throws Exception {
        assertNoLeak(
                Tested.BACKEND,
                1,
                engine -> {
                    final ParameterLayout layout = new ParameterLayout();
                    new NoisyLinear(4, 3).declare(layout, "");
                    try (Parameters parameters = new Parameters(engine.backend(), layout, false)) {
                        parameters.initialise(new RandomStream(1));
                        final Trace trace = new Trace();
                        final Tensor x = trace.input("x", DType.F32, 2, 4);
                        final Scope evaluating = Scope.of(parameters, Mode.EVALUATING);
                        assertSame(x, new Dropout(0.5f).forward(x, evaluating));
                        final Tensor y = new NoisyLinear(4, 3).forward(x, evaluating);
                        final Tensor mean =
                                x.linear(
                                        evaluating.parameter(trace, "weight_mu"),
                                        evaluating.parameter(trace, "bias_mu"));
                        try (Plan plan = Plan.builder(engine.backend(), trace).build()) {
                            Segments.fill(plan.buffer(x), new float[] {1, 2, 3, 4, -5, 6, -7, 8});
                            plan.run();
                            assertArrayEquals(
                                    Segments.floats(plan.buffer(mean)),
                                    Segments.floats(plan.buffer(y)));
                        }
                        assertEquals(
                                "scope: evaluating, expected training or exploring",
                                assertThrows(IllegalStateException.class, evaluating::noise)
                                        .getMessage());
                    }
                });
    }

    /** With mu 0 and sigma 1 an output is the noise alone, which has rank 1: rows of the weights are multiples of each other. */
    @Test
    void noiseIsFactorised() throws Exception {
        assertNoLeak(
                Tested.BACKEND,
                1,
                engine -> {
                    final ParameterLayout layout = new ParameterLayout();
                    new NoisyLinear(2, 2).declare(layout, "");
                    try (Parameters parameters = new Parameters(engine.backend(), layout, false)) {
                        parameters.all().stream()
                                .filter(p -> p.name().endsWith("sigma"))
                                .forEach(
                                        p -> {
                                            final float[] ones = new float[(int) p.shape().size()];
                                            Arrays.fill(ones, 1);
                                            Segments.fill(p.value(), ones);
                                        });
                        final Trace trace = new Trace();
                        final Tensor x = trace.input("x", DType.F32, 3, 2);
                        final Tensor y =
                                new NoisyLinear(2, 2)
                                        .forward(
                                                x,
                                                Scope.of(
                                                        parameters,
                                                        Mode.training(new RandomStream(5))));
                        try (Plan plan = Plan.builder(engine.backend(), trace).build()) {
                            Segments.fill(plan.buffer(x), new float[] {0, 0, 1, 0, 0, 1});
                            plan.run();
                            final float[] values = Segments.floats(plan.buffer(y));
                            for (int output = 0;
                                    output < 2;
                                    output++) { // f(q) alone, then (1 + f(p)) f(q)
                                assertTrue(Math.abs(values[output]) > 1e-3);
                            }
                            final double[] ratios = new double[4];
                            for (int i = 0; i < 4; i++) {
                                ratios[i] =
                                        values[2 + i] / values[i % 2] - 1; // f(p) of input i / 2
                            }
                            assertEquals(ratios[0], ratios[1], 1e-4);
                            assertEquals(ratios[2], ratios[3], 1e-4);
                        }
                    }
                });
    }
}

package greenwave.engine.nn;

import static greenwave.engine.NoLeak.assertNoLeak;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import greenwave.engine.RandomStream;
import greenwave.engine.Segments;
import greenwave.engine.Tested;
import greenwave.engine.autograd.Plan;
import greenwave.engine.autograd.Trace;
import greenwave.engine.tensor.Tensor;
import greenwave.kernels.DType;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

/** Exact values of what distributions of returns become. */
@Tag("backend")
class DistributionsTest {
    /** The projection of {@code p}, atoms from -1 to 1, after reward + discount · atom. */
    private static float[] projected(final float[] p, final float reward, final float discount)
            throws Exception {
        final List<float[]> found = new ArrayList<>();
        assertNoLeak(
                Tested.BACKEND,
                1,
                engine -> {
                    final Trace trace = new Trace();
                    final Tensor y =
                            Functional.projectCategorical(
                                    trace.constant("p", p, 1, p.length),
                                    trace.constant("reward", new float[] {reward}, 1),
                                    trace.constant("discount", new float[] {discount}, 1),
                                    -1,
                                    1);
                    try (Plan plan = Plan.builder(engine.backend(), trace).build()) {
                        plan.run();
                        found.add(Segments.floats(plan.buffer(y)));
                    }
                });
        return found.getFirst();
    }

    private static float[] row(final float... values) {
        return values;
    }

    @Test
    void anAtomThatLandsOnAnAtomStaysWhole() throws Exception {
        final float[] p = row(0.1f, 0.2f, 0.3f, 0.25f, 0.15f); // at -1, -0.5, 0, 0.5, 1
        assertArrayEquals(p, projected(p, 0, 1), 1e-7f);
        assertArrayEquals(row(0, 0, 0, 1, 0), projected(p, 0.5f, 0), 1e-6f);
        assertArrayEquals(row(0, 0.1f, 0.2f, 0.3f, 0.4f), projected(p, 0.5f, 1), 1e-7f);
    }

    @Test
    void anAtomBetweenTwoGivesMoreToTheNearer() throws Exception {
        final float[] p = row(0, 0, 1, 0, 0);
        assertArrayEquals(row(0, 0, 0.75f, 0.25f, 0), projected(p, 0.125f, 1), 1e-6f);
        assertArrayEquals(row(0, 0.6f, 0.4f, 0, 0), projected(p, -0.3f, 1), 1e-6f);
    }

    @Test
    void whatLeavesTheRangeEndsAtItsEnds() throws Exception {
        final float[] p = row(0.1f, 0.2f, 0.3f, 0.25f, 0.15f);
        assertArrayEquals(row(0, 0, 0, 0, 1), projected(p, 7, 1), 1e-6f);
        assertArrayEquals(row(1, 0, 0, 0, 0), projected(p, -7, 1), 1e-6f);
        assertArrayEquals(row(0.3f, 0, 0.3f, 0, 0.4f), projected(p, 0, 3), 1e-6f);
    }

    @Test
    void massIsConserved() throws Exception {
        final int rows = 50;
        final int atoms = 51;
        final RandomStream random = new RandomStream(8);
        final float[] p = new float[rows * atoms];
        final float[] reward = new float[rows];
        final float[] discount = new float[rows];
        for (int i = 0; i < p.length; i++) {
            p[i] = random.nextFloat() / atoms;
            reward[i / atoms] = (float) random.nextGaussian();
            discount[i / atoms] = random.nextFloat();
        }
        assertNoLeak(
                Tested.BACKEND,
                1,
                engine -> {
                    final Trace trace = new Trace();
                    final Tensor before = trace.constant("p", p, rows, atoms);
                    final Tensor after =
                            Functional.projectCategorical(
                                    before,
                                    trace.constant("reward", reward, rows),
                                    trace.constant("discount", discount, rows),
                                    -1,
                                    1);
                    final Tensor mass = before.sum(1);
                    final Tensor kept = after.sum(1);
                    try (Plan plan = Plan.builder(engine.backend(), trace).build()) {
                        plan.run();
                        assertArrayEquals(
                                Segments.floats(plan.buffer(mass)),
                                Segments.floats(plan.buffer(kept)),
                                1e-6f);
                    }
                });
    }

    /** Quantiles 1 and 4 at levels 1/4 and 3/4, draws 1.5 and 6: u = 0.5, 5 and -2.5, 2. */
    @Test
    void theQuantileHuberLossIsTheSumOverQuantilesOfTheMeanOverDraws() throws Exception {
        assertNoLeak(
                Tested.BACKEND,
                1,
                engine -> {
                    final Trace trace = new Trace();
                    final Tensor loss =
                            Functional.quantileHuber(
                                    trace.constant("x", row(1, 4), 1, 2),
                                    trace.constant("goal", row(1.5f, 6), 1, 2),
                                    1);
                    try (Plan plan = Plan.builder(engine.backend(), trace).build()) {
                        plan.run();
                        final double first = 0.25 * (0.125 + 4.5) / 2;
                        final double second = (0.25 * 2 + 0.75 * 1.5) / 2;
                        assertEquals(first + second, Segments.floats(plan.buffer(loss))[0], 1e-6);
                    }
                });
    }

    @Test
    void expectedReturnsAreThoseOfTheDistribution() throws Exception {
        assertNoLeak(
                Tested.BACKEND,
                1,
                engine -> {
                    final Trace trace = new Trace();
                    final float log3 = (float) Math.log(3);
                    final Tensor outputs = // of two actions, three atoms each
                            trace.constant("outputs", row(0, 0, log3, 0, 50, 0), 1, 6);
                    final Tensor atoms = ActionValues.categorical(3, -1, 3).expected(outputs, 2);
                    final Tensor quantiles = ActionValues.quantiles(3).expected(outputs, 2);
                    try (Plan plan = Plan.builder(engine.backend(), trace).build()) {
                        plan.run();
                        assertArrayEquals(
                                row((-1 + 1 + 3 * 3) / 5f, 1),
                                Segments.floats(plan.buffer(atoms)),
                                1e-6f);
                        assertArrayEquals(
                                row(log3 / 3, 50 / 3f),
                                Segments.floats(plan.buffer(quantiles)),
                                1e-5f);
                    }
                });
    }

    @Test
    void whatDoesNotFitIsRefused() {
        final Trace trace = new Trace();
        final Tensor x = trace.input("x", DType.F32, 2, 5);
        final Tensor one = trace.input("one", DType.F32, 1);
        assertRefused(
                "projectCategorical: p=[2, 5], reward=[1], discount=[1], expected p [B, N], N >= 2, the others [B]",
                () -> Functional.projectCategorical(x, one, one, -1, 1));
        assertRefused(
                "quantileHuber: x=[2, 5], goal=[1], expected x [B, N], goal [B, M]",
                () -> Functional.quantileHuber(x, one, 1));
        assertRefused(
                "quantileHuber: kappa=0.0, expected > 0", () -> Functional.quantileHuber(x, x, 0));
        assertRefused(
                "flatIndex: index=[2, 2], columns=3, expected index [B], columns >= 1",
                () ->
                        Functional.choose(
                                trace.input("y", DType.F32, 2, 3, 4),
                                trace.input("index", DType.I32, 2, 2)));
        assertRefused(
                "constant: name=c, values=2, shape=[3], expected a value for each element",
                () -> trace.constant("c", row(1, 2), 3));
        assertRefused(
                "Categorical: atoms=1, low=-1.0, high=1.0, expected at least 2 atoms, low < high",
                () -> ActionValues.categorical(1, -1, 1));
        assertRefused(
                "Categorical: atoms=5, low=1.0, high=1.0, expected at least 2 atoms, low < high",
                () -> ActionValues.categorical(5, 1, 1));
        assertRefused("Quantiles: count=0, expected >= 1", () -> ActionValues.quantiles(0));
        assertRefused("Mode: training, noise=null, expected noise", () -> Mode.training(null));
    }

    private static void assertRefused(final String message, final Runnable call) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, call::run).getMessage());
    }
}

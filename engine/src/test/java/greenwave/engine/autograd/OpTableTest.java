package greenwave.engine.autograd;

import static greenwave.engine.NoLeak.assertNoLeak;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import greenwave.engine.Engine;
import greenwave.engine.RandomStream;
import greenwave.engine.Segments;
import greenwave.engine.tensor.Tensor;
import greenwave.kernels.Buffer;
import greenwave.kernels.DType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Every row of {@link Ops}: its value, its gradient, its refusals, on every backend. */
class OpTableTest {
    private static final int[] SIZES = {1, 2, 3, 7, 8, 15, 16, 17, 31, 33, 128, 257};
    private static final int[] GRADIENT_SIZES = {1, 3, 8, 17};
    private static final float STEP = 1 / 256f; // exact in f32, and smaller than half of any gap
    private static final double TOLERANCE = 1e-3; // of a difference quotient of f32 values
    private static final float PARITY = 1e-5f;

    static Stream<Arguments> casesAndSizes() {
        return OpCase.ALL.stream()
                .flatMap(c -> Arrays.stream(SIZES).mapToObj(n -> Arguments.of(c, n)));
    }

    static Stream<Arguments> gradientCases() {
        return OpCase.ALL.stream()
                .filter(OpRun::differentiable)
                .flatMap(
                        c ->
                                Arrays.stream(GRADIENT_SIZES)
                                        .boxed()
                                        .flatMap(
                                                n ->
                                                        Stream.of("reference", "cpu")
                                                                .map(b -> Arguments.of(c, n, b))));
    }

    private static List<Object> values(final OpCase c, final int n) {
        final RandomStream random = new RandomStream(n);
        final List<Object> values = new ArrayList<>();
        for (int i = 0; i < c.op().inputs().size(); i++) {
            values.add(c.values(i, n, random));
        }
        return values;
    }

    @Test
    void everyRowHasACase() throws IllegalAccessException {
        final Set<Op> rows = new HashSet<>();
        for (final Field field : Ops.class.getFields()) {
            rows.add((Op) field.get(null));
        }
        assertEquals(rows, OpCase.ALL.stream().map(OpCase::op).collect(Collectors.toSet()));
    }

    @ParameterizedTest(name = "{0}, n={1}")
    @MethodSource("casesAndSizes")
    void cpuAgreesWithTheReference(final OpCase c, final int n) throws Exception {
        final List<Object> values = values(c, n);
        assertNoLeak(
                "reference",
                1,
                reference ->
                        assertNoLeak(
                                "cpu",
                                1,
                                cpu -> {
                                    try (OpRun expected = new OpRun(reference, c, n, values);
                                            OpRun actual = new OpRun(cpu, c, n, values)) {
                                        assertSame(expected.output(), actual.output(), n);
                                        for (int i = 0; i < values.size(); i++) {
                                            if (c.op().differentiable(i)) {
                                                assertSame(
                                                        expected.gradient(i),
                                                        actual.gradient(i),
                                                        n);
                                            }
                                        }
                                    }
                                }));
    }

    private static void assertSame(final Buffer expected, final Buffer actual, final int n) {
        if (expected.dtype() == DType.I32) {
            assertArrayEquals(Segments.ints(expected), Segments.ints(actual));
        } else {
            assertArrayEquals(
                    Segments.floats(expected), Segments.floats(actual), PARITY * Math.max(n, 8));
        }
    }

    @ParameterizedTest(name = "{0}, n={1}, {2}")
    @MethodSource("gradientCases")
    void theGradientIsTheLimitOfTheDifferenceQuotient(
            final OpCase c, final int n, final String backend) throws Exception {
        assertNoLeak(
                backend,
                1,
                engine -> {
                    try (OpRun run = new OpRun(engine, c, n, values(c, n))) {
                        for (int i = 0; i < c.op().inputs().size(); i++) {
                            if (c.op().differentiable(i)) {
                                assertGradient(run, i);
                            }
                        }
                    }
                });
    }

    private static void assertGradient(final OpRun run, final int index) {
        run.run();
        final float[] gradient = Segments.floats(run.gradient(index));
        final float[] x = Segments.floats(run.input(index));
        for (int i = 0; i < x.length; i++) {
            final double above = lossAt(run, index, x, i, STEP);
            final double below = lossAt(run, index, x, i, -STEP);
            final double expected = (above - below) / (2.0 * STEP);
            assertEquals(
                    expected,
                    gradient[i],
                    TOLERANCE * Math.max(1, Math.abs(above)),
                    "input " + index + ", element " + i);
        }
    }

    private static double lossAt(
            final OpRun run, final int index, final float[] x, final int i, final float step) {
        final float[] moved = x.clone();
        moved[i] += step;
        Segments.fill(run.input(index), moved);
        run.run();
        final double loss = run.loss();
        Segments.fill(run.input(index), x);
        return loss;
    }

    @ParameterizedTest
    @CsvSource({"cpu", "reference"})
    void aSecondRunGivesTheSameGradient(final String backend) throws Exception {
        final OpCase c = OpCase.ALL.getFirst();
        assertNoLeak(
                backend,
                1,
                engine -> {
                    try (OpRun run = new OpRun(engine, c, 17, values(c, 17))) {
                        final float[] first = Segments.floats(run.gradient(1));
                        run.run();
                        assertArrayEquals(first, Segments.floats(run.gradient(1)));
                    }
                });
    }

    private static Tensor input(final Trace trace, final DType dtype, final int... dims) {
        return trace.input("x", dtype, dims);
    }

    private static void assertRefused(final String message, final Consumer<Trace> use) {
        final Trace trace = new Trace();
        assertEquals(
                message,
                assertThrows(IllegalArgumentException.class, () -> use.accept(trace)).getMessage());
    }

    @Test
    void shapesThatDoNotFitAreNamed() {
        assertRefused(
                "linear: x=[5, 3], w=[4, 6], b=[4], expected x [B, I], w [O, I], b [O]",
                t ->
                        input(t, DType.F32, 5, 3)
                                .linear(input(t, DType.F32, 4, 6), input(t, DType.F32, 4)));
        assertRefused(
                "linear: x=[5, 6], w=[4, 6], b=[5], expected x [B, I], w [O, I], b [O]",
                t ->
                        input(t, DType.F32, 5, 6)
                                .linear(input(t, DType.F32, 4, 6), input(t, DType.F32, 5)));
        assertRefused(
                "add: a=[2, 3], b=[3, 2], expected equal shapes",
                t -> input(t, DType.F32, 2, 3).add(input(t, DType.F32, 3, 2)));
        assertRefused(
                "sub: a=[2], b=[3], expected equal shapes",
                t -> input(t, DType.F32, 2).sub(input(t, DType.F32, 3)));
        assertRefused(
                "mul: a=[2], b=[], expected equal shapes",
                t -> input(t, DType.F32, 2).mul(input(t, DType.F32)));
        assertRefused(
                "huber: a=[2], b=[3], expected equal shapes",
                t -> input(t, DType.F32, 2).huber(input(t, DType.F32, 3), 1));
        assertRefused(
                "gather: x=[4, 3], index=[3], expected x [B, A], index [B]",
                t -> input(t, DType.F32, 4, 3).gather(input(t, DType.I32, 3)));
        assertRefused(
                "max: x=[4, 3], dim=0, expected the last dimension",
                t -> input(t, DType.F32, 4, 3).max(0));
        assertRefused("argMax: x=[4], expected x [B, A]", t -> input(t, DType.F32, 4).argMax(0));
        assertRefused(
                "legalMax: x=[4, 3], legal=[4, 2], expected x [B, A], legal [B, A]",
                t -> input(t, DType.F32, 4, 3).max(1, input(t, DType.U8, 4, 2)));
    }

    @Test
    void wrongDtypesAndConstantsAreNamed() {
        assertRefused(
                "gather: input 1=F32[4], expected I32",
                t -> input(t, DType.F32, 4, 3).gather(input(t, DType.F32, 4)));
        assertRefused("relu: input 0=I32[4], expected F32", t -> input(t, DType.I32, 4).relu());
        assertRefused(
                "huber: beta=0.0, expected > 0",
                t -> input(t, DType.F32, 4).huber(input(t, DType.F32, 4), 0));
        assertRefused(
                "Shape: dims=[4, 0], expected positive dimensions", t -> input(t, DType.F32, 4, 0));
    }

    @Test
    void tensorsOfAnotherTraceAreRefused() {
        final Tensor stranger = new Trace().input("y", DType.F32, 4);
        assertRefused(
                "add: input 1=F32[4] belongs to another trace",
                t -> input(t, DType.F32, 4).add(stranger));
    }

    @ParameterizedTest
    @CsvSource({"cpu", "reference"})
    void notANumberReachesTheOutput(final String backend) throws Exception {
        final List<String> quiet =
                List.of("detach", "argMax", "legal argMax", "gather", "legal max");
        for (final OpCase c : OpCase.ALL) {
            if (quiet.contains(c.name())) {
                continue; // an index, or a choice that may pass it over
            }
            assertNoLeak(backend, 1, engine -> assertPoisoned(engine, c));
        }
    }

    private static void assertPoisoned(final Engine engine, final OpCase c) {
        final List<Object> values = values(c, 3);
        final float[] first = ((float[]) values.getFirst()).clone();
        first[0] = Float.NaN;
        values.set(0, first);
        try (OpRun run = new OpRun(engine, c, 3, values)) {
            assertEquals(Float.NaN, Segments.floats(run.output())[0], c.name());
        }
    }
}

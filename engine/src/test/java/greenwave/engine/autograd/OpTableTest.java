package greenwave.engine.autograd;

import static greenwave.engine.NoLeak.assertNoLeak;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import greenwave.engine.Engine;
import greenwave.engine.RandomStream;
import greenwave.engine.Segments;
import greenwave.engine.Tested;
import greenwave.kernels.Buffer;
import greenwave.kernels.DType;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Every row of {@link Ops}: its value, its gradient, its refusals, on every backend. */
@Tag("backend")
class OpTableTest {
    private static final int[] SIZES = {1, 2, 3, 7, 8, 15, 16, 17, 31, 33, 128, 257};
    private static final int[] GRADIENT_SIZES = {1, 3, 8, 17};
    private static final float STEP = 1 / 256f; // exact in f32, and smaller than half of any gap
    private static final double TOLERANCE = 1e-3; // of a difference quotient of f32 values
    private static final float PARITY = 1e-5f;
    private static final double VALUE = 1e-6; // per operand, of one f32 rounding or a few

    static Stream<Arguments> casesAndSizes() {
        return OpCase.ALL.stream()
                .flatMap(c -> Arrays.stream(SIZES).mapToObj(n -> Arguments.of(c, n)));
    }

    static Stream<Arguments> gradientCases() {
        return OpCase.ALL.stream()
                .filter(OpCase::differentiable)
                .flatMap(c -> Tested.backends().map(b -> Arguments.of(c, b)));
    }

    private static List<Object> values(final OpCase c, final int n) {
        final RandomStream random = new RandomStream(n);
        final List<Object> values = new ArrayList<>();
        for (int i = 0; i < c.inputs().size(); i++) {
            values.add(c.values(i, n, random));
        }
        return values;
    }

    @Test
    void everyRowHasACase() {
        final Set<Op> used =
                OpCase.ALL.stream()
                        .flatMap(c -> c.nodes(1).stream())
                        .map(Trace.Node::op)
                        .filter(Objects::nonNull)
                        .collect(Collectors.toSet());
        assertEquals(Set.copyOf(Ops.ALL), used);
    }

    @ParameterizedTest(name = "{0}, n={1}")
    @MethodSource("casesAndSizes")
    void theValueIsThatOfTheDefinition(final OpCase c, final int n) throws Exception {
        final List<Object> values = values(c, n);
        assertNoLeak("reference", 1, engine -> assertValue(engine, c, n, values));
    }

    private static void assertValue(
            final Engine engine, final OpCase c, final int n, final List<Object> values) {
        final double[] expected =
                c.oracle()
                        .values(
                                n,
                                values.stream().map(OpTableTest::doubles).toArray(double[][]::new));
        try (OpRun run = new OpRun(engine, c, n, values)) {
            final double[] actual = doubles(output(run));
            assertEquals(expected.length, actual.length);
            for (int i = 0; i < actual.length; i++) {
                final String what = c + ", element " + i;
                if (Double.isFinite(expected[i])) {
                    final double bound =
                            VALUE * Math.max(1, Math.abs(expected[i])) * Math.max(n, 8);
                    assertEquals(expected[i], actual[i], bound, what);
                } else {
                    assertEquals(expected[i], actual[i], what);
                }
            }
        }
    }

    private static Object output(final OpRun run) {
        return run.output().dtype() == DType.I32
                ? Segments.ints(run.output())
                : Segments.floats(run.output());
    }

    private static double[] doubles(final Object array) {
        return switch (array) {
            case final float[] floats ->
                    IntStream.range(0, floats.length).mapToDouble(i -> floats[i]).toArray();
            case final int[] ints -> IntStream.of(ints).asDoubleStream().toArray();
            case final byte[] bytes ->
                    IntStream.range(0, bytes.length)
                            .mapToDouble(i -> Byte.toUnsignedInt(bytes[i]))
                            .toArray();
            default -> throw new IllegalArgumentException("array=" + array.getClass());
        };
    }

    static List<OpCase> cases() {
        return OpCase.ALL;
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void agreesWithTheReference(final OpCase c) throws Exception {
        assertNoLeak(
                "reference",
                1,
                reference ->
                        assertNoLeak(
                                Tested.BACKEND,
                                1,
                                tested -> {
                                    for (final int n : SIZES) {
                                        assertAgrees(reference, tested, c, n);
                                    }
                                }));
    }

    private static void assertAgrees(
            final Engine reference, final Engine tested, final OpCase c, final int n) {
        final List<Object> values = values(c, n);
        try (OpRun expected = new OpRun(reference, c, n, values);
                OpRun actual = new OpRun(tested, c, n, values)) {
            assertSame(expected.output(), actual.output(), n);
            for (int i = 0; i < values.size(); i++) {
                if (expected.differentiable(i)) {
                    assertSame(expected.gradient(i), actual.gradient(i), n);
                }
            }
        }
    }

    private static void assertSame(final Buffer expected, final Buffer actual, final int n) {
        if (expected.dtype() == DType.I32) {
            assertArrayEquals(Segments.ints(expected), Segments.ints(actual), "n=" + n);
        } else {
            assertArrayEquals(
                    Segments.floats(expected),
                    Segments.floats(actual),
                    PARITY * Math.max(n, 8),
                    "n=" + n);
        }
    }

    @ParameterizedTest(name = "{0}, {1}")
    @MethodSource("gradientCases")
    void theGradientIsTheLimitOfTheDifferenceQuotient(final OpCase c, final String backend)
            throws Exception {
        assertNoLeak(
                backend,
                1,
                engine -> {
                    for (final int n : GRADIENT_SIZES) {
                        try (OpRun run = new OpRun(engine, c, n, values(c, n))) {
                            for (int i = 0; i < c.inputs().size(); i++) {
                                if (run.differentiable(i)) {
                                    assertGradient(run, i, n);
                                }
                            }
                        }
                    }
                });
    }

    private static void assertGradient(final OpRun run, final int index, final int n) {
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
                    "n=" + n + ", input " + index + ", element " + i);
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
    @MethodSource("greenwave.engine.Tested#backends")
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

    static Stream<Arguments> poisons() {
        return Tested.backends()
                .flatMap(
                        backend ->
                                Stream.of(
                                                Float.NaN,
                                                Float.POSITIVE_INFINITY,
                                                Float.NEGATIVE_INFINITY)
                                        .map(poison -> Arguments.of(poison, backend)));
    }

    @ParameterizedTest(name = "{0} on {1}")
    @MethodSource("poisons")
    void whatIsNotFinitePropagatesAsDefined(final float poison, final String backend)
            throws Exception {
        assertNoLeak(
                backend,
                1,
                engine -> {
                    for (final OpCase c : OpCase.ALL) {
                        final List<Object> values = values(c, 3);
                        if (values.getFirst() instanceof final float[] first) {
                            first[0] = poison;
                            assertValue(engine, c, 3, values);
                        }
                    }
                });
    }
}

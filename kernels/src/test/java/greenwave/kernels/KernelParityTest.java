package greenwave.kernels;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.IntToDoubleFunction;

/** The kernels that no op of the engine exercises in every form: a backend against the plain loops, at odd sizes and tails. */
@Tag("backend")
class KernelParityTest {
    private static final float TOLERANCE = 2e-6f; // times the size: sums are taken in another order

    private static final AdamWRule RULE =
            new AdamWRule(0.9, 0.999, 1e-8, 0.1, Float.POSITIVE_INFINITY, 1);

    /** Runs a body on both backends and compares what it yields. */
    private static void assertParity(
            final int size, final BiFunction<Backend, Kernels, List<Buffer>> body) {
        try (Backend reference = Backends.open("reference");
                Backend tested = Backends.open(Tested.BACKEND)) {
            final List<Buffer> expected = body.apply(reference, reference.kernels());
            final List<Buffer> actual = body.apply(tested, tested.kernels());
            for (int i = 0; i < expected.size(); i++) {
                assertArrayEquals(
                        Memory.floats(expected.get(i)),
                        Memory.floats(actual.get(i)),
                        TOLERANCE * Math.max(size, 8),
                        "buffer " + i);
            }
        }
    }

    @ParameterizedTest(name = "n={0}")
    @ValueSource(ints = {1, 2, 3, 7, 8, 15, 16, 17, 31, 33, 128, 257})
    void matrixProductsOfEveryForm(final int n) {
        for (final boolean transposeA : List.of(false, true)) {
            for (final boolean transposeB : List.of(false, true)) {
                for (final float beta : new float[] {0, 1, -0.5f}) {
                    assertParity(
                            n,
                            (backend, k) -> {
                                final Buffer a = Memory.of(backend, Memory.gaussian(5 * n, 1));
                                final Buffer b = Memory.of(backend, Memory.gaussian(n * 3, 2));
                                final Buffer c = Memory.of(backend, Memory.gaussian(5 * 3, 3));
                                final Buffer wide = Memory.of(backend, Memory.gaussian(n * n, 4));
                                k.gemm(1, transposeA, transposeB, 5, 3, n, 0.7f, a, b, beta, c);
                                k.gemm(
                                        1,
                                        transposeA,
                                        transposeB,
                                        n,
                                        n,
                                        1,
                                        1,
                                        slice(b, n),
                                        slice(a, n),
                                        beta,
                                        wide);
                                return List.of(c, wide);
                            });
                }
            }
        }
    }

    @Test
    void largeMatrixProductsOfEveryForm() {
        for (final boolean transposeA : List.of(false, true)) {
            for (final boolean transposeB : List.of(false, true)) {
                assertParity(
                        130,
                        (backend, k) -> {
                            final Buffer a = Memory.of(backend, Memory.gaussian(67 * 130, 1));
                            final Buffer b = Memory.of(backend, Memory.gaussian(130 * 71, 2));
                            final Buffer c = Memory.of(backend, Memory.gaussian(67 * 71, 3));
                            k.gemm(1, transposeA, transposeB, 67, 71, 130, 0.7f, a, b, 0.5f, c);
                            return List.of(c);
                        });
            }
        }
    }

    private static Buffer slice(final Buffer buffer, final int length) {
        return buffer.slice(0, length);
    }

    @Test
    void aZeroBetaOverwritesEvenNotANumber() {
        for (final String name : Tested.WITH_REFERENCE) {
            try (Backend backend = Backends.open(name)) {
                final Buffer c = Memory.of(backend, Float.NaN);
                final Buffer two = Memory.of(backend, 2f);
                backend.kernels().gemm(1, false, false, 1, 1, 1, 1, two, two, 0, c);
                assertEquals(4, Memory.floats(c)[0]);
            }
        }
    }

    @ParameterizedTest(name = "n={0}")
    @ValueSource(ints = {1, 3, 16, 17, 257})
    void sweepsOverASlab(final int n) {
        assertParity(
                n,
                (backend, k) -> {
                    final Buffer x = Memory.of(backend, Memory.gaussian(n, 1));
                    final List<Buffer> out = new ArrayList<>();
                    for (int i = 0; i < 6; i++) {
                        out.add(Memory.of(backend, Memory.gaussian(n, 10 + i)));
                    }
                    k.lerp(x, 0.3f, out.get(0));
                    k.lerp(x, 1, out.get(1));
                    k.addScaled(-2.5f, x, out.get(2));
                    k.clamp(x, -0.5f, 0.25f, out.get(3));
                    k.fill(out.get(4), 0);
                    k.fill(out.get(5), -3);
                    return out;
                });
    }

    @ParameterizedTest(name = "amsgrad {0}")
    @ValueSource(booleans = {true, false})
    void adamStepsFollowTheirFormula(final boolean amsgrad) {
        final int steps = 4;
        for (final String name : Tested.WITH_REFERENCE) {
            try (Backend backend = Backends.open(name)) {
                final Buffer w = Memory.of(backend, 0.5f, -2f, 0f);
                final Buffer m = Memory.of(backend, 0f, 0f, 0f);
                final Buffer v = Memory.of(backend, 0f, 0f, 0f);
                final Buffer vMax = amsgrad ? Memory.of(backend, 0f, 0f, 0f) : null;
                final Buffer step = Memory.of(backend, 0);
                final Buffer rate = Memory.of(backend, 0.01f);
                for (int t = 1; t <= steps; t++) {
                    final Buffer g = Memory.of(backend, 1f / (t * t), -3f * t, 0f);
                    backend.kernels().adamW(RULE, w, g, m, v, vMax, null, step, rate);
                }
                final double first = adamW(0.5, t -> 1.0 / (t * t), steps, amsgrad);
                final double second = adamW(-2, t -> -3.0 * t, steps, amsgrad);
                assertArrayEquals(
                        new float[] {(float) first, (float) second, 0}, Memory.floats(w), 1e-6f);
            }
        }
    }

    /** The formula in f64. */
    private static double adamW(
            final double start,
            final IntToDoubleFunction gradient,
            final int steps,
            final boolean amsgrad) {
        double w = start;
        double m = 0;
        double v = 0;
        double vMax = 0;
        for (int t = 1; t <= steps; t++) {
            final double g = gradient.applyAsDouble(t);
            w -= 0.01 * 0.1 * w;
            m = 0.9 * m + 0.1 * g;
            v = 0.999 * v + 0.001 * g * g;
            vMax = amsgrad ? Math.max(vMax, v) : v;
            final double unbiased = vMax / (1 - Math.pow(0.999, t));
            w -= 0.01 * m / (1 - Math.pow(0.9, t)) / (Math.sqrt(unbiased) + 1e-8);
        }
        return w;
    }

    @Test
    void momentsTooSmallForANormalNumberBecomeZero() {
        try (Backend backend = Backends.open(Tested.BACKEND)) {
            final Buffer w = Memory.of(backend, 1f);
            final Buffer m = Memory.of(backend, 1.2e-38f);
            final Buffer v = Memory.of(backend, 1.2e-38f);
            final Buffer none = Memory.of(backend, 0f);
            final Buffer rate = Memory.of(backend, 0.01f);
            backend.kernels().adamW(RULE, w, none, m, v, null, null, Memory.of(backend, 7), rate);
            assertEquals(0, Memory.floats(m)[0]);
            assertEquals(0, Memory.floats(v)[0]);
        }
    }

    @ParameterizedTest(name = "n={0}")
    @ValueSource(ints = {3, 64, 4096 + 32})
    void anOptimizerStepClipsAndMovesTheTargetInOnePass(final int n) {
        final AdamWRule rule = new AdamWRule(0.9, 0.999, 1e-8, 0.01, 0.5f, 0.25f);
        assertParity(
                1,
                (backend, k) -> {
                    final Buffer g = Memory.of(backend, Memory.gaussian(n, 1));
                    final Buffer rate = Memory.of(backend, 0.01f);
                    final Buffer step = Memory.of(backend, 3);
                    final List<Buffer> state = new ArrayList<>();
                    for (int i = 0; i < 5; i++) {
                        state.add(Memory.of(backend, Memory.gaussian(n, 10 + i)));
                    }
                    k.mul(state.get(2), state.get(2), state.get(2)); // squares are not negative
                    k.mul(state.get(3), state.get(3), state.get(3));
                    k.adamW(
                            rule,
                            state.get(0),
                            g,
                            state.get(1),
                            state.get(2),
                            state.get(3),
                            state.get(4),
                            step,
                            rate);
                    return state;
                });
    }

    @ParameterizedTest(name = "n={0}")
    @ValueSource(ints = {1, 2, 3, 7, 8, 15, 16, 17, 31, 33, 128, 257})
    void layersWithTheirActivation(final int n) {
        assertParity(
                n,
                (backend, k) -> {
                    final Buffer x = Memory.of(backend, Memory.gaussian(7 * n, 1));
                    final Buffer w = Memory.of(backend, Memory.gaussian(n * n, 2));
                    final Buffer b = Memory.of(backend, Memory.gaussian(n, 3));
                    final Buffer y = Memory.of(backend, Memory.gaussian(7 * n, 4));
                    final Buffer dy = Memory.of(backend, Memory.gaussian(7 * n, 5));
                    k.linearRelu(x, w, b, y, 7, n, n);
                    k.maskByPositive(y, dy);
                    return List.of(y, dy);
                });
    }

    @Test
    @Tag("host")
    void indicesOutsideARowAreRefused() {
        for (final String name : List.of("reference", "cpu")) {
            try (Backend backend = Backends.open(name)) {
                final Kernels k = backend.kernels();
                final Buffer x = Memory.of(backend, 1f, 2f, 3f, 4f);
                final Buffer y = Memory.of(backend, 0f, 0f);
                final Buffer rows = Memory.of(backend, 0f, 0f, 0f, 0f);
                for (final int wrong : new int[] {-1, 2, Integer.MAX_VALUE}) {
                    final Buffer index = Memory.of(backend, 0, wrong);
                    assertThrows(
                            IndexOutOfBoundsException.class, () -> k.gather(x, index, y, 2, 2));
                    assertThrows(
                            IndexOutOfBoundsException.class, () -> k.addScatter(y, index, x, 2, 2));
                    assertThrows(
                            IndexOutOfBoundsException.class,
                            () -> k.gatherRows(x, index, rows, 2, 2));
                }
            }
        }
    }
}

package greenwave.kernels;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Every method of {@link Kernels}: a backend against the plain loops, at odd sizes and on what is not finite. */
@Tag("backend")
class KernelTableTest {
    private static final int[] SIZES = {1, 3, 17, 33, 130};
    private static final int WILD = 45;
    private static final double PARITY = 1e-5; // relative, absolute below 1

    private static Backend reference;
    private static Backend tested;

    static Stream<Arguments> casesAndSizes() {
        return KernelCase.ALL.stream()
                .flatMap(c -> Arrays.stream(SIZES).mapToObj(n -> Arguments.of(c, n)));
    }

    static Stream<KernelCase> wildCases() {
        return KernelCase.ALL.stream().filter(KernelCase::wild);
    }

    @ParameterizedTest(name = "{0}, n={1}")
    @MethodSource("casesAndSizes")
    void agreesWithTheReference(final KernelCase c, final int n) {
        assertAgrees(c, n, false);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("wildCases")
    void agreesOnWhatIsNotFinite(final KernelCase c) {
        assertAgrees(c, WILD, true);
    }

    @BeforeAll
    static void open() {
        reference = Backends.open("reference");
        tested = Backends.open(Tested.BACKEND);
    }

    @AfterAll
    static void close() {
        reference.close();
        tested.close();
    }

    private static void assertAgrees(final KernelCase c, final int n, final boolean wild) {
        try (KernelCase.Inputs right = new KernelCase.Inputs(reference, wild);
                KernelCase.Inputs given = new KernelCase.Inputs(tested, wild)) {
            final List<Buffer> expected = c.body().run(right, reference.kernels(), n);
            final List<Buffer> actual = c.body().run(given, tested.kernels(), n);
            for (int i = 0; i < expected.size(); i++) {
                assertSame(expected.get(i), actual.get(i), c + ", buffer " + i);
            }
        }
    }

    private static void assertSame(final Buffer expected, final Buffer actual, final String what) {
        if (expected.dtype() == DType.I32) {
            assertArrayEquals(Memory.ints(expected), Memory.ints(actual), what);
            return;
        }
        final float[] right = Memory.floats(expected);
        final float[] given = Memory.floats(actual);
        for (int i = 0; i < right.length; i++) {
            final double bound = PARITY * Math.max(1, Math.abs(right[i]));
            assertEquals(
                    right[i],
                    given[i],
                    Double.isFinite(bound) ? bound : 0,
                    what + ", element " + i);
        }
    }

    /** A method that is new needs a case. */
    @Test
    void everyMethodHasACase() {
        final Set<String> called = new TreeSet<>();
        try (KernelCase.Inputs in = new KernelCase.Inputs(reference, false)) {
            final Kernels noting =
                    (Kernels)
                            Proxy.newProxyInstance(
                                    Kernels.class.getClassLoader(),
                                    new Class<?>[] {Kernels.class},
                                    (_, method, arguments) -> {
                                        called.add(method.getName());
                                        return method.invoke(reference.kernels(), arguments);
                                    });
            for (final KernelCase c : KernelCase.ALL) {
                c.body().run(in, noting, 3);
            }
        }
        assertEquals(
                Arrays.stream(Kernels.class.getMethods())
                        .map(Method::getName)
                        .collect(Collectors.toCollection(TreeSet::new)),
                called);
    }
}

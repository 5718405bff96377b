package greenwave.engine.optim;

import static greenwave.engine.NoLeak.assertNoLeak;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import greenwave.engine.Engine;
import greenwave.engine.Segments;
import greenwave.engine.Tested;
import greenwave.engine.autograd.Parameter;
import greenwave.engine.io.Safetensors;
import greenwave.engine.nn.QNet;
import greenwave.kernels.Buffer;
import greenwave.kernels.DType;
import greenwave.kernels.Kernels;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Optimizers, clipping and rates against those of PyTorch, recorded by src/test/python/make_optimizers.py. */
@Tag("backend")
class OptimizerParityTest {
    private static final int STEPS = 6;
    private static final double TOLERANCE = 1e-5; // of the largest element of a tensor
    private static final double RATE = 0.05;

    private static final Map<String, Optimizer.Maker> OPTIMIZERS =
            new TreeMap<>(
                    Map.ofEntries(
                            Map.entry("sgd", (e, p) -> new Sgd(e, p, RATE)),
                            Map.entry("sgdDecay", (e, p) -> new Sgd(e, p, RATE, 0, false, 0.1)),
                            Map.entry(
                                    "sgdMomentum", (e, p) -> new Sgd(e, p, RATE, 0.9, false, 0.1)),
                            Map.entry("sgdNesterov", (e, p) -> new Sgd(e, p, RATE, 0.9, true, 0.1)),
                            Map.entry("adam", (e, p) -> new Adam(e, p, RATE)),
                            Map.entry("adamDecay", (e, p) -> new Adam(e, p, RATE, 0.1, true)),
                            Map.entry("adamW", (e, p) -> new AdamW(e, p, RATE, 0.1, false)),
                            Map.entry("adamWAmsgrad", (e, p) -> new AdamW(e, p, RATE, 0.1)),
                            Map.entry("rmsProp", (e, p) -> new RmsProp(e, p, RATE)),
                            Map.entry(
                                    "rmsPropMomentum",
                                    (e, p) -> new RmsProp(e, p, RATE, 0.95, 0.01, 0.8, false, 0.1)),
                            Map.entry(
                                    "rmsPropCentered",
                                    (e, p) -> new RmsProp(e, p, RATE, 0.95, 0.01, 0.8, true, 0))));

    private static Map<String, Safetensors.Entry> recorded;

    @BeforeAll
    static void read() throws Exception {
        final var resource = OptimizerParityTest.class.getResource("optimizers.safetensors");
        recorded = Safetensors.read(Path.of(resource.toURI())).tensors();
    }

    private static Stream<List<String>> optimizersOnBackends() {
        return OPTIMIZERS.keySet().stream()
                .flatMap(name -> Tested.backends().map(backend -> List.of(name, backend)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("optimizersOnBackends")
    void stepsAreThoseOfPyTorch(final List<String> optimizerAndBackend) throws Exception {
        final String name = optimizerAndBackend.getFirst();
        assertNoLeak(
                optimizerAndBackend.getLast(),
                1,
                engine -> {
                    try (QNet net = recordedNet(engine);
                            Optimizer optimizer =
                                    OPTIMIZERS.get(name).make(engine, net.parameters())) {
                        for (int step = 0; step < STEPS; step++) {
                            loadGradients(net, step);
                            optimizer.run(engine.backend().kernels());
                            for (final Parameter p : net.parameters().all()) {
                                final String key = name + "." + step + "." + p.name();
                                assertClose(key, Segments.floats(p.value()));
                            }
                        }
                    }
                });
    }

    private static Stream<Arguments> limitsOnBackends() {
        return Stream.of("0.5", "1000.0")
                .flatMap(limit -> Tested.backends().map(backend -> Arguments.of(limit, backend)));
    }

    @ParameterizedTest
    @MethodSource("limitsOnBackends")
    void gradientsAreClippedByNormAsPyTorchDoes(final String limit, final String backend)
            throws Exception {
        assertNoLeak(
                backend,
                1,
                engine -> {
                    try (QNet net = recordedNet(engine);
                            Buffer norm = engine.backend().allocate(DType.F32, 1)) {
                        loadGradients(net, 0);
                        Sweeps.clipByNorm(net.parameters(), Float.parseFloat(limit), norm)
                                .run(engine.backend().kernels());
                        assertClose("clip." + limit + ".norm", Segments.floats(norm));
                        for (final Parameter p : net.parameters().all()) {
                            final String key = "clip." + limit + "." + p.name();
                            assertClose(key, Segments.floats(p.gradient()));
                        }
                    }
                });
    }

    @Test
    void gradientsAddUpAndStartAgain() throws Exception {
        assertNoLeak(
                Tested.BACKEND,
                1,
                engine -> {
                    final Kernels k = engine.backend().kernels();
                    try (QNet net = recordedNet(engine);
                            GradientSum sum = new GradientSum(engine, net.parameters())) {
                        final Parameter bias = net.parameters().all().getLast();
                        for (int round = 0; round < 2; round++) {
                            Segments.fill(bias.gradient(), new float[] {1, -2});
                            sum.add().run(k);
                            Segments.fill(bias.gradient(), new float[] {0.5f, 4});
                            sum.add().run(k);
                            sum.take().run(k);
                            assertEquals(1.5f, Segments.floats(bias.gradient())[0]);
                            assertEquals(2f, Segments.floats(bias.gradient())[1]);
                        }
                    }
                });
    }

    @Test
    void ratesAreThoseOfPyTorchAndStayAtTheirEnd() {
        assertRates("rate.linear", RateSchedule.linear(RATE, RATE / 4, 8));
        assertRates("rate.cosine", RateSchedule.cosine(RATE, 0.01, 11));
        assertRates("rate.step", RateSchedule.step(RATE, 0.5, 5));
        assertEquals(0.01, RateSchedule.cosine(RATE, 0.01, 11).at(1_000), 1e-15);
        assertEquals(0.2, RateSchedule.linear(RATE, 0.2, 8).at(Long.MAX_VALUE), 1e-15);
        assertEquals(0.3, RateSchedule.constant(0.3).at(7));
    }

    private static void assertRates(final String name, final RateSchedule schedule) {
        final float[] rates = floats(name);
        for (int step = 0; step < rates.length; step++) {
            assertEquals(rates[step], schedule.at(step), TOLERANCE * RATE, name + " at " + step);
        }
    }

    @Test
    void settingsOutOfRangeAreRefusedAndLeaveNothingBehind() throws Exception {
        final Map<String, Optimizer.Maker> refused =
                Map.of(
                        "SGD: momentum=1.0, expected in [0, 1)",
                        (e, p) -> new Sgd(e, p, RATE, 1, false, 0),
                        "SGD: momentum=0.0, expected > 0 with nesterov",
                        (e, p) -> new Sgd(e, p, RATE, 0, true, 0),
                        "SGD: rate=-0.5, expected >= 0",
                        (e, p) -> new Sgd(e, p, -0.5),
                        "Adam: weightDecay=-1.0, expected >= 0",
                        (e, p) -> new Adam(e, p, RATE, -1, false),
                        "AdamW: rate=NaN, expected >= 0",
                        (e, p) -> new AdamW(e, p, Double.NaN, 0),
                        "RMSprop: eps=0.0, expected > 0",
                        (e, p) -> new RmsProp(e, p, RATE, 0.9, 0, 0, false, 0),
                        "RMSprop: alpha=1.0, expected in [0, 1)",
                        (e, p) -> new RmsProp(e, p, RATE, 1, 1, 0, false, 0),
                        "RMSprop: rate=Infinity, expected >= 0",
                        (e, p) -> new RmsProp(e, p, Double.POSITIVE_INFINITY));
        assertNoLeak(
                Tested.BACKEND,
                1,
                engine -> {
                    try (QNet net = recordedNet(engine)) {
                        final long before = engine.allocatedBytes();
                        refused.forEach(
                                (message, maker) ->
                                        assertRefused(
                                                message,
                                                () -> maker.make(engine, net.parameters())));
                        assertEquals(before, engine.allocatedBytes());
                    }
                });
        assertRefused(
                "RateSchedule.linear: duration=0, expected >= 1",
                () -> RateSchedule.linear(1, 0, 0));
        assertRefused(
                "RateSchedule.step: interval=0, expected >= 1", () -> RateSchedule.step(1, 1, 0));
    }

    private static void assertRefused(final String message, final Runnable call) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, call::run).getMessage());
    }

    private static QNet recordedNet(final Engine engine) {
        final QNet net = QNet.builder(engine).input(3).actions(2).build();
        for (final Parameter p : net.parameters().all()) {
            Segments.fill(p.value(), floats("before." + p.name()));
        }
        return net;
    }

    private static void loadGradients(final QNet net, final int step) {
        for (final Parameter p : net.parameters().all()) {
            Segments.fill(p.gradient(), floats(step + ".gradient." + p.name()));
        }
    }

    private static void assertClose(final String name, final float[] actual) {
        final float[] expected = floats(name);
        assertEquals(expected.length, actual.length, name);
        double largest = 0;
        for (final float value : expected) {
            largest = Math.max(largest, Math.abs(value));
        }
        for (int i = 0; i < expected.length; i++) {
            assertEquals(expected[i], actual[i], TOLERANCE * largest, name + "[" + i + "]");
        }
    }

    private static float[] floats(final String name) {
        return recorded.get(name).data().toArray(ValueLayout.JAVA_FLOAT_UNALIGNED);
    }
}

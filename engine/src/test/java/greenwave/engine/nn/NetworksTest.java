package greenwave.engine.nn;

import static greenwave.engine.NoLeak.assertNoLeak;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import greenwave.engine.Engine;
import greenwave.engine.RandomStream;
import greenwave.engine.Segments;
import greenwave.engine.Tested;
import greenwave.engine.autograd.Parameter;
import greenwave.engine.autograd.Plan;
import greenwave.engine.autograd.Trace;
import greenwave.engine.optim.AdamW;
import greenwave.engine.optim.Sweeps;
import greenwave.engine.tensor.Tensor;
import greenwave.kernels.DType;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Networks put together from layers: names, first values, training, copies and files. */
@Tag("backend")
class NetworksTest {
    @TempDir Path folder;

    private static TwoInputQNet small(final Engine engine) {
        return TwoInputQNet.builder(engine)
                .image(
                        2,
                        6,
                        5,
                        new Conv2d(2, 3, Pair.of(3), Pair.of(1), Pair.of(1), Pair.of(1), 1),
                        new BatchNorm(3),
                        new ReLU(),
                        new Flatten())
                .vector(4)
                .hidden(8)
                .dueling()
                .actions(3);
    }

    private static List<String> names(final Network net) {
        return net.parameters().all().stream().map(p -> p.name() + p.shape()).toList();
    }

    @Test
    void theDefaultTwoInputNetworkIsThatOfTheNaturePaperBesideAVector() throws Exception {
        assertNoLeak(
                Tested.BACKEND,
                1,
                engine -> {
                    try (TwoInputQNet net =
                            TwoInputQNet.builder(engine).image(1, 84, 84).vector(16).actions(4)) {
                        assertEquals(
                                List.of(
                                        "image.0.weight[32, 1, 8, 8]",
                                        "image.0.bias[32]",
                                        "image.2.weight[64, 32, 4, 4]",
                                        "image.2.bias[64]",
                                        "image.4.weight[64, 64, 3, 3]",
                                        "image.4.bias[64]",
                                        "vector.0.weight[64, 16]",
                                        "vector.0.bias[64]",
                                        "head.0.weight[512, 3200]",
                                        "head.0.bias[512]",
                                        "head.2.weight[4, 512]",
                                        "head.2.bias[4]"),
                                names(net));
                    }
                });
    }

    @Test
    void firstValuesAreThoseOfPyTorch() throws Exception {
        assertNoLeak(
                Tested.BACKEND,
                1,
                engine -> {
                    try (TwoInputQNet net = small(engine)) {
                        for (final Parameter p : net.parameters().all()) {
                            final float[] values = Segments.floats(p.value());
                            switch (p.name()) {
                                case "image.1.weight", "image.1.running_var" ->
                                        assertArrayEquals(new float[] {1, 1, 1}, values);
                                case "image.1.bias", "image.1.running_mean" ->
                                        assertArrayEquals(new float[3], values);
                                case "image.0.weight" -> {
                                    final double bound = 1 / Math.sqrt(2 * 3 * 3);
                                    float most = 0;
                                    for (final float value : values) {
                                        most = Math.max(most, Math.abs(value));
                                    }
                                    assertTrue(most <= bound && most > 0.8 * bound, "most=" + most);
                                }
                                default -> {}
                            }
                        }
                        final long statistics = 2 * 3;
                        assertEquals(
                                net.parameters().all().stream()
                                        .mapToLong(p -> p.shape().size())
                                        .sum(),
                                net.parameters().count() + statistics);
                    }
                });
    }

    @Test
    void trainingLowersTheLossAndMovesRunningStatistics() throws Exception {
        for (final String backend : Tested.BACKENDS) {
            assertNoLeak(
                    backend,
                    1,
                    engine -> {
                        try (TwoInputQNet net = small(engine);
                                TwoInputQNet target = net.frozenCopy()) {
                            train(engine, net, target);
                        }
                    });
        }
    }

    @Test
    void aPixelMayCountAsNothing() throws Exception {
        assertNoLeak(
                Tested.BACKEND,
                1,
                engine -> {
                    try (QNet net =
                            QNet.builder(engine)
                                    .image(1, 2, 2)
                                    .pixelZero(128)
                                    .pixelScale(0.5f)
                                    .flatten()
                                    .actions(1)
                                    .build()) {
                        final Trace trace = new Trace();
                        final Tensor image = trace.input("image", DType.U8, 2, 1, 2, 2);
                        final Tensor values = net.forward(image);
                        try (Plan plan =
                                Plan.builder(engine.backend(), trace).keep(values).build()) {
                            final byte[] pixels = {
                                (byte) 128,
                                (byte) 128,
                                (byte) 128,
                                (byte) 128,
                                0,
                                127,
                                (byte) 130,
                                (byte) 255
                            };
                            Segments.fill(plan.buffer(image), pixels);
                            plan.run();
                            final float[] weights =
                                    Segments.floats(net.parameters().all().getFirst().value());
                            final float bias =
                                    Segments.floats(net.parameters().all().getLast().value())[0];
                            final float[] seen = Segments.floats(plan.buffer(values));
                            assertEquals(bias, seen[0]);
                            final float sum =
                                    -64 * weights[0]
                                            - 0.5f * weights[1]
                                            + weights[2]
                                            + 63.5f * weights[3];
                            assertEquals(bias + sum, seen[1], 1e-4f);
                        }
                    }
                    final var refused =
                            assertThrows(
                                    IllegalArgumentException.class,
                                    () -> QNet.builder(engine).pixelZero(256));
                    assertEquals("QNet: pixelZero=256, expected [0, 255]", refused.getMessage());
                });
    }

    private static void train(
            final Engine engine, final TwoInputQNet net, final TwoInputQNet target) {
        final Trace trace = new Trace();
        final Tensor image = trace.input("image", DType.U8, 6, 2, 6, 5);
        final Tensor vector = trace.input("vector", DType.F32, 6, 4);
        final Tensor goal = trace.input("goal", DType.F32, 6, 3);
        final Tensor loss =
                net.forward(new Observation(vector, image), Mode.training(new RandomStream(1)))
                        .squaredError(goal)
                        .mean();
        try (AdamW optimizer = new AdamW(engine, net.parameters(), 1e-2, 0);
                Plan plan =
                        Plan.builder(engine.backend(), trace)
                                .gradientsOf(loss)
                                .then("adamW", optimizer)
                                .then(
                                        "softUpdate",
                                        Sweeps.softUpdate(
                                                net.parameters(), target.parameters(), 0.5f))
                                .build()) {
            final byte[] pixels = new byte[6 * 2 * 6 * 5];
            new RandomStream(2).nextBytes(pixels);
            Segments.fill(plan.buffer(image), pixels);
            Segments.fill(plan.buffer(vector), floats(24, 3));
            Segments.fill(plan.buffer(goal), floats(18, 4));
            plan.run();
            final float before = Segments.floats(plan.buffer(loss))[0];
            for (int i = 0; i < 60; i++) {
                plan.run();
            }
            final float after = Segments.floats(plan.buffer(loss))[0];
            assertTrue(after < 0.2f * before, "loss before=" + before + ", after=" + after);
        }
        final float[] moved = statistic(net);
        assertTrue(Math.abs(moved[0]) > 0.01, "running mean=" + moved[0]);
        assertArrayEquals(moved, statistic(target), 2e-3f); // it trails by one update's move or two
    }

    private static float[] floats(final int size, final long seed) {
        final float[] values = new float[size];
        final RandomStream random = new RandomStream(seed);
        for (int i = 0; i < size; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    private static float[] statistic(final Network net) {
        return Segments.floats(
                net.parameters().all().stream()
                        .filter(p -> p.name().equals("image.1.running_mean"))
                        .findFirst()
                        .orElseThrow()
                        .value());
    }

    @Test
    void filesCarryWeightsAndStatistics() throws Exception {
        assertNoLeak(
                Tested.BACKEND,
                1,
                engine -> {
                    final Path file = folder.resolve("net.safetensors");
                    try (TwoInputQNet net = small(engine);
                            TwoInputQNet other = small(engine)) {
                        net.parameters().all().forEach(NetworksTest::fill);
                        net.save(file, Map.of("episodes", "7"));
                        assertEquals(Map.of("episodes", "7"), other.load(file));
                        for (int i = 0; i < names(net).size(); i++) {
                            assertArrayEquals(
                                    Segments.floats(net.parameters().all().get(i).value()),
                                    Segments.floats(other.parameters().all().get(i).value()));
                        }
                    }
                });
    }

    private static void fill(final Parameter p) {
        Segments.fill(p.value(), floats(Math.toIntExact(p.shape().size()), p.name().hashCode()));
    }

    @Test
    void aDuelingNetworkHasTwoHeadsAndTheMeanOfItsValuesIsTheState() throws Exception {
        assertNoLeak(
                Tested.BACKEND,
                1,
                engine -> {
                    try (QNet net =
                            QNet.builder(engine).input(4).linear(6).relu().dueling(3).build()) {
                        assertEquals(
                                List.of(
                                        "0.weight[6, 4]",
                                        "0.bias[6]",
                                        "2.value.weight[1, 6]",
                                        "2.value.bias[1]",
                                        "2.advantage.weight[3, 6]",
                                        "2.advantage.bias[3]"),
                                names(net));
                        Segments.fill(net.parameters().all().get(2).value(), new float[6]);
                        Segments.fill(net.parameters().all().get(3).value(), new float[] {2.5f});
                        final Trace trace = new Trace();
                        final Tensor x = trace.input("x", DType.F32, 1, 4);
                        final Tensor q = net.forward(x);
                        try (Plan plan = Plan.builder(engine.backend(), trace).build()) {
                            Segments.fill(plan.buffer(x), new float[] {1, -2, 3, 4});
                            plan.run();
                            final float[] values = Segments.floats(plan.buffer(q));
                            assertEquals(2.5, (values[0] + values[1] + values[2]) / 3, 1e-6);
                            assertTrue(
                                    Math.abs(values[0] - values[1]) > 1e-4,
                                    Arrays.toString(values));
                        }
                    }
                });
    }

    @Test
    void aNoisyNetworkIsNamedAndTrainsItsNoise() throws Exception {
        assertNoLeak(
                Tested.BACKEND,
                1,
                engine -> {
                    try (QNet net =
                            QNet.builder(engine)
                                    .input(3)
                                    .noisyLinear(4)
                                    .relu()
                                    .actions(2)
                                    .build()) {
                        assertEquals(
                                List.of(
                                        "0.weight_mu[4, 3]",
                                        "0.weight_sigma[4, 3]",
                                        "0.bias_mu[4]",
                                        "0.bias_sigma[4]",
                                        "2.weight[2, 4]",
                                        "2.bias[2]"),
                                names(net));
                        final Trace trace = new Trace();
                        final Tensor x = trace.input("x", DType.F32, 5, 3);
                        final Tensor loss =
                                net.forward(x, Mode.training(new RandomStream(3))).sum();
                        try (Plan plan =
                                Plan.builder(engine.backend(), trace).gradientsOf(loss).build()) {
                            Segments.fill(plan.buffer(x), floats(15, 5));
                            plan.run();
                            final float[] first =
                                    Segments.floats(net.parameters().all().get(1).gradient());
                            plan.run();
                            final float[] second =
                                    Segments.floats(net.parameters().all().get(1).gradient());
                            assertTrue(Math.abs(first[0]) + Math.abs(first[5]) > 0);
                            assertTrue(!Arrays.equals(first, second), "noise drawn anew");
                        }
                    }
                });
    }

    @Test
    void whatDoesNotFitIsNamed() throws Exception {
        assertNoLeak(
                Tested.BACKEND,
                1,
                engine -> {
                    assertEquals(
                            "TwoInputQNet: image=null, vector=4, expected both set before"
                                    + " actions(...)",
                            assertThrows(
                                            IllegalStateException.class,
                                            () -> TwoInputQNet.builder(engine).vector(4).actions(2))
                                    .getMessage());
                    assertEquals(
                            "window: image=6x6, kernel=8x8, stride=4x4, pad=0x0, dilation=1x1,"
                                    + " expected a kernel within the padded image",
                            assertThrows(
                                            IllegalArgumentException.class,
                                            () ->
                                                    TwoInputQNet.builder(engine)
                                                            .image(1, 6, 6)
                                                            .vector(4)
                                                            .actions(2))
                                    .getMessage());
                    assertEquals(
                            "Conv2d: in=3, out=4, kernel=Pair[height=2, width=2],"
                                    + " stride=Pair[height=1, width=1], padding=Pair[height=0, width=0],"
                                    + " dilation=Pair[height=1, width=1], groups=2, expected groups"
                                    + " to divide in and out, sizes > 0",
                            assertThrows(
                                            IllegalArgumentException.class,
                                            () ->
                                                    new Conv2d(
                                                            3,
                                                            4,
                                                            Pair.of(2),
                                                            Pair.of(1),
                                                            Pair.of(0),
                                                            Pair.of(1),
                                                            2))
                                    .getMessage());
                });
    }
}

package greenwave.engine.onnx;

import static greenwave.engine.NoLeak.assertNoLeak;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;

import greenwave.engine.Engine;
import greenwave.engine.RandomStream;
import greenwave.engine.autograd.Plan;
import greenwave.engine.autograd.Trace;
import greenwave.engine.nn.ActionValues;
import greenwave.engine.nn.Activation;
import greenwave.engine.nn.AvgPool2d;
import greenwave.engine.nn.Dropout;
import greenwave.engine.nn.LayerNorm;
import greenwave.engine.nn.LeakyReLU;
import greenwave.engine.nn.MaxPool2d;
import greenwave.engine.nn.Mode;
import greenwave.engine.nn.Observation;
import greenwave.engine.nn.QNet;
import greenwave.engine.nn.QNetwork;
import greenwave.engine.nn.ReLU;
import greenwave.engine.nn.TwoInputQNet;
import greenwave.engine.tensor.Tensor;
import greenwave.kernels.DType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Exported networks, run by ONNX Runtime, give our numbers. */
class OnnxFileTest {
    @TempDir Path folder;

    private static QNet.Builder vectors(final Engine engine) {
        return QNet.builder(engine).input(33).linear(24);
    }

    private static Tensor record(final QNetwork net, final int rows) {
        return net.forward(Observation.inputs(new Trace(), "obs", "image", rows, net));
    }

    /** Moves the running statistics off their first values: runs the network in training a few times. */
    private static QNet moved(final Engine engine, final QNet net) {
        final Trace trace = new Trace();
        net.forward(
                Observation.inputs(trace, "obs", "image", 5, net),
                Mode.training(new RandomStream(1)));
        try (Plan plan = Plan.builder(engine.backend(), trace).build()) {
            OnnxRuntime.fill(plan, trace);
            IntStream.range(0, 4).forEach(_ -> plan.run());
        }
        return net;
    }

    static Stream<Arguments> nets() {
        final Map<String, Function<Engine, QNetwork>> nets =
                Map.of(
                        "perceptron",
                        e -> vectors(e).relu().linear(7).relu().actions(8).build(),
                        "dueling",
                        e -> vectors(e).relu().dueling(8).build(),
                        "noisy",
                        e -> vectors(e).relu().noisyLinear(16).relu().actions(3).build(),
                        "layerNorm and dropout",
                        e ->
                                vectors(e)
                                        .layer(new LayerNorm(24), 24)
                                        .relu()
                                        .layer(new Dropout(0.5f), 24)
                                        .actions(5)
                                        .build(),
                        "batchNorm1d",
                        e -> moved(e, vectors(e).batchNorm().relu().actions(5).build()),
                        "the tutorial's convolutions",
                        e -> moved(e, convolutions(e).actions(2).build()),
                        "dueling over images",
                        e -> moved(e, convolutions(e).linear(20).relu().dueling(3).build()),
                        "activations",
                        e ->
                                vectors(e)
                                        .layer(new LeakyReLU(), 24)
                                        .linear(20)
                                        .layer(Activation.GELU, 20)
                                        .linear(15)
                                        .layer(Activation.TANH, 15)
                                        .linear(10)
                                        .layer(Activation.SIGMOID, 10)
                                        .actions(3)
                                        .build(),
                        "pools",
                        e ->
                                QNet.builder(e)
                                        .image(2, 16, 20)
                                        .conv2d(5, 3, 1)
                                        .layer(new MaxPool2d(2), 5, 7, 9)
                                        .layer(new AvgPool2d(3), 5, 2, 3)
                                        .flatten()
                                        .actions(3)
                                        .build(),
                        "image beside vector",
                        e ->
                                TwoInputQNet.builder(e)
                                        .image(1, 84, 84)
                                        .pixelScale(1)
                                        .vector(16)
                                        .hidden(64)
                                        .actions(4));
        return Stream.of(nets, distributions())
                .flatMap(several -> several.entrySet().stream())
                .sorted(Map.Entry.comparingByKey())
                .flatMap(
                        net ->
                                Stream.of(1, 2, 17)
                                        .map(
                                                rows ->
                                                        Arguments.of(
                                                                net.getKey(),
                                                                rows,
                                                                net.getValue())));
    }

    /** Networks whose values are expectations. */
    private static Map<String, Function<Engine, QNetwork>> distributions() {
        return Map.of(
                "dueling quantiles",
                e -> vectors(e).relu().values(ActionValues.quantiles(5)).dueling(3).build(),
                "noisy dueling atoms",
                e ->
                        vectors(e)
                                .relu()
                                .noisy()
                                .values(ActionValues.categorical(7, -2, 3))
                                .dueling(3)
                                .build(),
                "atoms of image beside vector",
                e ->
                        TwoInputQNet.builder(e)
                                .image(1, 36, 36)
                                .vector(5)
                                .hidden(16)
                                .noisy()
                                .dueling()
                                .values(ActionValues.categorical(7, -2, 3))
                                .actions(4));
    }

    private static QNet.Builder convolutions(final Engine engine) {
        final QNet.Builder net = QNet.builder(engine).image(3, 40, 90);
        for (final int channels : new int[] {16, 32, 32}) {
            net.conv2d(channels, 5, 2).batchNorm().relu();
        }
        return net.flatten();
    }

    @ParameterizedTest(name = "{0}, {1} rows")
    @MethodSource("nets")
    void aNetworkGivesTheSameValuesForAnyNumberOfRows(
            final String name, final int rows, final Function<Engine, QNetwork> maker)
            throws Exception {
        final Path file = folder.resolve("policy.onnx");
        assertNoLeak(
                "cpu",
                4,
                engine -> {
                    try (QNetwork net = maker.apply(engine)) {
                        OnnxFile.export(net, file);
                        OnnxRuntime.assertSame(engine, file, record(net, rows));
                    }
                });
    }

    @Test
    void aModelSaysWhatItTakesAndYields() throws Exception {
        final Path file = folder.resolve("policy.onnx");
        assertNoLeak(
                "reference",
                1,
                engine -> {
                    try (TwoInputQNet net =
                            TwoInputQNet.builder(engine)
                                    .image(2, 5, 6, new ReLU())
                                    .vector(4)
                                    .hidden(3)
                                    .actions(2)) {
                        OnnxFile.export(net, file);
                    }
                });
        try (OrtSession session = OrtEnvironment.getEnvironment().createSession(file.toString())) {
            assertEquals("UINT8[N, 2, 5, 6]", describe(session.getInputInfo().get("image")));
            assertEquals("FLOAT[N, 4]", describe(session.getInputInfo().get("obs")));
            assertEquals("FLOAT[N, 2]", describe(session.getOutputInfo().get("q")));
            assertEquals(2, session.getNumInputs());
            assertEquals("greenwave", session.getMetadata().getProducerName());
        }
    }

    private static String describe(final ai.onnxruntime.NodeInfo value) {
        final TensorInfo info = (TensorInfo) value.getInfo();
        final List<String> dims =
                IntStream.range(0, info.getShape().length)
                        .mapToObj(
                                i ->
                                        info.getShape()[i] < 0
                                                ? info.getDimensionNames()[i]
                                                : Long.toString(info.getShape()[i]))
                        .toList();
        return info.type + dims.toString();
    }

    private void assertRefused(final String message, final IntFunction<Tensor> computation) {
        final Path file = folder.resolve("refused.onnx");
        assertEquals(
                message,
                assertThrows(
                                IllegalArgumentException.class,
                                () -> OnnxFile.export(computation, file))
                        .getMessage());
        assertEquals(false, Files.exists(file));
    }

    private static Tensor obs(final int rows) {
        return new Trace().input("obs", DType.F32, rows, 6);
    }

    @Test
    void whatDependsOnTheRowsInAnotherWayIsRefused() {
        assertRefused(
                "onnx: op=slice, constant=2 for 2 rows, 3 for 3, expected one that does not depend on the rows",
                n -> obs(n).slice(0, 0, n));
        assertRefused(
                "onnx: op=affine, constant=2.0 for 2 rows, 3.0 for 3, expected one that does not depend on the rows",
                n -> obs(n).mul(n));
        assertRefused(
                "onnx: op=obs, sizes=[3, 2] for 2 rows, [4, 2] for 3, expected multiples of the rows",
                n -> new Trace().input("obs", DType.F32, n + 1, 2).relu());
        assertRefused(
                "onnx: input=obs, sizes=[4, 2] for 2 rows, expected the rows as the first dimension",
                n -> new Trace().input("obs", DType.F32, 2 * n, 2).relu());
        assertRefused(
                "onnx: input or parameter=obs, expected a name of its own",
                n -> {
                    final Tensor x = obs(n);
                    return x.add(x.trace().input("obs", DType.F32, n, 6));
                });
        assertRefused(
                "onnx: ops=2 for 2 rows, 3 for 3, expected one computation for any number of rows",
                n -> n == 2 ? obs(n).relu() : obs(n).relu().relu());
    }

    @Test
    void equalNetworksGiveEqualFiles() throws Exception {
        final Path[] files = {folder.resolve("a.onnx"), folder.resolve("b.onnx")};
        for (final Path file : files) {
            assertNoLeak(
                    "cpu",
                    9,
                    engine -> {
                        try (QNet net = convolutions(engine).actions(2).build()) {
                            OnnxFile.export(net, file);
                        }
                    });
        }
        assertEquals(-1, Files.mismatch(files[0], files[1]));
    }
}

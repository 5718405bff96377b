package greenwave.engine.onnx;

import static greenwave.engine.NoLeak.assertNoLeak;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import greenwave.engine.autograd.DistributionOps;
import greenwave.engine.autograd.ImageOps;
import greenwave.engine.autograd.NormOps;
import greenwave.engine.autograd.Op;
import greenwave.engine.autograd.Ops;
import greenwave.engine.autograd.RandomOps;
import greenwave.engine.autograd.Trace;
import greenwave.engine.nn.Functional;
import greenwave.engine.nn.Pair;
import greenwave.engine.tensor.Tensor;
import greenwave.kernels.DType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Every op that a forward pass may use, run by ONNX Runtime beside ours. */
class TranslationsTest {
    /** What draws, moves statistics or is part of a loss alone happens in training alone. */
    private static final Set<Op> TRAINING =
            Set.of(
                    RandomOps.DROPOUT_MASK,
                    RandomOps.NORMAL,
                    NormOps.MOVING_AVERAGE,
                    DistributionOps.FLAT_INDEX,
                    DistributionOps.PROJECT_CATEGORICAL,
                    DistributionOps.QUANTILE_HUBER);

    @TempDir Path folder;

    /** Inputs for so many rows. */
    private record Inputs(Trace trace, int rows) {
        Tensor x() {
            return trace.input("x", DType.F32, rows, 6);
        }

        Tensor other(final int... dims) {
            return trace.input("other", DType.F32, dims);
        }

        Tensor index(final int... dims) {
            return trace.input("index", DType.I32, dims);
        }

        Tensor legal() {
            return trace.input("legal", DType.U8, rows, 6);
        }

        Tensor image() {
            return trace.input("image", DType.F32, rows, 4, 9, 8);
        }

        Tensor pixels() {
            return trace.input("pixels", DType.U8, rows, 2, 3, 5);
        }
    }

    private static final Map<String, Function<Inputs, Tensor>> CASES = new LinkedHashMap<>();

    static {
        CASES.put("add", in -> in.x().add(in.other(in.rows, 6)));
        CASES.put("sub, broadcast along rows", in -> in.x().sub(in.other(in.rows, 1)));
        CASES.put("mul, broadcast over rows", in -> in.x().mul(in.other(6)));
        CASES.put("div", in -> in.x().div(in.other(in.rows, 6).exp()));
        CASES.put("affine", in -> in.x().mul(-2.5f).add(0.5f));
        CASES.put("relu", in -> in.x().relu());
        CASES.put("abs, log, sqrt", in -> in.x().abs().add(1).log().sqrt());
        CASES.put("pow", in -> in.x().abs().add(0.1f).pow(-0.5f));
        CASES.put("clamp", in -> in.x().clamp(-0.5f, 0.25f));
        CASES.put("leakyRelu", in -> in.x().leakyRelu(0.01f));
        CASES.put("gelu", in -> in.x().mul(3).gelu());
        CASES.put("tanh and sigmoid", in -> in.x().tanh().sigmoid());
        CASES.put("signedSqrt", in -> in.x().signedSqrt());
        CASES.put("fromBytes", in -> in.pixels().fromBytes(1 / 255f));
        CASES.put("detach", in -> in.x().detach());
        CASES.put("huber", in -> in.x().mul(2).huber(in.other(in.rows, 6), 0.7f));
        CASES.put("reshape", in -> in.x().reshape(in.rows * 3, 2));
        CASES.put("broadcast alone", in -> in.other(1, 6).broadcast(in.rows, 6).concat(0, in.x()));
        CASES.put("permute", in -> in.image().permute(2, 0, 3, 1));
        CASES.put("slice", in -> in.image().slice(1, 1, 2));
        CASES.put("concat", in -> in.x().concat(1, in.other(in.rows, 3)));
        CASES.put(
                "concat of three",
                in -> {
                    final Tensor x = in.x();
                    return x.concat(1, in.other(in.rows, 3), x.slice(1, 2, 2));
                });
        CASES.put("by scalars", in -> in.x().abs().sub(-1).reciprocal().rsub(2).div(3));
        CASES.put(
                "linear",
                in -> {
                    final Tensor weight = in.other(5, 6);
                    return in.x().linear(weight, weight.sum(1));
                });
        CASES.put("matmul", in -> in.x().matmul(in.other(6, 4)));
        CASES.put(
                "matmul of a batch",
                in -> in.x().reshape(in.rows, 2, 3).matmul(in.other(in.rows, 3, 4)));
        CASES.put(
                "constant",
                in -> in.x().matmul(in.trace.constant("c", new float[] {1, -2, 3, 4, 5, 6}, 6, 1)));
        CASES.put("softmax of channels", in -> in.image().softmax(1));
        CASES.put("logSoftmax", in -> in.x().logSoftmax(1));
        CASES.put("sum of all", in -> in.x().sum());
        CASES.put("mean of all", in -> in.x().mean());
        CASES.put("sum over some", in -> in.image().sum(1, 3));
        CASES.put("mean over the rows", in -> in.image().mean(0, 2));
        CASES.put("max", in -> in.x().max(1));
        CASES.put("amax over some", in -> in.image().amax(3, 1));
        CASES.put("argMax", in -> in.x().argMax(1));
        CASES.put("max of channels", in -> in.image().max(1));
        CASES.put("max of the legal", in -> in.x().max(1, in.legal()));
        CASES.put("argMax of the legal", in -> in.x().argMax(1, in.legal()));
        CASES.put("gather", in -> in.x().gather(in.index(in.rows)));
        CASES.put("gather of several", in -> in.x().gather(in.index(in.rows, 2)));
        CASES.put("embedding", in -> in.other(3, 4).embedding(in.index(in.rows, 5)));
        CASES.put(
                "layerNorm",
                in ->
                        Functional.layerNorm(
                                in.image(),
                                in.other(9, 8),
                                in.x().mean(0, 1).broadcast(9, 8),
                                1e-5f));
        CASES.put(
                "batchNorm of a batch",
                in -> {
                    final Tensor x = in.image();
                    final int[] seen = {in.rows, 4, 72};
                    final Tensor moments = in.trace.record(NormOps.MOMENTS, new float[0], seen, x);
                    final float[] eps = {1e-3f};
                    return in.trace.record(NormOps.STANDARDISE, eps, seen, x, moments);
                });
        CASES.put(
                "batchNorm",
                in -> {
                    final Tensor weight = in.other(4);
                    return Functional.batchNorm(
                            in.image(), weight, weight.neg(), weight.exp(), weight.abs(), 1e-5f);
                });
        CASES.put(
                "conv2d",
                in -> {
                    final Tensor weight = in.other(6, 2, 3, 2);
                    return Functional.conv2d(
                            in.image(),
                            weight,
                            weight.mean(1, 2, 3),
                            new Pair(2, 1),
                            new Pair(1, 2),
                            new Pair(2, 3),
                            2);
                });
        CASES.put(
                "maxPool2d",
                in ->
                        Functional.maxPool2d(
                                in.image(),
                                new Pair(3, 2),
                                new Pair(2, 3),
                                new Pair(1, 0),
                                new Pair(2, 1)));
        CASES.put(
                "avgPool2d",
                in -> Functional.avgPool2d(in.image(), Pair.of(3), Pair.of(2), Pair.of(1)));
    }

    static Stream<String> cases() {
        return CASES.keySet().stream();
    }

    private static Tensor record(final String name, final int rows) {
        return CASES.get(name).apply(new Inputs(new Trace(), rows));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void givesOurNumbersForAnyNumberOfRows(final String name) throws Exception {
        final Path file = folder.resolve("op.onnx");
        OnnxFile.export(rows -> record(name, rows), file);
        for (final int rows : new int[] {1, 2, 5}) {
            assertNoLeak(
                    "reference",
                    1,
                    engine -> OnnxRuntime.assertSame(engine, file, record(name, rows)));
        }
    }

    @Test
    void everyOpIsTranslatedHereOrTrains() {
        final Set<String> seen =
                CASES.keySet().stream()
                        .flatMap(name -> record(name, 2).trace().nodes().stream())
                        .filter(node -> node.op() != null)
                        .map(node -> node.op().name())
                        .collect(Collectors.toCollection(TreeSet::new));
        TRAINING.forEach(op -> seen.add(op.name()));
        final Set<String> all =
                Ops.ALL.stream().map(Op::name).collect(Collectors.toCollection(TreeSet::new));
        assertEquals(all, seen);
    }

    @Test
    void anOpThatTrainsIsRefusedByName() {
        final String known =
                Ops.ALL.stream()
                        .filter(op -> !TRAINING.contains(op))
                        .map(Op::name)
                        .sorted()
                        .toList()
                        .toString();
        for (final Op op : TRAINING) {
            assertEquals(
                    "onnx: op=%s, expected one of %s".formatted(op, known),
                    assertThrows(IllegalArgumentException.class, () -> Translations.of(op))
                            .getMessage());
        }
    }

    @Test
    void anAveragePoolWithDilationIsRefused() {
        final int[] constants = {2, 2, 1, 1, 0, 0, 1, 2};
        assertEquals(
                "onnx: op=avgPool2d, dilation=[1, 2], expected [1, 1]",
                assertThrows(
                                IllegalArgumentException.class,
                                () ->
                                        OnnxFile.export(
                                                rows -> {
                                                    final Inputs in = new Inputs(new Trace(), rows);
                                                    return in.trace.record(
                                                            ImageOps.AVG_POOL2D,
                                                            new float[0],
                                                            constants,
                                                            in.image());
                                                },
                                                folder.resolve("pool.onnx")))
                        .getMessage());
    }
}

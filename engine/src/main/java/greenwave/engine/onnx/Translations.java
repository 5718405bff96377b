package greenwave.engine.onnx;

import greenwave.engine.autograd.ElementwiseOps;
import greenwave.engine.autograd.ImageOps;
import greenwave.engine.autograd.NormOps;
import greenwave.engine.autograd.Op;
import greenwave.engine.autograd.Ops;
import greenwave.engine.autograd.ProductOps;
import greenwave.engine.autograd.ReductionOps;
import greenwave.engine.autograd.ViewOps;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** The table from our ops to ONNX operators, set 17 (https://onnx.ai/onnx/operators): a row adds the nodes of one use. */
final class Translations {
    /** Adds nodes. */
    interface Row {
        /** {@return the name of the value that is the op's output} */
        String add(Use use);
    }

    private static final Map<String, ?> ALONG_ROWS = Map.of("axes", new long[] {1}, "keepdims", 0L);

    private static final Map<Op, Row> ROWS = new HashMap<>();

    static {
        elementwise();
        views();
        reductions();
        norms();
        images();
    }

    private Translations() {}

    /**
     * {@return the row of {@code op}}
     *
     * @throws IllegalArgumentException if there is none: the op trains, which models don't
     */
    static Row of(final Op op) {
        final Row row = ROWS.get(op);
        if (row == null) {
            final List<String> known = ROWS.keySet().stream().map(Op::name).sorted().toList();
            throw new IllegalArgumentException(
                    "onnx: op=%s, expected one of %s".formatted(op, known));
        }
        return row;
    }

    private static void plain(final Op op, final String operator) {
        plain(op, operator, Map.of());
    }

    private static void plain(final Op op, final String operator, final Map<String, ?> attributes) {
        ROWS.put(op, use -> use.plain(operator, attributes));
    }

    private static void elementwise() {
        plain(ElementwiseOps.ADD, "Add");
        plain(ElementwiseOps.SUB, "Sub");
        plain(ElementwiseOps.MUL, "Mul");
        plain(ElementwiseOps.DIV, "Div");
        plain(ElementwiseOps.RELU, "Relu");
        plain(ElementwiseOps.ABS, "Abs");
        plain(ElementwiseOps.EXP, "Exp");
        plain(ElementwiseOps.LOG, "Log");
        plain(ElementwiseOps.SQRT, "Sqrt");
        plain(ElementwiseOps.TANH, "Tanh");
        plain(ElementwiseOps.SIGMOID, "Sigmoid");
        ROWS.put(Ops.DETACH, use -> use.in(0));
        ROWS.put(
                ElementwiseOps.AFFINE,
                use -> {
                    final OnnxGraph g = use.graph();
                    final String scaled = g.node("Mul", use.in(0), g.scalar(use.attribute(0)));
                    return g.node("Add", scaled, g.scalar(use.attribute(1)));
                });
        ROWS.put(
                ElementwiseOps.POW,
                use -> use.graph().node("Pow", use.in(0), use.graph().scalar(use.attribute(0))));
        ROWS.put(
                ElementwiseOps.CLAMP,
                use -> {
                    final String low = use.graph().scalar(use.attribute(0));
                    final String high = use.graph().scalar(use.attribute(1));
                    return use.graph().node("Clip", use.in(0), low, high);
                });
        ROWS.put(
                ElementwiseOps.LEAKY_RELU,
                use -> use.plain("LeakyRelu", Map.of("alpha", use.attribute(0))));
        ROWS.put(ElementwiseOps.GELU, Translations::gelu);
        ROWS.put(
                ElementwiseOps.SIGNED_SQRT,
                use -> {
                    final OnnxGraph g = use.graph();
                    final String root = g.node("Sqrt", g.node("Abs", use.in(0)));
                    return g.node("Mul", g.node("Sign", use.in(0)), root);
                });
        ROWS.put(
                ElementwiseOps.FROM_BYTES,
                use -> {
                    final String pixels = cast(use, use.in(0), OnnxGraph.Element.FLOAT);
                    final String scale = use.graph().scalar(use.attribute(0));
                    return use.graph().node("Mul", pixels, scale);
                });
        ROWS.put(Ops.HUBER, Translations::huber);
    }

    private static void views() {
        ROWS.put(ViewOps.RESHAPE, use -> use.reshape(use.in(0), use.outDims()));
        ROWS.put(ReductionOps.RESHAPE_INDEX, use -> use.reshape(use.in(0), use.outDims()));
        ROWS.put(
                ViewOps.BROADCAST,
                use -> use.graph().node("Expand", use.in(0), use.shape(use.outDims())));
        ROWS.put(
                ViewOps.PERMUTE,
                use ->
                        use.plain(
                                "Transpose",
                                Map.of("perm", use.constants(0, use.constantCount()))));
        ROWS.put(
                ViewOps.SLICE,
                use -> {
                    final OnnxGraph g = use.graph();
                    final String start = g.list((long) use.constant(1));
                    final String end = g.list((long) use.constant(1) + use.constant(2));
                    return g.node("Slice", use.in(0), start, end, g.list((long) use.constant(0)));
                });
        ROWS.put(
                ViewOps.CONCAT, use -> use.plain("Concat", Map.of("axis", (long) use.constant(0))));
    }

    private static void reductions() {
        plain(Ops.LINEAR, "Gemm", Map.of("transB", 1L));
        plain(ProductOps.MATMUL, "MatMul");
        plain(ReductionOps.SOFTMAX, "Softmax", Map.of("axis", 1L));
        plain(ReductionOps.LOG_SOFTMAX, "LogSoftmax", Map.of("axis", 1L));
        plain(ReductionOps.EMBEDDING, "Gather", Map.of("axis", 0L));
        plain(Ops.SUM, "ReduceSum", Map.of("keepdims", 0L));
        plain(Ops.MEAN, "ReduceMean", Map.of("keepdims", 0L));
        plain(Ops.MAX, "ReduceMax", ALONG_ROWS);
        plain(ReductionOps.AMAX, "ReduceMax", ALONG_ROWS);
        ROWS.put(ReductionOps.SUM_OVER, Translations::sumOver);
        ROWS.put(
                Ops.GATHER,
                use -> {
                    final OnnxGraph g = use.graph();
                    final String column = g.node("Unsqueeze", use.in(1), g.list(1L));
                    final String found =
                            g.node("GatherElements", Map.of("axis", 1L), use.in(0), column);
                    return g.node("Squeeze", found, g.list(1L));
                });
        ROWS.put(Ops.ARG_MAX, use -> argMax(use, use.in(0)));
        ROWS.put(Ops.LEGAL_ARG_MAX, use -> argMax(use, legalOnly(use)));
        ROWS.put(
                Ops.LEGAL_MAX,
                use -> {
                    final OnnxGraph g = use.graph();
                    final String most = g.node("ReduceMax", ALONG_ROWS, legalOnly(use));
                    final String any = g.node("ReduceMax", ALONG_ROWS, use.in(1));
                    final String some = cast(use, any, OnnxGraph.Element.BOOL);
                    return g.node("Where", some, most, g.scalar(0f));
                });
    }

    private static void norms() {
        ROWS.put(NormOps.MOMENTS, Translations::moments);
        ROWS.put(NormOps.STANDARDISE, Translations::standardise);
        ROWS.put(
                NormOps.CHANNEL_AFFINE,
                use -> {
                    final OnnxGraph g = use.graph();
                    final Rows seen = use.constantsAsDims();
                    final String x = use.reshape(use.in(0), seen);
                    final String scaled = g.node("Mul", x, use.reshape(use.in(1), channels(seen)));
                    final String y = g.node("Add", scaled, use.reshape(use.in(2), channels(seen)));
                    return use.reshape(y, use.outDims());
                });
    }

    private static void images() {
        ROWS.put(
                ImageOps.CONV2D,
                use ->
                        use.plain(
                                "Conv",
                                Map.of(
                                        "strides",
                                        use.constants(0, 2),
                                        "pads",
                                        pads(use, 2),
                                        "dilations",
                                        use.constants(4, 6),
                                        "group",
                                        (long) use.constant(6))));
        ROWS.put(
                ImageOps.MAX_POOL2D,
                use ->
                        use.plain(
                                "MaxPool",
                                Map.of(
                                        "kernel_shape",
                                        use.constants(0, 2),
                                        "strides",
                                        use.constants(2, 4),
                                        "pads",
                                        pads(use, 4),
                                        "dilations",
                                        use.constants(6, 8))));
        ROWS.put(ImageOps.AVG_POOL2D, Translations::averagePool);
    }

    /** The operator set has no dilation here, nor has our layer. */
    private static String averagePool(final Use use) {
        if (use.constant(6) != 1 || use.constant(7) != 1) {
            throw new IllegalArgumentException(
                    "onnx: op=avgPool2d, dilation=[%d, %d], expected [1, 1]"
                            .formatted(use.constant(6), use.constant(7)));
        }
        return use.plain(
                "AveragePool",
                Map.of(
                        "kernel_shape",
                        use.constants(0, 2),
                        "strides",
                        use.constants(2, 4),
                        "pads",
                        pads(use, 4),
                        "count_include_pad",
                        1L));
    }

    /** Above, left, below, right, from constants height, width. */
    private static long[] pads(final Use use, final int from) {
        final long height = use.constant(from);
        final long width = use.constant(from + 1);
        return new long[] {height, width, height, width};
    }

    private static String cast(final Use use, final String value, final OnnxGraph.Element to) {
        return use.graph().node("Cast", Map.of("to", to.code()), value);
    }

    /** x / 2 · (1 + erf(x / √2)). */
    private static String gelu(final Use use) {
        final OnnxGraph g = use.graph();
        final String error =
                g.node("Erf", g.node("Mul", use.in(0), g.scalar((float) Math.sqrt(0.5))));
        final String half = g.node("Mul", use.in(0), g.scalar(0.5f));
        return g.node("Mul", half, g.node("Add", error, g.scalar(1f)));
    }

    private static String huber(final Use use) {
        final OnnxGraph g = use.graph();
        final float beta = use.attribute(0);
        final String distance = g.node("Abs", g.node("Sub", use.in(0), use.in(1)));
        final String square = g.node("Mul", distance, distance);
        final String near = g.node("Mul", square, g.scalar(0.5f / beta));
        final String far = g.node("Sub", distance, g.scalar(beta / 2));
        final String isNear = g.node("Less", distance, g.scalar(beta));
        return g.node("Where", isNear, near, far);
    }

    /** A mean where the scale makes it one, which may run over the rows. */
    private static String sumOver(final Use use) {
        final OnnxGraph g = use.graph();
        final long[] axes = use.constants(0, use.constantCount());
        if (isMean(use, axes, Rows.FEW) && isMean(use, axes, Rows.MORE)) {
            return g.node("ReduceMean", Map.of("axes", axes, "keepdims", 0L), use.in(0));
        }
        final String sum = g.node("ReduceSum", Map.of("keepdims", 0L), use.in(0), g.list(axes));
        return g.node("Mul", sum, g.scalar(use.attribute(0)));
    }

    private static boolean isMean(final Use use, final long[] axes, final int n) {
        double count = 1;
        for (final long axis : axes) {
            count *= use.inDims(0, n)[(int) axis];
        }
        return use.attribute(0, n) == (float) (1 / count);
    }

    /** x, and -infinity where an action is not legal. */
    private static String legalOnly(final Use use) {
        final String legal = cast(use, use.in(1), OnnxGraph.Element.BOOL);
        final String never = use.graph().scalar(Float.NEGATIVE_INFINITY);
        return use.graph().node("Where", legal, use.in(0), never);
    }

    private static String argMax(final Use use, final String x) {
        final Map<String, Long> alongRows = Map.of("axis", 1L, "keepdims", 0L);
        final String index = use.graph().node("ArgMax", alongRows, x); // the first of equals
        return cast(use, index, OnnxGraph.Element.INT32);
    }

    /** [1, channels, 1] of [outer, channels, inner]. */
    private static Rows channels(final Rows seen) {
        return new Rows(
                new int[] {1, seen.each()[1], 1}, new boolean[] {false, seen.follows()[1], false});
    }

    /** [2, channels]: mean, biased variance. */
    private static String moments(final Use use) {
        final OnnxGraph g = use.graph();
        final Map<String, ?> byChannel = Map.of("axes", new long[] {0, 2}, "keepdims", 1L);
        final String x = use.reshape(use.in(0), use.constantsAsDims());
        final String mean = g.node("ReduceMean", byChannel, x);
        final String off = g.node("Sub", x, mean);
        final String variance = g.node("ReduceMean", byChannel, g.node("Mul", off, off));
        final String both =
                g.node("Concat", Map.of("axis", 0L), mean, variance); // [2, channels, 1]
        return g.node("Squeeze", both, g.list(2L));
    }

    private static String standardise(final Use use) {
        final OnnxGraph g = use.graph();
        final Rows seen = use.constantsAsDims();
        final String[] moments =
                IntStream.range(0, 2)
                        .mapToObj(i -> moment(use, i, channels(seen)))
                        .toArray(String[]::new);
        final String off = g.node("Sub", use.reshape(use.in(0), seen), moments[0]);
        final String spread = g.node("Sqrt", g.node("Add", moments[1], g.scalar(use.attribute(0))));
        return use.reshape(g.node("Div", off, spread), use.outDims());
    }

    /** Row {@code index} of the second input as [1, channels, 1]. */
    private static String moment(final Use use, final int index, final Rows channels) {
        final OnnxGraph g = use.graph();
        final String row =
                g.node("Slice", use.in(1), g.list((long) index), g.list(index + 1L), g.list(0L));
        return use.reshape(row, channels);
    }
}

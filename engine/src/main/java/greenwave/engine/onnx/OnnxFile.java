package greenwave.engine.onnx;

import greenwave.engine.autograd.Parameter;
import greenwave.engine.autograd.Trace;
import greenwave.engine.nn.Observation;
import greenwave.engine.nn.QNetwork;
import greenwave.engine.tensor.Tensor;
import greenwave.kernels.DType;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.IntFunction;

/**
 * Networks as ONNX models, evaluated, not trained, with their weights as they are. A model yields {@code q} f32 [N, actions]
 * for any number of rows N.
 */
public final class OnnxFile {
    private static final ValueLayout.OfFloat LITTLE_ENDIAN_FLOAT =
            ValueLayout.JAVA_FLOAT.withOrder(ByteOrder.LITTLE_ENDIAN);

    private OnnxFile() {}

    /**
     * Writes {@code net}; the model takes {@code obs} f32 [N, obsSize], {@code image} u8 [N, C, H, W], or both.
     *
     * @throws IOException if the file cannot be written; a file that was there is unchanged
     * @throws IllegalArgumentException if a layer uses an op that has no translation; nothing is written
     */
    public static void export(final QNetwork net, final Path file) throws IOException {
        export(n -> net.forward(Observation.inputs(new Trace(), "obs", "image", n, net)), file);
    }

    /**
     * Writes any computation; the model takes its inputs and yields its result as {@code q}.
     *
     * @param computation records itself for so many rows in a new trace and returns the result
     * @throws IOException if the file cannot be written; a file that was there is unchanged
     * @throws IllegalArgumentException if it uses an op that has no translation, or depends on the number of rows in a way
     *     that has none; nothing is written
     */
    public static void export(final IntFunction<Tensor> computation, final Path file)
            throws IOException {
        graph(computation.apply(Rows.FEW), computation.apply(Rows.MORE)).write(file);
    }

    /** The graph of a computation that was recorded for two numbers of rows. */
    private static OnnxGraph graph(final Tensor few, final Tensor more) {
        final List<Trace.Node> nodes = few.trace().nodes();
        final List<Trace.Node> others = more.trace().nodes();
        if (few.id() != more.id() || nodes.size() != others.size()) {
            throw new IllegalArgumentException(
                    "onnx: ops=%d for %d rows, %d for %d, expected one computation for any number of rows"
                            .formatted(nodes.size(), Rows.FEW, others.size(), Rows.MORE));
        }
        final OnnxGraph graph = new OnnxGraph("qnet");
        final boolean[] needed = needed(few);
        final String rows = addLeaves(graph, nodes, others, needed);
        final List<String> names = new ArrayList<>(); // of the tensors, by id
        for (final Trace.Node node : nodes) {
            final int id = node.out().id();
            if (node.op() == null || !needed[id]) {
                names.add(node.name());
            } else {
                final List<String> in = Arrays.stream(node.inputs()).mapToObj(names::get).toList();
                final Use use = new Use(graph, rows, nodes, others, id, in);
                names.add(Translations.of(node.op()).add(use));
            }
        }
        graph.alias("q", names.get(few.id()));
        final Rows dims = dims(nodes.get(few.id()), others.get(few.id()));
        graph.output("q", element(few.dtype()), dims.with(0));
        return graph;
    }

    /** Adds inputs, constants and parameters, which keep their names; returns an input that has the rows, or null. */
    private static String addLeaves(
            final OnnxGraph graph,
            final List<Trace.Node> nodes,
            final List<Trace.Node> others,
            final boolean[] needed) {
        final Set<String> names = new HashSet<>(Set.of("q"));
        String rows = null;
        for (final Trace.Node node : nodes) {
            final int id = node.out().id();
            if (node.op() != null || !needed[id]) {
                continue;
            }
            if (!names.add(node.name())) {
                throw new IllegalArgumentException(
                        "onnx: input or parameter=%s, expected a name of its own"
                                .formatted(node.name()));
            }
            if (node.parameter() != null) {
                addParameter(graph, node.parameter());
            } else if (node.attributes().length > 0) {
                final MemorySegment data =
                        Arena.ofAuto().allocateFrom(LITTLE_ENDIAN_FLOAT, node.attributes());
                graph.constant(node.name(), OnnxGraph.Element.FLOAT, node.out().shape(), data);
            } else {
                final Rows dims = dims(node, others.get(id));
                graph.input(node.name(), element(node.out().dtype()), dims.with(0));
                rows = dims.following() > 0 ? requireRowsFirst(node, dims) : rows;
            }
        }
        return rows;
    }

    /** By tensor: whether the result depends on it. */
    private static boolean[] needed(final Tensor result) {
        final List<Trace.Node> nodes = result.trace().nodes();
        final boolean[] needed = new boolean[nodes.size()];
        needed[result.id()] = true;
        for (final Trace.Node node : nodes.reversed()) {
            if (needed[node.out().id()]) {
                Arrays.stream(node.inputs()).forEach(input -> needed[input] = true);
            }
        }
        return needed;
    }

    private static Rows dims(final Trace.Node few, final Trace.Node more) {
        return Rows.of(few.name(), few.out().shape().dims(), more.out().shape().dims());
    }

    private static void addParameter(final OnnxGraph graph, final Parameter parameter) {
        final long size = parameter.shape().size();
        final MemorySegment data = Arena.ofAuto().allocate(size * Float.BYTES, Float.BYTES);
        parameter.value().download(0, data, 0, size);
        final OnnxGraph.Element element = OnnxGraph.Element.FLOAT;
        graph.constant(parameter.name(), element, parameter.shape(), data);
    }

    private static String requireRowsFirst(final Trace.Node input, final Rows dims) {
        if (!dims.follows()[0] || dims.each()[0] != 1) {
            throw new IllegalArgumentException(
                    "onnx: input=%s, sizes=%s for %d rows, expected the rows as the first dimension"
                            .formatted(input.name(), input.out().shape(), Rows.FEW));
        }
        return input.name();
    }

    private static OnnxGraph.Element element(final DType dtype) {
        return switch (dtype) {
            case F32 -> OnnxGraph.Element.FLOAT;
            case U8 -> OnnxGraph.Element.UINT8;
            case I32 -> OnnxGraph.Element.INT32;
        };
    }
}

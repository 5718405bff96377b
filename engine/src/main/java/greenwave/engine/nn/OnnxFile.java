package greenwave.engine.nn;

import greenwave.engine.autograd.ElementwiseOps;
import greenwave.engine.autograd.Op;
import greenwave.engine.autograd.Ops;
import greenwave.engine.autograd.Parameter;
import greenwave.engine.autograd.Trace;
import greenwave.engine.io.OnnxGraph;
import greenwave.engine.tensor.Shape;
import greenwave.engine.tensor.Tensor;
import greenwave.kernels.DType;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Networks as ONNX models, for runtimes that know nothing of Greenwave. A model takes {@code obs} f32 [N, obsSize] and
 * yields {@code q} f32 [N, actions] for any N.
 */
public final class OnnxFile {
    /** Adds the nodes that compute {@code output} from {@code in}, the names of the op's inputs. */
    private interface Translation {
        void add(OnnxGraph graph, float[] attributes, List<String> in, String output);
    }

    private static final Map<Op, Translation> TRANSLATIONS =
            Map.of(
                    Ops.LINEAR,
                    (graph, _, in, y) -> graph.node("Gemm", in, y, Map.of("transB", 1L)),
                    ElementwiseOps.RELU,
                    plain("Relu"),
                    ElementwiseOps.ADD,
                    plain("Add"),
                    ElementwiseOps.SUB,
                    plain("Sub"),
                    ElementwiseOps.MUL,
                    plain("Mul"),
                    Ops.DETACH,
                    plain("Identity"),
                    ElementwiseOps.AFFINE,
                    OnnxFile::addAffine);

    private OnnxFile() {}

    private static Translation plain(final String operator) {
        return (graph, _, in, y) -> graph.node(operator, in, y, Map.of());
    }

    private static void addAffine(
            final OnnxGraph graph,
            final float[] attributes,
            final List<String> in,
            final String y) {
        final String scale = addScalar(graph, y + ".scale", attributes[0]);
        final String shift = addScalar(graph, y + ".shift", attributes[1]);
        graph.node("Mul", List.of(in.getFirst(), scale), y + ".scaled", Map.of());
        graph.node("Add", List.of(y + ".scaled", shift), y, Map.of());
    }

    private static String addScalar(final OnnxGraph graph, final String name, final float value) {
        final MemorySegment data = Arena.ofAuto().allocateFrom(ValueLayout.JAVA_FLOAT, value);
        graph.constant(name, DType.F32, Shape.of(), data);
        return name;
    }

    /**
     * Writes {@code net} with its weights as they are.
     *
     * @throws IOException if the file cannot be written; a file that was there is unchanged
     * @throws IllegalArgumentException if the network uses an op that has no translation; nothing is written
     */
    public static void export(final QNet net, final Path file) throws IOException {
        final Trace trace = new Trace();
        final Tensor q = net.forward(trace.input("obs", DType.F32, 1, net.obsSize()));
        translate(trace, q).write(file);
    }

    static OnnxGraph translate(final Trace trace, final Tensor q) {
        final OnnxGraph graph = new OnnxGraph("qnet");
        final List<String> names = new ArrayList<>(); // of the tensors, by id
        for (final Trace.Node node : trace.nodes()) {
            final Tensor out = node.out();
            final String name = name(node, out == q);
            names.add(name);
            if (node.parameter() != null) {
                addParameter(graph, node.parameter());
            } else if (node.op() == null) {
                graph.input(name, out.dtype(), out.shape());
            } else {
                final List<String> in = Arrays.stream(node.inputs()).mapToObj(names::get).toList();
                translation(node.op()).add(graph, node.attributes(), in, name);
            }
        }
        graph.output(names.get(q.id()), q.dtype(), q.shape());
        return graph;
    }

    /** Inputs and parameters keep their names; what lies between is called after its op and place. */
    private static String name(final Trace.Node node, final boolean result) {
        if (node.op() == null) {
            return node.name();
        }
        return result ? "q" : node.name() + "_" + node.out().id();
    }

    private static Translation translation(final Op op) {
        final Translation translation = TRANSLATIONS.get(op);
        if (translation == null) {
            throw new IllegalArgumentException(
                    "onnx: op=%s, expected one of %s"
                            .formatted(
                                    op,
                                    TRANSLATIONS.keySet().stream()
                                            .map(Op::name)
                                            .sorted()
                                            .toList()));
        }
        return translation;
    }

    private static void addParameter(final OnnxGraph graph, final Parameter parameter) {
        final long size = parameter.shape().size();
        final MemorySegment data = Arena.ofAuto().allocate(size * Float.BYTES, Float.BYTES);
        parameter.value().download(0, data, 0, size);
        graph.constant(parameter.name(), DType.F32, parameter.shape(), data);
    }
}

package greenwave.engine.io;

import greenwave.engine.tensor.Shape;
import greenwave.kernels.DType;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * A model in ONNX under construction: IR version 8, operator set 17 (https://onnx.ai/onnx/repo-docs/IR.html; field
 * numbers from onnx.proto). Files of up to 2 GiB.
 */
public final class OnnxGraph {
    /** The version of the file format. */
    public static final int IR_VERSION = 8;

    /** The version of the operators. */
    public static final int OPSET = 17;

    /** Stands for a dimension that the user of the model chooses. */
    public static final String BATCH = "N";

    private static final int INT_ATTRIBUTE = 2; // AttributeProto.AttributeType

    private final Protobuf graph = new Protobuf();

    /** Starts an empty graph. */
    public OnnxGraph(final String name) {
        graph.string(2, name);
    }

    /** Adds an input; its first dimension is {@link #BATCH}. */
    public void input(final String name, final DType dtype, final Shape shape) {
        graph.message(11, valueInfo(name, dtype, shape));
    }

    /** Adds an output, the value called {@code name}; its first dimension is {@link #BATCH}. */
    public void output(final String name, final DType dtype, final Shape shape) {
        graph.message(12, valueInfo(name, dtype, shape));
    }

    /**
     * Adds a constant.
     *
     * @param data as many elements of {@code dtype} as {@code shape} has, row-major, little-endian
     */
    public void constant(
            final String name, final DType dtype, final Shape shape, final MemorySegment data) {
        final Protobuf tensor = new Protobuf();
        for (final int dim : shape.dims()) {
            tensor.integer(1, dim);
        }
        tensor.integer(2, elementType(dtype)).string(8, name);
        graph.message(5, tensor.bytes(9, data.toArray(ValueLayout.JAVA_BYTE)));
    }

    /**
     * Adds a node with one output.
     *
     * @param operator its name in the operator set
     * @param inputs names of values added before
     * @param output a name of its own
     * @param attributes whole numbers, by name
     */
    public void node(
            final String operator,
            final List<String> inputs,
            final String output,
            final Map<String, Long> attributes) {
        final Protobuf node = new Protobuf();
        inputs.forEach(input -> node.string(1, input));
        node.string(2, output).string(3, output).string(4, operator);
        attributes.forEach(
                (name, value) ->
                        node.message(
                                5,
                                new Protobuf()
                                        .string(1, name)
                                        .integer(3, value)
                                        .integer(20, INT_ATTRIBUTE)));
        graph.message(1, node);
    }

    /**
     * Writes the model.
     *
     * @throws IOException if it cannot be written; a file that was there is unchanged
     */
    public void write(final Path file) throws IOException {
        final Protobuf model =
                new Protobuf()
                        .integer(1, IR_VERSION)
                        .string(2, "greenwave")
                        .message(7, graph)
                        .message(8, new Protobuf().string(1, "").integer(2, OPSET));
        final ByteBuffer bytes = ByteBuffer.wrap(model.toByteArray());
        AtomicFile.write(
                file,
                channel -> {
                    while (bytes.hasRemaining()) {
                        channel.write(bytes);
                    }
                });
    }

    private static Protobuf valueInfo(final String name, final DType dtype, final Shape shape) {
        final Protobuf dims = new Protobuf().message(1, new Protobuf().string(2, BATCH));
        for (int i = 1; i < shape.rank(); i++) {
            dims.message(1, new Protobuf().integer(1, shape.dim(i)));
        }
        final Protobuf tensor = new Protobuf().integer(1, elementType(dtype)).message(2, dims);
        return new Protobuf().string(1, name).message(2, new Protobuf().message(1, tensor));
    }

    /** TensorProto.DataType. */
    private static int elementType(final DType dtype) {
        return switch (dtype) {
            case F32 -> 1;
            case U8 -> 2;
            case I32 -> 6;
        };
    }
}

package greenwave.engine.onnx;

import greenwave.engine.io.AtomicFile;
import greenwave.engine.io.Protobuf;
import greenwave.engine.tensor.Shape;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A model in ONNX under construction: IR version 8, operator set 17 (https://onnx.ai/onnx/repo-docs/IR.html; field
 * numbers from onnx.proto). Files of up to 2 GiB.
 */
final class OnnxGraph {
    private static final int IR_VERSION = 8;
    private static final int OPSET = 17;

    /** Stands for a dimension that the user of the model chooses. */
    private static final String ROWS = "N";

    /** Types of elements: TensorProto.DataType. */
    enum Element {
        /** Single precision. */
        FLOAT(1),
        /** Unsigned bytes. */
        UINT8(2),
        /** Signed, 32 bits. */
        INT32(6),
        /** Signed, 64 bits. */
        INT64(7),
        /** Truth values. */
        BOOL(9);

        private final int code;

        Element(final int code) {
            this.code = code;
        }

        /** {@return the number that stands for it, as the attribute of a cast} */
        long code() {
            return code;
        }
    }

    private final Protobuf graph = new Protobuf();
    private int made; // values without a name of their own

    /** Starts an empty graph. */
    OnnxGraph(final String name) {
        graph.string(2, name);
    }

    /** Adds an input; dimensions of 0 are the number of rows. */
    void input(final String name, final Element element, final int... dims) {
        graph.message(11, valueInfo(name, element, dims));
    }

    /** Adds an output, the value called {@code name}; dimensions of 0 are the number of rows. */
    void output(final String name, final Element element, final int... dims) {
        graph.message(12, valueInfo(name, element, dims));
    }

    /**
     * Adds a constant.
     *
     * @param data as many elements as {@code shape} has, row-major, little-endian
     */
    void constant(
            final String name, final Element element, final Shape shape, final MemorySegment data) {
        final Protobuf tensor = new Protobuf();
        for (final int dim : shape.dims()) {
            tensor.integer(1, dim);
        }
        tensor.integer(2, element.code).string(8, name);
        graph.message(5, tensor.bytes(9, data.toArray(ValueLayout.JAVA_BYTE)));
    }

    /** {@return the name of a constant scalar} */
    String scalar(final float value) {
        final String name = fresh("constant");
        final byte[] bytes = new byte[Float.BYTES];
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putFloat(value);
        constant(name, Element.FLOAT, Shape.of(), MemorySegment.ofArray(bytes));
        return name;
    }

    /** {@return the name of a constant list of whole numbers} */
    String list(final long... values) {
        final String name = fresh("constant");
        final ByteBuffer bytes =
                ByteBuffer.allocate(values.length * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asLongBuffer().put(values);
        final Shape shape = Shape.of(values.length);
        constant(name, Element.INT64, shape, MemorySegment.ofArray(bytes.array()));
        return name;
    }

    /** {@return the output of a new node with the inputs named} */
    String node(final String operator, final String... inputs) {
        return node(operator, Map.of(), inputs);
    }

    /**
     * {@return the output of a new node}
     *
     * @param operator its name in the operator set
     * @param attributes by name: a Long, a Float, or a long[]
     * @param inputs names of values added before
     */
    String node(final String operator, final Map<String, ?> attributes, final String... inputs) {
        final String output = fresh(operator);
        node(output, operator, attributes, List.of(inputs));
        return output;
    }

    /** Gives {@code value} another name. */
    void alias(final String name, final String value) {
        node(name, "Identity", Map.of(), List.of(value));
    }

    private String fresh(final String kind) {
        return kind + "_" + made++;
    }

    private void node(
            final String output,
            final String operator,
            final Map<String, ?> attributes,
            final List<String> inputs) {
        final Protobuf node = new Protobuf();
        inputs.forEach(input -> node.string(1, input));
        node.string(2, output).string(3, output).string(4, operator);
        new TreeMap<>(attributes) // sorted: equal networks give equal files
                .forEach((name, value) -> node.message(5, attribute(name, value)));
        graph.message(1, node);
    }

    /** An AttributeProto, whose field 20 is its type. */
    private static Protobuf attribute(final String name, final Object value) {
        final Protobuf attribute = new Protobuf().string(1, name);
        return switch (value) {
            case final Float number -> attribute.single(2, number).integer(20, 1);
            case final Long number -> attribute.integer(3, number).integer(20, 2);
            case final long[] numbers -> {
                for (final long number : numbers) {
                    attribute.integer(8, number);
                }
                yield attribute.integer(20, 7);
            }
            default -> throw new IllegalArgumentException("onnx: attribute=" + name + "=" + value);
        };
    }

    /**
     * Writes the model.
     *
     * @throws IOException if it cannot be written; a file that was there is unchanged
     */
    void write(final Path file) throws IOException {
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

    private static Protobuf valueInfo(final String name, final Element element, final int... dims) {
        final Protobuf shape = new Protobuf();
        for (final int dim : dims) {
            shape.message(
                    1, dim == 0 ? new Protobuf().string(2, ROWS) : new Protobuf().integer(1, dim));
        }
        final Protobuf tensor = new Protobuf().integer(1, element.code).message(2, shape);
        return new Protobuf().string(1, name).message(2, new Protobuf().message(1, tensor));
    }
}

package greenwave.engine.onnx;

import greenwave.engine.autograd.Trace;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** One use of an op, as its row in {@link Translations} sees it: names of its inputs, its constants, and the graph. */
final class Use {
    private final OnnxGraph graph;
    private final String rows; // an input whose first dimension is N; null if there is none
    private final List<Trace.Node> few; // all nodes, recorded for Rows.FEW
    private final List<Trace.Node> more;
    private final int id;
    private final List<String> in;

    Use(
            final OnnxGraph graph,
            final String rows,
            final List<Trace.Node> few,
            final List<Trace.Node> more,
            final int id,
            final List<String> in) {
        this.graph = graph;
        this.rows = rows;
        this.few = few;
        this.more = more;
        this.id = id;
        this.in = in;
    }

    private String op() {
        return few.get(id).name();
    }

    /** {@return the graph, which the row adds to} */
    OnnxGraph graph() {
        return graph;
    }

    /** {@return the name of input {@code index}} */
    String in(final int index) {
        return in.get(index);
    }

    /**
     * {@return constant {@code index}}
     *
     * @throws IllegalArgumentException if it depends on the number of rows
     */
    float attribute(final int index) {
        return same(few.get(id).attributes()[index], more.get(id).attributes()[index]);
    }

    /** {@return constant {@code index} for {@link Rows#FEW} or {@link Rows#MORE} rows} */
    float attribute(final int index, final int n) {
        return (n == Rows.FEW ? few : more).get(id).attributes()[index];
    }

    /**
     * {@return whole-number constant {@code index}}
     *
     * @throws IllegalArgumentException if it depends on the number of rows
     */
    int constant(final int index) {
        return same(few.get(id).constants()[index], more.get(id).constants()[index]);
    }

    /** {@return whole-number constants {@code from} to {@code to}, the latter excluded, likewise} */
    long[] constants(final int from, final int to) {
        return IntStream.range(from, to).mapToLong(this::constant).toArray();
    }

    /** {@return how many whole-number constants there are} */
    int constantCount() {
        return few.get(id).constants().length;
    }

    private <T> T same(final T one, final T other) {
        if (!one.equals(other)) {
            throw new IllegalArgumentException(
                    "onnx: op=%s, constant=%s for %d rows, %s for %d, expected one that does not depend on the rows"
                            .formatted(op(), one, Rows.FEW, other, Rows.MORE));
        }
        return one;
    }

    /** {@return the whole-number constants as dimensions} */
    Rows constantsAsDims() {
        return Rows.of(op(), few.get(id).constants(), more.get(id).constants());
    }

    /** {@return the dimensions of the output} */
    Rows outDims() {
        return dims(id);
    }

    /** {@return the dimensions of input {@code index}} */
    Rows inDims(final int index) {
        return dims(few.get(id).inputs()[index]);
    }

    /** {@return the dimensions of input {@code index} for {@link Rows#FEW} or {@link Rows#MORE} rows} */
    int[] inDims(final int index, final int n) {
        final List<Trace.Node> nodes = n == Rows.FEW ? few : more;
        return nodes.get(few.get(id).inputs()[index]).out().shape().dims();
    }

    private Rows dims(final int tensor) {
        return Rows.of(
                op(), few.get(tensor).out().shape().dims(), more.get(tensor).out().shape().dims());
    }

    /** {@return {@code value} in another shape} */
    String reshape(final String value, final Rows dims) {
        final String shape = dims.following() > 1 ? shape(dims) : list(dims.with(-1));
        return graph.node("Reshape", Map.of("allowzero", 0L), value, shape);
    }

    /**
     * {@return the value that holds these dimensions, computed from the rows that an input has}
     *
     * @throws IllegalArgumentException if they follow the rows and no input has any
     */
    String shape(final Rows dims) {
        if (dims.following() == 0) {
            return list(dims.each());
        }
        if (rows == null) {
            throw new IllegalArgumentException(
                    "onnx: op=%s, sizes=%s follow the rows, expected an input that has them"
                            .formatted(op(), Arrays.toString(dims.with(Rows.FEW))));
        }
        final String n =
                graph.node("Slice", graph.node("Shape", rows), list(0), list(1)); // a list of one
        final String[] parts = new String[dims.each().length];
        for (int i = 0; i < parts.length; i++) {
            final String each = list(dims.each()[i]);
            parts[i] = dims.follows()[i] ? graph.node("Mul", n, each) : each;
        }
        return graph.node("Concat", Map.of("axis", 0L), parts);
    }

    private String list(final int... values) {
        return graph.list(Arrays.stream(values).asLongStream().toArray());
    }

    /** {@return a new node over all inputs of the op} */
    String plain(final String operator, final Map<String, ?> attributes) {
        return graph.node(operator, attributes, in.toArray(String[]::new));
    }
}

package greenwave.engine.tensor;

import java.util.Arrays;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/** A tensor of any rank as a matrix, some of its dimensions being the columns: what works on rows works on any dimensions. */
@SuppressWarnings("ArrayRecordComponent") // read only, never compared
record Rows(Tensor x, int... dims) {
    /** Refuses a dimension that x lacks. */
    static Rows of(final String op, final Tensor x, final int dim) {
        if (dim < 0 || dim >= x.shape().rank()) {
            throw new IllegalArgumentException(
                    "%s: x=%s, dim=%d, expected one of its dimensions"
                            .formatted(op, x.shape(), dim));
        }
        return new Rows(x, dim);
    }

    /** Refuses dimensions that x lacks, none, and one twice; their order does not matter. */
    static Rows of(final String op, final Tensor x, final int... dims) {
        final int[] sorted = IntStream.of(dims).sorted().distinct().toArray();
        final boolean known = IntStream.of(dims).allMatch(d -> d >= 0 && d < x.shape().rank());
        if (dims.length == 0 || sorted.length < dims.length || !known) {
            throw new IllegalArgumentException(
                    "%s: x=%s, dims=%s, expected some of x's dimensions, each once"
                            .formatted(op, x.shape(), Arrays.toString(dims)));
        }
        return new Rows(x, sorted);
    }

    private boolean last() {
        return dims[0] == x.shape().rank() - dims.length;
    }

    private int columns() {
        return IntStream.of(dims).map(x.shape()::dim).reduce(1, Math::multiplyExact);
    }

    /** The dimensions that are not columns. */
    private IntStream outer() {
        return IntStream.range(0, x.shape().rank())
                .filter(i -> IntStream.of(dims).noneMatch(d -> d == i));
    }

    /** The dimensions with the columns moved to the end. */
    private int[] order() {
        return IntStream.concat(outer(), IntStream.of(dims)).toArray();
    }

    /** x with the columns moved to the end. */
    private Tensor moved() {
        return last() ? x : x.permute(order());
    }

    private Tensor matrix() {
        final int rows = Math.toIntExact(x.shape().size() / columns());
        return moved().reshape(rows, columns());
    }

    /** The result of {@code map}, which keeps a matrix's shape, in the shape of x. */
    Tensor map(final UnaryOperator<Tensor> map) {
        final int[] order = order();
        final int[] back = new int[order.length];
        for (int i = 0; i < order.length; i++) {
            back[order[i]] = i;
        }
        final Tensor y =
                map.apply(matrix()).reshape(IntStream.of(order).map(x.shape()::dim).toArray());
        return last() ? y : y.permute(back);
    }

    /** The result of {@code reduce}, one number per row, in the shape of x without the columns. */
    Tensor reduce(final UnaryOperator<Tensor> reduce) {
        return reduce.apply(matrix()).reshape(outer().map(x.shape()::dim).toArray());
    }

    /** y[..., k] = x[..., index[..., k]] along the last dimension; or y[...] = x[..., index[...]]. */
    static Tensor gather(final Tensor x, final Tensor index) {
        final int last = x.shape().rank() - 1;
        final int[] outer = Arrays.copyOf(x.shape().dims(), last);
        final int[] chosen = index.shape().dims();
        final boolean fits = chosen.length == last || chosen.length == last + 1;
        if (!fits || !Arrays.equals(outer, Arrays.copyOf(chosen, last))) {
            final String dims = Arrays.toString(outer);
            throw new IllegalArgumentException(
                    "gather: x=%s, index=%s, expected index %s or %s, K]"
                            .formatted(
                                    x.shape(),
                                    index.shape(),
                                    dims,
                                    dims.substring(0, dims.length() - 1)));
        }
        final int columns = x.shape().dim(last);
        final int rows = Math.toIntExact(x.shape().size() / columns);
        final int each = Math.toIntExact(index.shape().size() / rows);
        final int picks = rows * each;
        return x.reshape(rows, 1, columns)
                .broadcast(rows, each, columns)
                .reshape(picks, columns)
                .gather(index.reshape(picks))
                .reshape(index.shape().dims());
    }
}

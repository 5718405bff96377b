package greenwave.engine.tensor;

import java.util.Arrays;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/** A tensor of any rank as a matrix, one of its dimensions being the columns: what works on rows works on any dimension. */
record Rows(Tensor x, int dim) {
    /** Refuses a dimension that x lacks. */
    Rows(final String op, final Tensor x, final int dim) {
        this(x, dim);
        if (dim < 0 || dim >= x.shape().rank()) {
            throw new IllegalArgumentException(
                    "%s: x=%s, dim=%d, expected one of its dimensions"
                            .formatted(op, x.shape(), dim));
        }
    }

    private boolean last() {
        return dim == x.shape().rank() - 1;
    }

    private int columns() {
        return x.shape().dim(dim);
    }

    /** The dimensions with {@code dim} moved to the end. */
    private int[] order() {
        final int rank = x.shape().rank();
        return IntStream.concat(IntStream.range(0, rank).filter(i -> i != dim), IntStream.of(dim))
                .toArray();
    }

    /** x with {@code dim} moved to the end. */
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
        final int[] dims = IntStream.of(order).map(x.shape()::dim).toArray();
        final Tensor y = map.apply(matrix()).reshape(dims);
        return last() ? y : y.permute(back);
    }

    /** The result of {@code reduce}, one number per row, in the shape of x without {@code dim}. */
    Tensor reduce(final UnaryOperator<Tensor> reduce) {
        final int[] dims =
                IntStream.range(0, x.shape().rank())
                        .filter(i -> i != dim)
                        .map(x.shape()::dim)
                        .toArray();
        return reduce.apply(matrix()).reshape(dims);
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

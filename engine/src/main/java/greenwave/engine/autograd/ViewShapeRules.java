package greenwave.engine.autograd;

import static greenwave.engine.autograd.ShapeRules.require;

import greenwave.engine.tensor.Shape;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** The shape rules of {@link ViewOps}. */
final class ViewShapeRules {
    private ViewShapeRules() {}

    static Shape broadcast(final String op, final List<Shape> in, final int[] wide) {
        final Shape x = in.getFirst();
        final int added = wide.length - x.rank();
        require(
                added >= 0
                        && IntStream.range(0, x.rank())
                                .allMatch(i -> x.dim(i) == 1 || x.dim(i) == wide[added + i]),
                "%s: x=%s, shape=%s, expected each of x's dimensions to be 1 or that of the shape",
                op,
                x,
                Arrays.toString(wide));
        return Shape.of(wide);
    }

    static Shape reshape(final String op, final List<Shape> in, final int[] dims) {
        final Shape out = Shape.of(dims);
        require(
                out.size() == in.getFirst().size(),
                "%s: x=%s, shape=%s, expected equal sizes",
                op,
                in.getFirst(),
                out);
        return out;
    }

    static Shape permute(final String op, final List<Shape> in, final int[] order) {
        final Shape x = in.getFirst();
        require(
                Arrays.equals(
                        IntStream.of(order).sorted().toArray(),
                        IntStream.range(0, x.rank()).toArray()),
                "%s: x=%s, order=%s, expected each dimension once",
                op,
                x,
                Arrays.toString(order));
        return Shape.of(IntStream.of(order).map(x::dim).toArray());
    }

    /** Constants dim, start, length. */
    static Shape slice(final String op, final List<Shape> in, final int[] constants) {
        final Shape x = in.getFirst();
        final int dim = constants[0];
        final int start = constants[1];
        final int length = constants[2];
        require(
                dim >= 0
                        && dim < x.rank()
                        && start >= 0
                        && length >= 1
                        && start <= x.dim(dim) - length,
                "%s: x=%s, dim=%d, start=%d, length=%d, expected a part of that dimension",
                op,
                x,
                dim,
                start,
                length);
        final int[] dims = x.dims();
        dims[dim] = length;
        return Shape.of(dims);
    }

    /** Constant dim. */
    static Shape concat(final String op, final List<Shape> in, final int[] constants) {
        final Shape a = in.get(0);
        final Shape b = in.get(1);
        final int dim = constants[0];
        require(
                a.rank() == b.rank()
                        && dim >= 0
                        && dim < a.rank()
                        && IntStream.range(0, a.rank())
                                .allMatch(i -> i == dim || a.dim(i) == b.dim(i)),
                "%s: a=%s, b=%s, dim=%d, expected equal dimensions but for that one",
                op,
                a,
                b,
                dim);
        final int[] dims = a.dims();
        dims[dim] = Math.addExact(dims[dim], b.dim(dim));
        return Shape.of(dims);
    }
}

package greenwave.engine.autograd;

import greenwave.engine.tensor.Shape;

import java.util.List;

/** The shape rules that rows of {@link Ops} share. */
final class ShapeRules {
    private ShapeRules() {}

    static void require(final boolean holds, final String format, final Object... arguments) {
        if (!holds) {
            throw new IllegalArgumentException(format.formatted(arguments));
        }
    }

    /** One input, output alike. */
    static Shape same(final String op, final List<Shape> in) {
        return in.getFirst();
    }

    /** One input, reduced to a scalar. */
    static Shape scalar(final String op, final List<Shape> in) {
        return Shape.of();
    }

    /** Two inputs of one shape, output alike. */
    static Shape equal(final String op, final List<Shape> in) {
        require(
                in.get(0).equals(in.get(1)),
                "%s: a=%s, b=%s, expected equal shapes",
                op,
                in.get(0),
                in.get(1));
        return in.getFirst();
    }

    /** x [B, I], w [O, I], b [O] to [B, O]. */
    static Shape linear(final String op, final List<Shape> in) {
        final Shape x = in.get(0);
        final Shape w = in.get(1);
        final Shape b = in.get(2);
        require(
                x.rank() == 2
                        && w.rank() == 2
                        && x.dim(1) == w.dim(1)
                        && b.equals(Shape.of(w.dim(0))),
                "%s: x=%s, w=%s, b=%s, expected x [B, I], w [O, I], b [O]",
                op,
                x,
                w,
                b);
        return Shape.of(x.dim(0), w.dim(0));
    }

    /** x [B, A] to [B]. */
    static Shape rows(final String op, final List<Shape> in) {
        final Shape x = in.getFirst();
        require(x.rank() == 2, "%s: x=%s, expected x [B, A]", op, x);
        return Shape.of(x.dim(0));
    }

    /** x [B, A], legal [B, A] to [B]. */
    static Shape legalRows(final String op, final List<Shape> in) {
        final Shape x = in.get(0);
        final Shape legal = in.get(1);
        require(
                x.rank() == 2 && x.equals(legal),
                "%s: x=%s, legal=%s, expected x [B, A], legal [B, A]",
                op,
                x,
                legal);
        return Shape.of(x.dim(0));
    }

    /** x [B, A], index [B] to [B]. */
    static Shape gather(final String op, final List<Shape> in) {
        final Shape x = in.get(0);
        final Shape index = in.get(1);
        require(
                x.rank() == 2 && index.equals(Shape.of(x.dim(0))),
                "%s: x=%s, index=%s, expected x [B, A], index [B]",
                op,
                x,
                index);
        return index;
    }
}

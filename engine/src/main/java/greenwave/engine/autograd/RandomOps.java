package greenwave.engine.autograd;

import static greenwave.kernels.DType.F32;
import static greenwave.kernels.DType.I32;

import greenwave.engine.tensor.Shape;

import java.util.Arrays;
import java.util.List;

/** Rows of the table that draw anew in every run; their input is a {@link Trace#state} of seed, seed and 0. */
public final class RandomOps {
    /** y = 1 / keep with probability keep, else 0; attribute keep, constants the shape of y. */
    public static final Op DROPOUT_MASK =
            Op.named("dropoutMask")
                    .takes(I32)
                    .yields(F32)
                    .shape(RandomOps::drawn)
                    .forward((k, c) -> k.dropoutMask(c.in(0), c.attribute(0), c.out()))
                    .build();

    /** y from the standard normal distribution; constants the shape of y. */
    public static final Op NORMAL =
            Op.named("normal")
                    .takes(I32)
                    .yields(F32)
                    .shape(RandomOps::drawn)
                    .forward((k, c) -> k.normal(c.in(0), c.out()))
                    .build();

    /** Every row of this family. */
    static final List<Op> ALL = List.of(DROPOUT_MASK, NORMAL);

    private RandomOps() {}

    private static Shape drawn(final String op, final List<Shape> in, final int[] dims) {
        ShapeRules.require(
                in.getFirst().equals(Shape.of(3)),
                "%s: state=%s, shape=%s, expected state [3]",
                op,
                in.getFirst(),
                Arrays.toString(dims));
        return Shape.of(dims);
    }
}

package greenwave.engine.autograd;

import static greenwave.kernels.DType.I32;
import static greenwave.kernels.DType.U8;

import greenwave.engine.RandomStream;
import greenwave.engine.tensor.Shape;
import greenwave.engine.tensor.Tensor;

import java.util.List;
import java.util.function.Function;
import java.util.function.IntFunction;

/**
 * One line of the op table's test: how an op is used, and inputs for it by size n. Values keep away from kinks and ties,
 * where a difference quotient has no meaning.
 *
 * @param shapes of the inputs at size n
 * @param use records the op on its inputs
 */
record OpCase(
        String name, Op op, IntFunction<List<Shape>> shapes, Function<List<Tensor>, Tensor> use) {
    private static final int COLUMNS = 5;

    static final List<OpCase> ALL =
            List.of(
                    new OpCase(
                            "linear",
                            Ops.LINEAR,
                            n -> List.of(Shape.of(3, n), Shape.of(COLUMNS, n), Shape.of(COLUMNS)),
                            in -> in.get(0).linear(in.get(1), in.get(2))),
                    new OpCase(
                            "linear of many rows",
                            Ops.LINEAR,
                            n -> List.of(Shape.of(n, 4), Shape.of(n, 4), Shape.of(n)),
                            in -> in.get(0).linear(in.get(1), in.get(2))),
                    new OpCase(
                            "linear of one row",
                            Ops.LINEAR,
                            n -> List.of(Shape.of(1, n), Shape.of(n, n), Shape.of(n)),
                            in -> in.get(0).linear(in.get(1), in.get(2))),
                    pair("add", Ops.ADD, in -> in.get(0).add(in.get(1))),
                    pair("sub", Ops.SUB, in -> in.get(0).sub(in.get(1))),
                    pair("mul", Ops.MUL, in -> in.get(0).mul(in.get(1))),
                    pair("square", Ops.MUL, in -> in.get(0).mul(in.get(0))),
                    single("add scalar", Ops.AFFINE, in -> in.get(0).add(0.7f)),
                    single("mul scalar", Ops.AFFINE, in -> in.get(0).mul(-1.3f)),
                    single("neg", Ops.AFFINE, in -> in.get(0).neg()),
                    single("relu", Ops.RELU, in -> in.get(0).relu()),
                    single("sum", Ops.SUM, in -> in.get(0).sum()),
                    single("mean", Ops.MEAN, in -> in.get(0).mean()),
                    single("detach", Ops.DETACH, in -> in.get(0).detach()),
                    rows("gather", Ops.GATHER, in -> in.get(0).gather(in.get(1))),
                    rows("max", Ops.MAX, in -> in.get(0).max(1)),
                    rows("legal max", Ops.LEGAL_MAX, in -> in.get(0).max(1, in.get(1))),
                    rows("argMax", Ops.ARG_MAX, in -> in.get(0).argMax(1)),
                    rows("legal argMax", Ops.LEGAL_ARG_MAX, in -> in.get(0).argMax(1, in.get(1))),
                    pair("huber", Ops.HUBER, in -> in.get(0).huber(in.get(1), 1)),
                    pair("narrow huber", Ops.HUBER, in -> in.get(0).huber(in.get(1), 0.25f)));

    private static OpCase single(
            final String name, final Op op, final Function<List<Tensor>, Tensor> use) {
        return new OpCase(name, op, n -> List.of(Shape.of(n)), use);
    }

    private static OpCase pair(
            final String name, final Op op, final Function<List<Tensor>, Tensor> use) {
        return new OpCase(name, op, n -> List.of(Shape.of(n), Shape.of(n)), use);
    }

    /** x [n, COLUMNS], and what op takes beside it. */
    private static OpCase rows(
            final String name, final Op op, final Function<List<Tensor>, Tensor> use) {
        return new OpCase(
                name,
                op,
                n -> {
                    final Shape x = Shape.of(n, COLUMNS);
                    return switch (op.inputs().getLast()) {
                        case I32 -> List.of(x, Shape.of(n));
                        case U8 -> List.of(x, x);
                        case F32 -> List.of(x);
                    };
                },
                use);
    }

    /** {@return an array for input {@code index}: float[], int[] below COLUMNS, or byte[] of 0 and 1} */
    Object values(final int index, final int n, final RandomStream random) {
        final int size = Math.toIntExact(shapes.apply(n).get(index).size());
        return switch (op.inputs().get(index)) {
            case F32 -> distinctFloats(size, index, random);
            case I32 -> random.ints(size, 0, COLUMNS).toArray();
            case U8 -> {
                final byte[] flags = new byte[size]; // some rows without any legal action, too
                for (int i = 0; i < size; i++) {
                    flags[i] = (byte) random.nextInt(2);
                }
                yield flags;
            }
        };
    }

    /** Multiples of 1/16 in shuffled order, shifted by a little per input: of the first 127 no two are nearer than 1/64, none is 0. */
    private static float[] distinctFloats(
            final int size, final int index, final RandomStream random) {
        final float[] values = new float[size];
        for (int i = 0; i < size; i++) {
            values[i] = (i % 127 - 63) / 16f + 1 / 32f + index / 64f;
        }
        for (int i = size - 1; i > 0; i--) {
            final int j = random.nextInt(i + 1);
            final float swapped = values[i];
            values[i] = values[j];
            values[j] = swapped;
        }
        return values;
    }

    @Override
    public String toString() {
        return name;
    }
}

package greenwave.engine.autograd;

import static greenwave.kernels.DType.F32;

import greenwave.engine.RandomStream;
import greenwave.engine.tensor.Shape;
import greenwave.engine.tensor.Tensor;
import greenwave.kernels.DType;

import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * One line of the op table's test: how ops are used, what they must give, and inputs by size n. Values keep away from
 * kinks and ties, where a difference quotient has no meaning.
 *
 * @param shapes of the inputs at size n
 * @param inputs their dtypes
 * @param positive f32 values are at least 1, for what is not defined or steep elsewhere
 * @param choices i32 values are below it
 * @param use records the ops on the inputs
 * @param oracle the same in f64, from the definition
 */
record OpCase(
        String name,
        IntFunction<List<Shape>> shapes,
        List<DType> inputs,
        boolean positive,
        int choices,
        Function<List<Tensor>, Tensor> use,
        Oracle oracle) {
    static final int COLUMNS = 5;

    static final List<OpCase> ALL =
            Stream.of(
                            ElementwiseCases.ALL,
                            ViewCases.ALL,
                            RowCases.ALL,
                            NormCases.ALL,
                            DistributionCases.ALL,
                            ImageCases.ALL)
                    .flatMap(List::stream)
                    .toList();

    /** The values of the output, row-major, from those of the inputs. */
    interface Oracle {
        double[] values(int n, double[][] in);
    }

    /** An op on f32 inputs. */
    static OpCase of(
            final String name,
            final IntFunction<List<Shape>> shapes,
            final Function<List<Tensor>, Tensor> use,
            final Oracle oracle) {
        final DType[] inputs = new DType[shapes.apply(1).size()];
        Arrays.fill(inputs, F32);
        return new OpCase(name, shapes, List.of(inputs), false, COLUMNS, use, oracle);
    }

    OpCase taking(final DType... inputs) {
        return new OpCase(name, shapes, List.of(inputs), positive, choices, use, oracle);
    }

    OpCase onPositive() {
        return new OpCase(name, shapes, inputs, true, choices, use, oracle);
    }

    /** {@return the nodes that the case records at size n} */
    List<Trace.Node> nodes(final int n) {
        final Trace trace = new Trace();
        final List<Shape> dims = shapes.apply(n);
        use.apply(
                IntStream.range(0, dims.size())
                        .mapToObj(i -> trace.input("i" + i, inputs.get(i), dims.get(i).dims()))
                        .toList());
        return trace.nodes();
    }

    /** {@return whether a gradient flows to the f32 inputs} */
    boolean differentiable() {
        final List<Trace.Node> nodes = nodes(1);
        final boolean[] flows = new boolean[nodes.size()];
        for (final Trace.Node node : nodes) {
            flows[node.out().id()] =
                    node.op() == null
                            ? node.out().dtype() == F32
                            : IntStream.range(0, node.inputs().length)
                                    .anyMatch(
                                            i ->
                                                    flows[node.inputs()[i]]
                                                            && node.op().differentiable(i));
        }
        return flows[flows.length - 1];
    }

    /** {@return an array for input {@code index}: float[], int[] below {@code choices}, or byte[]} */
    Object values(final int index, final int n, final RandomStream random) {
        final int size = Math.toIntExact(shapes.apply(n).get(index).size());
        return switch (inputs.get(index)) {
            case F32 -> distinctFloats(size, index, random);
            case I32 -> random.ints(size, 0, choices).toArray();
            case U8 -> {
                final byte[] flags = new byte[size]; // as flags: some rows without any, too
                for (int i = 0; i < size; i++) {
                    flags[i] = (byte) (random.nextInt(2) * (1 + random.nextInt(255)));
                }
                yield flags;
            }
        };
    }

    /** Multiples of 1/16 in shuffled order, shifted by a little per input: of the first 127 no two are nearer than 1/64, none is 0. */
    private float[] distinctFloats(final int size, final int index, final RandomStream random) {
        final float[] values = new float[size];
        for (int i = 0; i < size; i++) {
            final float value = (i % 127 - 63) / 16f + 1 / 32f + index / 64f;
            values[i] = positive ? 1 + Math.abs(value) : value;
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

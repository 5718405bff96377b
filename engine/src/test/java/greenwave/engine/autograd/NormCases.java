package greenwave.engine.autograd;

import static greenwave.kernels.DType.I32;

import greenwave.engine.RandomStream;
import greenwave.engine.nn.Functional;
import greenwave.engine.tensor.Shape;
import greenwave.engine.tensor.Tensor;

import java.util.List;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;

/** Cases of {@link NormOps} and {@link RandomOps}. */
final class NormCases {
    private static final double EPS = 0.25;
    private static final float KEEP = 0.75f;

    static final List<OpCase> ALL =
            List.of(
                    OpCase.of(
                            "layer norm",
                            n -> List.of(Shape.of(3, n), Shape.of(n), Shape.of(n)),
                            in ->
                                    Functional.layerNorm(
                                            in.get(0), in.get(1), in.get(2), (float) EPS),
                            (n, in) -> normalised(in[0], i -> i / n, in[1], in[2], i -> i % n)),
                    OpCase.of(
                            "layer norm over two dims",
                            n -> List.of(Shape.of(2, n, 3), Shape.of(n, 3), Shape.of(n, 3)),
                            in ->
                                    Functional.layerNorm(
                                            in.get(0), in.get(1), in.get(2), (float) EPS),
                            (n, in) ->
                                    normalised(
                                            in[0],
                                            i -> i / (3 * n),
                                            in[1],
                                            in[2],
                                            i -> i % (3 * n))),
                    OpCase.of(
                            "batch norm of rows, training",
                            n ->
                                    List.of(
                                            Shape.of(4, n),
                                            Shape.of(n),
                                            Shape.of(n),
                                            Shape.of(n),
                                            Shape.of(n)),
                            in ->
                                    Functional.batchNormTraining(
                                            in.get(0),
                                            in.get(1),
                                            in.get(2),
                                            in.get(3),
                                            in.get(4),
                                            0.1f,
                                            (float) EPS),
                            (n, in) -> normalised(in[0], i -> i % n, in[1], in[2], i -> i % n)),
                    OpCase.of(
                            "batch norm of images, training",
                            n ->
                                    List.of(
                                            Shape.of(2, 3, n, 2),
                                            Shape.of(3),
                                            Shape.of(3),
                                            Shape.of(3),
                                            Shape.of(3)),
                            in ->
                                    Functional.batchNormTraining(
                                            in.get(0),
                                            in.get(1),
                                            in.get(2),
                                            in.get(3),
                                            in.get(4),
                                            0.1f,
                                            (float) EPS),
                            (n, in) ->
                                    normalised(
                                            in[0],
                                            i -> i / (2 * n) % 3,
                                            in[1],
                                            in[2],
                                            i -> i / (2 * n) % 3)),
                    OpCase.of(
                                    "batch norm of images, evaluation",
                                    n ->
                                            List.of(
                                                    Shape.of(2, 3, n, 2),
                                                    Shape.of(3),
                                                    Shape.of(3),
                                                    Shape.of(3),
                                                    Shape.of(3)),
                                    in ->
                                            Functional.batchNorm(
                                                    in.get(0),
                                                    in.get(1),
                                                    in.get(2),
                                                    in.get(3),
                                                    in.get(4),
                                                    (float) EPS),
                                    (n, in) ->
                                            IntStream.range(0, 12 * n)
                                                    .mapToDouble(
                                                            i -> {
                                                                final int c = i / (2 * n) % 3;
                                                                final double y =
                                                                        (in[0][i] - in[3][c])
                                                                                / Math.sqrt(
                                                                                        in[4][c]
                                                                                                + EPS);
                                                                return y * in[1][c] + in[2][c];
                                                            })
                                                    .toArray())
                            .onPositive(),
                    OpCase.of(
                            "moving average",
                            n -> List.of(Shape.of(n), Shape.of(n)),
                            in -> in.get(0).movingAverage(in.get(1), 0.25f),
                            (n, in) ->
                                    IntStream.range(0, n)
                                            .mapToDouble(i -> 0.75 * in[0][i] + 0.25 * in[1][i])
                                            .toArray()),
                    OpCase.of(
                                    "dropout mask",
                                    n -> List.of(Shape.of(3)),
                                    in -> drawn(RandomOps.DROPOUT_MASK, in.getFirst(), 2, 5),
                                    (n, in) ->
                                            IntStream.range(0, 10)
                                                    .mapToDouble(
                                                            i ->
                                                                    unit(in[0], i) < KEEP
                                                                            ? 1 / KEEP
                                                                            : 0)
                                                    .toArray())
                            .taking(I32),
                    OpCase.of(
                                    "normal",
                                    n -> List.of(Shape.of(3)),
                                    in -> drawn(RandomOps.NORMAL, in.getFirst(), 3, 7),
                                    (n, in) ->
                                            IntStream.range(0, 21)
                                                    .mapToDouble(i -> normal(in[0], i))
                                                    .toArray())
                            .taking(I32));

    private NormCases() {}

    private static Tensor drawn(final Op op, final Tensor state, final int... dims) {
        return state.trace().record(op, new float[] {KEEP}, dims, state);
    }

    /** x normalised within groups, then scaled and shifted by place. */
    private static double[] normalised(
            final double[] x,
            final IntUnaryOperator group,
            final double[] weight,
            final double[] bias,
            final IntUnaryOperator place) {
        final int groups = IntStream.range(0, x.length).map(group).max().orElseThrow() + 1;
        final double[] y = new double[x.length];
        for (int g = 0; g < groups; g++) {
            final int which = g;
            final int[] members =
                    IntStream.range(0, x.length)
                            .filter(i -> group.applyAsInt(i) == which)
                            .toArray();
            final double mean =
                    IntStream.of(members).mapToDouble(i -> x[i]).average().orElseThrow();
            final double squares =
                    IntStream.of(members).mapToDouble(i -> x[i] * x[i]).average().orElseThrow();
            final double deviation = Math.sqrt(squares - mean * mean + EPS);
            for (final int i : members) {
                final int at = place.applyAsInt(i);
                y[i] = (x[i] - mean) / deviation * weight[at] + bias[at];
            }
        }
        return y;
    }

    private static double normal(final double[] state, final int i) {
        final double radius = Math.sqrt(-2 * Math.log(1 - unit(state, 2 * i)));
        return radius * Math.cos(2 * Math.PI * unit(state, 2 * i + 1));
    }

    /** Number i of the draw that the state is at, as the kernels' contract with all backends has it. */
    private static double unit(final double[] state, final int i) {
        final long seed = ((long) state[0] << 32) + (long) state[1];
        final long stream = mix(seed + mix((long) state[2]));
        return (mix(stream + i * 0x9e3779b97f4a7c15L) >>> 40) / (double) (1 << 24);
    }

    private static long mix(final long input) {
        return new RandomStream(input).nextLong();
    }
}

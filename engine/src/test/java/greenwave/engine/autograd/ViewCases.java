package greenwave.engine.autograd;

import greenwave.engine.tensor.Shape;
import greenwave.engine.tensor.Tensor;

import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Cases of {@link ViewOps}: each output element is one input element. */
final class ViewCases {
    static final List<OpCase> ALL =
            List.of(
                    moved("reshape", x -> x.reshape(6, size(x) / 6), i -> i),
                    moved("flatten", x -> x.flatten(1), i -> i),
                    OpCase.of(
                            "transpose",
                            n -> List.of(Shape.of(n, 3)),
                            in -> in.getFirst().transpose(0, 1),
                            (n, in) -> pick(in[0], 3 * n, i -> i % n * 3 + i / n)),
                    OpCase.of(
                            "permute",
                            n -> List.of(Shape.of(2, n, 3)),
                            in -> in.getFirst().permute(2, 0, 1),
                            (n, in) ->
                                    pick(
                                            in[0],
                                            6 * n,
                                            i -> (i / n % 2 * n + i % n) * 3 + i / (2 * n))),
                    OpCase.of(
                            "slice",
                            n -> List.of(Shape.of(2, n + 2, 3)),
                            in -> in.getFirst().slice(1, 1, size(in.getFirst()) / 6 - 2),
                            (n, in) ->
                                    pick(
                                            in[0],
                                            6 * n,
                                            i -> (i / (3 * n) * (n + 2) + 1) * 3 + i % (3 * n))),
                    OpCase.of(
                            "broadcast",
                            n -> List.of(Shape.of(n, 1, 2)),
                            in -> in.getFirst().broadcast(3, size(in.getFirst()) / 2, 2, 2),
                            (n, in) -> pick(in[0], 12 * n, i -> i / 4 % n * 2 + i % 2)),
                    OpCase.of(
                            "concat",
                            n -> List.of(Shape.of(2, n), Shape.of(2, 3)),
                            in -> in.get(0).concat(1, in.get(1)),
                            (n, in) ->
                                    IntStream.range(0, 2 * (n + 3))
                                            .mapToDouble(
                                                    i -> {
                                                        final int row = i / (n + 3);
                                                        final int column = i % (n + 3);
                                                        return column < n
                                                                ? in[0][row * n + column]
                                                                : in[1][row * 3 + column - n];
                                                    })
                                            .toArray()),
                    OpCase.of(
                            "concat of four",
                            n ->
                                    List.of(
                                            Shape.of(n, 2),
                                            Shape.of(1, 2),
                                            Shape.of(n, 2),
                                            Shape.of(3, 2)),
                            in -> in.get(0).concat(0, in.get(1), in.get(2), in.get(3)),
                            (_, in) -> Stream.of(in).flatMapToDouble(Arrays::stream).toArray()));

    private ViewCases() {}

    private static int size(final Tensor x) {
        return Math.toIntExact(x.shape().size());
    }

    /** x [2, n, 3]. */
    private static OpCase moved(
            final String name, final Function<Tensor, Tensor> use, final IntUnaryOperator from) {
        return OpCase.of(
                name,
                n -> List.of(Shape.of(2, n, 3)),
                in -> use.apply(in.getFirst()),
                (n, in) -> pick(in[0], 6 * n, from));
    }

    private static double[] pick(final double[] x, final int size, final IntUnaryOperator from) {
        return IntStream.range(0, size).mapToDouble(i -> x[from.applyAsInt(i)]).toArray();
    }
}

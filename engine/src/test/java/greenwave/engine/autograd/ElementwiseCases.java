package greenwave.engine.autograd;

import static greenwave.kernels.DType.U8;

import greenwave.engine.tensor.Shape;
import greenwave.engine.tensor.Tensor;

import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import java.util.function.Function;
import java.util.stream.IntStream;

/** Cases of {@link ElementwiseOps}, and what broadcasts. */
final class ElementwiseCases {
    static final List<OpCase> ALL =
            List.of(
                    pair("add", in -> in.get(0).add(in.get(1)), Double::sum),
                    pair("sub", in -> in.get(0).sub(in.get(1)), (a, b) -> a - b),
                    pair("mul", in -> in.get(0).mul(in.get(1)), (a, b) -> a * b),
                    pair("div", in -> in.get(0).div(in.get(1)), (a, b) -> a / b).onPositive(),
                    pair("square", in -> in.get(0).mul(in.get(0)), (a, _) -> a * a),
                    column("add a column", in -> in.get(0).add(in.get(1)), Double::sum),
                    column("sub from a column", in -> in.get(1).sub(in.get(0)), (a, b) -> b - a),
                    column("div by a column", in -> in.get(0).div(in.get(1)), (a, b) -> a / b)
                            .onPositive(),
                    OpCase.of(
                            "mul of a row and a column",
                            n -> List.of(Shape.of(n), Shape.of(3, 1)),
                            in -> in.get(0).mul(in.get(1)),
                            (n, in) ->
                                    IntStream.range(0, 3 * n)
                                            .mapToDouble(i -> in[0][i % n] * in[1][i / n])
                                            .toArray()),
                    pair(
                            "huber",
                            in -> in.get(0).huber(in.get(1), 1),
                            (a, b) -> huber(Math.abs(a - b), 1)),
                    pair(
                            "narrow huber",
                            in -> in.get(0).huber(in.get(1), 0.25f),
                            (a, b) -> huber(Math.abs(a - b), 0.25)),
                    pair(
                            "squared error",
                            in -> in.get(0).squaredError(in.get(1)),
                            (a, b) -> (a - b) * (a - b)),
                    single("add scalar", x -> x.add(0.75f), x -> x + 0.75),
                    single("mul scalar", x -> x.mul(-1.25f), x -> x * -1.25),
                    single("sub scalar", x -> x.sub(0.75f), x -> x - 0.75),
                    single("scalar sub", x -> x.rsub(0.75f), x -> 0.75 - x),
                    single("div scalar", x -> x.div(-1.25f), x -> x / -1.25),
                    single("reciprocal", Tensor::reciprocal, x -> 1 / x).onPositive(),
                    single("neg", Tensor::neg, x -> -x),
                    single("relu", Tensor::relu, x -> Math.max(x, 0)),
                    single("abs", Tensor::abs, Math::abs),
                    single("exp", Tensor::exp, Math::exp),
                    single("log", Tensor::log, Math::log).onPositive(),
                    single("sqrt", Tensor::sqrt, Math::sqrt).onPositive(),
                    single("cube", x -> x.pow(3), x -> x * x * x),
                    single("to the -1/2", x -> x.pow(-0.5f), x -> Math.pow(x, -0.5)).onPositive(),
                    single("to the 0", x -> x.pow(0), _ -> 1),
                    single(
                            "clamp",
                            x -> x.clamp(-1.25f, 2.25f),
                            x -> Math.min(Math.max(x, -1.25), 2.25)),
                    single("leaky relu", x -> x.leakyRelu(0.25f), x -> x > 0 ? x : x / 4),
                    single("gelu", Tensor::gelu, x -> x * normalBelow(x)),
                    single("tanh", Tensor::tanh, x -> 1 - 2 / (Math.exp(2 * x) + 1)),
                    single("sigmoid", Tensor::sigmoid, x -> 0.5 + 0.5 * Math.tanh(x / 2)),
                    single(
                                    "signed sqrt",
                                    Tensor::signedSqrt,
                                    x -> Math.copySign(1, x) * Math.sqrt(Math.abs(x)))
                            .onPositive(),
                    single("detach", Tensor::detach, x -> x),
                    single("from bytes", x -> x.fromBytes(1 / 256f), x -> x / 256).taking(U8));

    private ElementwiseCases() {}

    private static OpCase single(
            final String name,
            final Function<Tensor, Tensor> use,
            final DoubleUnaryOperator value) {
        return OpCase.of(
                name,
                n -> List.of(Shape.of(n)),
                in -> use.apply(in.getFirst()),
                (_, in) -> Arrays.stream(in[0]).map(value).toArray());
    }

    private static OpCase pair(
            final String name,
            final Function<List<Tensor>, Tensor> use,
            final DoubleBinaryOperator value) {
        return OpCase.of(
                name,
                n -> List.of(Shape.of(n), Shape.of(n)),
                use,
                (n, in) ->
                        IntStream.range(0, n)
                                .mapToDouble(i -> value.applyAsDouble(in[0][i], in[1][i]))
                                .toArray());
    }

    /** a [n, COLUMNS] with b [n, 1]. */
    private static OpCase column(
            final String name,
            final Function<List<Tensor>, Tensor> use,
            final DoubleBinaryOperator value) {
        final int columns = OpCase.COLUMNS;
        return OpCase.of(
                name,
                n -> List.of(Shape.of(n, columns), Shape.of(n, 1)),
                use,
                (n, in) ->
                        IntStream.range(0, n * columns)
                                .mapToDouble(i -> value.applyAsDouble(in[0][i], in[1][i / columns]))
                                .toArray());
    }

    private static double huber(final double distance, final double beta) {
        return distance < beta ? distance * distance / (2 * beta) : distance - beta / 2;
    }

    /** The normal density, summed by Simpson's rule. */
    private static double normalBelow(final double x) {
        if (!Double.isFinite(x)) {
            return (1 + Math.signum(x)) / 2;
        }
        final int parts = 2000;
        final double width = x / parts;
        double sum = 0;
        for (int i = 0; i <= parts; i++) {
            final int weight = i == 0 || i == parts ? 1 : i % 2 == 0 ? 2 : 4;
            sum += weight * Math.exp(-i * width * i * width / 2);
        }
        return 0.5 + sum * width / 3 / Math.sqrt(2 * Math.PI);
    }
}

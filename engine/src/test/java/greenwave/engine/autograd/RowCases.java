package greenwave.engine.autograd;

import static greenwave.kernels.DType.F32;
import static greenwave.kernels.DType.I32;
import static greenwave.kernels.DType.U8;

import greenwave.engine.nn.Functional;
import greenwave.engine.tensor.Shape;
import greenwave.engine.tensor.Tensor;

import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.function.IntToDoubleFunction;
import java.util.function.ToDoubleFunction;
import java.util.function.UnaryOperator;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/** Cases of sums, products, choices and look-ups along rows and other dimensions. */
final class RowCases {
    private static final int COLUMNS = OpCase.COLUMNS;

    static final List<OpCase> ALL =
            List.of(
                    linear("linear", n -> List.of(Shape.of(3, n), Shape.of(5, n), Shape.of(5))),
                    linear(
                            "linear of many rows",
                            n -> List.of(Shape.of(n, 4), Shape.of(n, 4), Shape.of(n))),
                    linear(
                            "linear of one row",
                            n -> List.of(Shape.of(1, n), Shape.of(n, n), Shape.of(n))),
                    OpCase.of(
                            "matmul",
                            n -> List.of(Shape.of(3, n), Shape.of(n, 2)),
                            in -> in.get(0).matmul(in.get(1)),
                            (n, in) -> product(in[0], in[1], 3, n, 2)),
                    OpCase.of(
                            "matmul of narrow",
                            n -> List.of(Shape.of(n, 2), Shape.of(2, n)),
                            in -> in.get(0).matmul(in.get(1)),
                            (n, in) -> product(in[0], in[1], n, 2, n)),
                    OpCase.of(
                            "matmul of batches",
                            n -> List.of(Shape.of(2, 2, 3, n), Shape.of(2, 2, n, 2)),
                            in -> in.get(0).matmul(in.get(1)),
                            (n, in) -> products(4, in[0], in[1], 3, n, 2)),
                    OpCase.of(
                            "matmul of a batch of narrow",
                            n -> List.of(Shape.of(n, 1, 2), Shape.of(n, 2, 3)),
                            in -> in.get(0).matmul(in.get(1)),
                            (n, in) -> products(n, in[0], in[1], 1, 2, 3)),
                    reduced("sum", Tensor::sum, x -> DoubleStream.of(x).sum()),
                    reduced("mean", Tensor::mean, x -> DoubleStream.of(x).average().orElseThrow()),
                    OpCase.of(
                            "sum over outer dims",
                            n -> List.of(Shape.of(2, n, 3)),
                            in -> in.getFirst().sum(0, 2),
                            (n, in) -> over(n, i -> outer(in[0], n, i).sum())),
                    OpCase.of(
                            "mean over outer dims",
                            n -> List.of(Shape.of(2, n, 3)),
                            in -> in.getFirst().mean(2, 0),
                            (n, in) -> over(n, i -> outer(in[0], n, i).sum() / 6)),
                    OpCase.of(
                            "mean over a middle dim",
                            n -> List.of(Shape.of(2, n, 3)),
                            in -> in.getFirst().mean(1),
                            (n, in) -> over(6, i -> middle(in[0], n, i).sum() / n)),
                    OpCase.of(
                            "max over a middle dim",
                            n -> List.of(Shape.of(2, n, 3)),
                            in -> in.getFirst().max(1),
                            (n, in) -> over(6, i -> middle(in[0], n, i).max().orElseThrow())),
                    OpCase.of(
                            "amax over outer dims",
                            n -> List.of(Shape.of(2, n, 3)),
                            in -> in.getFirst().amax(2, 0),
                            (n, in) -> over(n, i -> outer(in[0], n, i).max().orElseThrow())),
                    rows("amax", x -> x.amax(1), row -> row[best(row)]),
                    OpCase.of(
                            "argMax of a vector",
                            n -> List.of(Shape.of(n)),
                            in -> in.getFirst().argMax(0),
                            (_, in) -> new double[] {best(in[0])}),
                    rows("max", x -> x.max(1), row -> row[best(row)]),
                    rows("argMax", x -> x.argMax(1), RowCases::best),
                    legalRows(
                            "legal max",
                            in -> in.get(0).max(1, in.get(1)),
                            row -> row.length == 0 ? 0 : row[best(row)]),
                    OpCase.of(
                                    "legal argMax",
                                    n -> List.of(Shape.of(n, COLUMNS), Shape.of(n, COLUMNS)),
                                    in -> in.get(0).argMax(1, in.get(1)),
                                    (n, in) ->
                                            over(
                                                    n,
                                                    i ->
                                                            legalBest(
                                                                    row(in[0], i, COLUMNS),
                                                                    row(in[1], i, COLUMNS))))
                            .taking(F32, U8),
                    mapped("softmax", x -> x.softmax(1), RowCases::softmax),
                    mapped(
                            "logSoftmax",
                            x -> x.logSoftmax(1),
                            row -> {
                                final double log = logSum(row);
                                return DoubleStream.of(row).map(x -> x - log).toArray();
                            }),
                    OpCase.of(
                            "softmax over the first dim",
                            n -> List.of(Shape.of(n, 2)),
                            in -> in.getFirst().softmax(0),
                            (n, in) -> {
                                final double[] even = softmax(every(in[0], 0, 2));
                                final double[] odd = softmax(every(in[0], 1, 2));
                                return over(2 * n, i -> (i % 2 == 0 ? even : odd)[i / 2]);
                            }),
                    indexed(
                            "gather",
                            n -> List.of(Shape.of(n, COLUMNS), Shape.of(n)),
                            in -> in.get(0).gather(in.get(1)),
                            (n, in) -> over(n, i -> in[0][i * COLUMNS + (int) in[1][i]])),
                    indexed(
                            "gather of several",
                            n -> List.of(Shape.of(2, n, COLUMNS), Shape.of(2, n, 3)),
                            in -> in.get(0).gather(in.get(1)),
                            (n, in) -> over(6 * n, i -> in[0][i / 3 * COLUMNS + (int) in[1][i]])),
                    indexed(
                            "embedding",
                            n -> List.of(Shape.of(COLUMNS, n), Shape.of(2, 3)),
                            in -> in.get(0).embedding(in.get(1)),
                            (n, in) -> over(6 * n, i -> in[0][(int) in[1][i / n] * n + i % n])),
                    indexed(
                            "cross entropy",
                            n -> List.of(Shape.of(n, COLUMNS), Shape.of(n)),
                            in -> Functional.crossEntropy(in.get(0), in.get(1)),
                            (n, in) ->
                                    over(
                                            n,
                                            i -> {
                                                final double[] row = row(in[0], i, COLUMNS);
                                                return logSum(row) - row[(int) in[1][i]];
                                            })),
                    OpCase.of(
                            "dueling",
                            n -> List.of(Shape.of(n, 1), Shape.of(n, COLUMNS)),
                            in -> Functional.dueling(in.get(0), in.get(1)),
                            (n, in) ->
                                    over(
                                            n * COLUMNS,
                                            i -> {
                                                final double[] row =
                                                        row(in[1], i / COLUMNS, COLUMNS);
                                                return in[0][i / COLUMNS]
                                                        + in[1][i]
                                                        - DoubleStream.of(row).sum() / COLUMNS;
                                            })));

    private RowCases() {}

    private static OpCase linear(final String name, final IntFunction<List<Shape>> shapes) {
        return OpCase.of(
                name,
                shapes,
                in -> in.get(0).linear(in.get(1), in.get(2)),
                (n, in) -> {
                    final int out = Math.toIntExact(shapes.apply(n).get(2).size());
                    final int width = shapes.apply(n).get(1).dim(1);
                    return over(
                            in[0].length / width * out,
                            i -> {
                                double sum = in[2][i % out];
                                for (int j = 0; j < width; j++) {
                                    sum += in[0][i / out * width + j] * in[1][i % out * width + j];
                                }
                                return sum;
                            });
                });
    }

    private static OpCase reduced(
            final String name,
            final UnaryOperator<Tensor> use,
            final ToDoubleFunction<double[]> value) {
        return OpCase.of(
                name,
                n -> List.of(Shape.of(n)),
                in -> use.apply(in.getFirst()),
                (_, in) -> new double[] {value.applyAsDouble(in[0])});
    }

    /** x [n, COLUMNS] to [n]. */
    private static OpCase rows(
            final String name,
            final UnaryOperator<Tensor> use,
            final ToDoubleFunction<double[]> value) {
        return OpCase.of(
                name,
                n -> List.of(Shape.of(n, COLUMNS)),
                in -> use.apply(in.getFirst()),
                (n, in) -> over(n, i -> value.applyAsDouble(row(in[0], i, COLUMNS))));
    }

    /** As {@link #rows}, of the legal columns alone. */
    private static OpCase legalRows(
            final String name,
            final Function<List<Tensor>, Tensor> use,
            final ToDoubleFunction<double[]> value) {
        return OpCase.of(
                        name,
                        n -> List.of(Shape.of(n, COLUMNS), Shape.of(n, COLUMNS)),
                        use,
                        (n, in) ->
                                over(
                                        n,
                                        i ->
                                                value.applyAsDouble(
                                                        IntStream.range(
                                                                        i * COLUMNS,
                                                                        (i + 1) * COLUMNS)
                                                                .filter(j -> in[1][j] != 0)
                                                                .mapToDouble(j -> in[0][j])
                                                                .toArray())))
                .taking(F32, U8);
    }

    /** x [n, COLUMNS] to the same shape. */
    private static OpCase mapped(
            final String name,
            final UnaryOperator<Tensor> use,
            final UnaryOperator<double[]> value) {
        return OpCase.of(
                name,
                n -> List.of(Shape.of(n, COLUMNS)),
                in -> use.apply(in.getFirst()),
                (n, in) ->
                        IntStream.range(0, n)
                                .mapToObj(i -> value.apply(row(in[0], i, COLUMNS)))
                                .flatMapToDouble(Arrays::stream)
                                .toArray());
    }

    private static OpCase indexed(
            final String name,
            final IntFunction<List<Shape>> shapes,
            final Function<List<Tensor>, Tensor> use,
            final OpCase.Oracle oracle) {
        return OpCase.of(name, shapes, use, oracle).taking(F32, I32);
    }

    private static double[] over(final int size, final IntToDoubleFunction f) {
        return IntStream.range(0, size).mapToDouble(f).toArray();
    }

    private static double[] row(final double[] x, final int row, final int columns) {
        return Arrays.copyOfRange(x, row * columns, (row + 1) * columns);
    }

    private static double[] every(final double[] x, final int start, final int stride) {
        return over(x.length / stride, i -> x[start + i * stride]);
    }

    /** Of x [2, n, 3], all with index i in the middle. */
    private static DoubleStream outer(final double[] x, final int n, final int i) {
        return IntStream.range(0, 6).mapToDouble(j -> x[(j / 3 * n + i) * 3 + j % 3]);
    }

    /** Of x [2, n, 3], all with outer index i / 3 and inner index i % 3. */
    private static DoubleStream middle(final double[] x, final int n, final int i) {
        return IntStream.range(0, n).mapToDouble(j -> x[(i / 3 * n + j) * 3 + i % 3]);
    }

    private static double[] product(
            final double[] a, final double[] b, final int m, final int k, final int n) {
        return over(
                m * n,
                i ->
                        IntStream.range(0, k)
                                .mapToDouble(j -> a[i / n * k + j] * b[j * n + i % n])
                                .sum());
    }

    private static double[] products(
            final int batch,
            final double[] a,
            final double[] b,
            final int m,
            final int k,
            final int n) {
        return IntStream.range(0, batch)
                .mapToObj(
                        i ->
                                product(
                                        Arrays.copyOfRange(a, i * m * k, (i + 1) * m * k),
                                        Arrays.copyOfRange(b, i * k * n, (i + 1) * k * n),
                                        m,
                                        k,
                                        n))
                .flatMapToDouble(DoubleStream::of)
                .toArray();
    }

    /** The first of the largest; NaN is larger than any number. */
    private static int best(final double[] row) {
        return IntStream.range(0, row.length)
                .reduce((i, j) -> Double.compare(row[j], row[i]) > 0 ? j : i)
                .orElse(0);
    }

    /** The first of the largest where legal is not 0; 0 if it is 0 everywhere. */
    private static int legalBest(final double[] row, final double[] legal) {
        return IntStream.range(0, row.length)
                .filter(i -> legal[i] != 0)
                .reduce((i, j) -> Double.compare(row[j], row[i]) > 0 ? j : i)
                .orElse(0);
    }

    private static double logSum(final double[] row) {
        final double most = DoubleStream.of(row).max().orElseThrow();
        return most + Math.log(DoubleStream.of(row).map(x -> Math.exp(x - most)).sum());
    }

    private static double[] softmax(final double[] row) {
        final double log = logSum(row);
        return DoubleStream.of(row).map(x -> Math.exp(x - log)).toArray();
    }
}

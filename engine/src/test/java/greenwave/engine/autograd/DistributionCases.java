package greenwave.engine.autograd;

import static greenwave.kernels.DType.F32;
import static greenwave.kernels.DType.I32;

import greenwave.engine.nn.Functional;
import greenwave.engine.tensor.Shape;
import greenwave.engine.tensor.Tensor;

import java.util.List;

/** Cases of distributions of returns; oracles follow the papers, not the kernels. */
final class DistributionCases {
    private static final int COLUMNS = OpCase.COLUMNS;
    private static final float LOW = -1.5f;
    private static final float HIGH = 2;
    private static final float KAPPA = 0.75f;

    static final List<OpCase> ALL =
            List.of(
                    OpCase.of(
                                    "choose",
                                    n -> List.of(Shape.of(n, COLUMNS, 3), Shape.of(n)),
                                    in -> Functional.choose(in.get(0), in.get(1)),
                                    (n, in) -> chosen(in[0], in[1], n))
                            .taking(F32, I32),
                    OpCase.of(
                            "projectCategorical",
                            n -> List.of(Shape.of(n, COLUMNS), Shape.of(n), Shape.of(n)),
                            DistributionCases::project,
                            (n, in) -> projected(in, n, COLUMNS)),
                    OpCase.of(
                            "projectCategorical of many atoms",
                            n -> List.of(Shape.of(3, n + 1), Shape.of(3), Shape.of(3)),
                            DistributionCases::project,
                            (n, in) -> projected(in, 3, n + 1)),
                    OpCase.of(
                            "quantileHuber",
                            n -> List.of(Shape.of(n, COLUMNS)),
                            in ->
                                    Functional.quantileHuber(
                                            in.getFirst(), draws(in.getFirst(), 3), KAPPA),
                            (n, in) -> quantileHuber(in[0], n, COLUMNS, 3)),
                    OpCase.of(
                            "quantileHuber of many",
                            n -> List.of(Shape.of(2, n)),
                            in ->
                                    Functional.quantileHuber(
                                            in.getFirst(),
                                            draws(in.getFirst(), in.getFirst().shape().dim(1)),
                                            KAPPA),
                            (n, in) -> quantileHuber(in[0], 2, n, n)));

    private DistributionCases() {}

    private static double[] chosen(final double[] x, final double[] index, final int rows) {
        final double[] y = new double[rows * 3];
        for (int i = 0; i < y.length; i++) {
            y[i] = x[(i / 3 * COLUMNS + (int) index[i / 3]) * 3 + i % 3];
        }
        return y;
    }

    private static Tensor project(final List<Tensor> in) {
        return Functional.projectCategorical(in.get(0), in.get(1), in.get(2), LOW, HIGH);
    }

    /** Each atom takes of every moved one its mass times what their distance, in gaps, leaves of 1. */
    private static double[] projected(final double[][] in, final int rows, final int atoms) {
        final double gap = (double) (HIGH - LOW) / (atoms - 1);
        final double[] y = new double[rows * atoms];
        for (int r = 0; r < rows; r++) {
            for (int j = 0; j < atoms; j++) {
                final double mass = in[0][r * atoms + j];
                final double moved = in[1][r] + in[2][r] * (LOW + j * gap);
                final double kept = Math.clamp(moved, (double) LOW, (double) HIGH);
                for (int i = 0; i < atoms; i++) {
                    final double distance = Math.abs(kept - (LOW + i * gap)) / gap;
                    if (distance < 1) {
                        y[r * atoms + i] += mass * (1 - distance);
                    }
                }
            }
        }
        return y;
    }

    /** Draws for each row of x [R, N] that no gradient flows to: [R, M]. */
    private static Tensor draws(final Tensor x, final int m) {
        final int rows = x.shape().dim(0);
        final float[] values = new float[rows * m];
        for (int i = 0; i < values.length; i++) {
            values[i] = draw(i);
        }
        return x.trace().constant("goal", values, rows, m);
    }

    private static float draw(final int i) {
        return (i * 37 % 64 - 32) / 16f + 1 / 128f;
    }

    private static double[] quantileHuber(
            final double[] x, final int rows, final int n, final int m) {
        final double[] y = new double[rows];
        for (int r = 0; r < rows; r++) {
            for (int i = 0; i < n; i++) {
                final double level = (2.0 * i + 1) / (2 * n);
                for (int j = 0; j < m; j++) {
                    final double u = draw(r * m + j) - x[r * n + i];
                    final double size = Math.abs(u);
                    final double huber = size < KAPPA ? u * u / (2 * KAPPA) : size - KAPPA / 2;
                    y[r] += Math.abs(level - (u < 0 ? 1 : 0)) * huber / m;
                }
            }
        }
        return y;
    }
}

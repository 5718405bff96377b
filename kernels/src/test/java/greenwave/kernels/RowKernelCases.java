package greenwave.kernels;

import java.util.ArrayList;
import java.util.List;

/** What treats the rows of a matrix alike, at few and at many columns. */
final class RowKernelCases {
    /** Every row of this family. */
    static final List<KernelCase> ALL =
            List.of(
                    KernelCase.of("choices among few", (in, k, n) -> choices(in, k, n, 3)),
                    KernelCase.of("choices among many", (in, k, n) -> choices(in, k, 5, n)),
                    KernelCase.of("softmax of few", (in, k, n) -> softmax(in, k, n, 3)),
                    KernelCase.of("softmax of many", (in, k, n) -> softmax(in, k, 5, n)),
                    KernelCase.of(
                            "rows that are looked up",
                            (in, k, n) -> {
                                final Buffer index = in.ints(n, 4);
                                final Buffer table = in.floats(4 * 7);
                                final Buffer rows = in.floats(n * 7);
                                final Buffer sums = in.floats(4 * 7);
                                final Buffer bytes = in.bytes(n * 5, 256);
                                final Buffer found = in.floats(n * 5);
                                final Buffer whole = in.ints(n * 3, 9);
                                final Buffer flat = in.ints(n, 9);
                                k.gatherRows(table, index, rows, n, 7);
                                k.addScatterRows(in.floats(n * 7), index, sums, n, 7);
                                k.gatherRows(in.bytes(4 * 5, 256), index, bytes, n, 5);
                                k.fromBytes(bytes, 1, found);
                                k.gatherRows(in.ints(4 * 3, 1 << 30), index, whole, n, 3);
                                k.flatIndex(index, flat, n, 4);
                                return List.of(rows, sums, found, whole, flat);
                            }),
                    KernelCase.of(
                            "the projection of a distribution",
                            (in, k, n) -> {
                                final Buffer p = in.positive(3 * (n + 1));
                                final Buffer y = in.floats(3 * (n + 1));
                                k.projectCategorical(
                                        p, in.floats(3), in.floats(3), -2, 1.5f, y, 3, n + 1);
                                return List.of(y);
                            }),
                    KernelCase.of(
                            "the loss of quantiles",
                            (in, k, n) -> {
                                final Buffer x = in.floats(3 * n);
                                final Buffer goal = in.floats(3 * 7);
                                final Buffer y = in.floats(3);
                                final Buffer dx = in.floats(3 * n);
                                k.quantileHuber(x, goal, 0.7f, y, 3, n, 7);
                                k.addQuantileHuberGradient(
                                        x, goal, 0.7f, in.floats(3), dx, 3, n, 7);
                                return List.of(y, dx);
                            }));

    private RowKernelCases() {}

    private static List<Buffer> choices(
            final KernelCase.Inputs in, final Kernels k, final int rows, final int cols) {
        final Buffer x = in.floats(rows * cols);
        final Buffer rounded = in.ints(rows * cols, 3); // many equals
        final Buffer legal = in.bytes(rows * cols, 2);
        final Buffer dy = in.floats(rows);
        final Buffer index = in.ints(rows, cols);
        final Buffer picked = in.floats(rows);
        final Buffer scattered = in.floats(rows * cols);
        k.gather(x, index, picked, rows, cols);
        k.addScatter(dy, index, scattered, rows, cols);
        final List<Buffer> out = new ArrayList<>(List.of(picked, scattered));
        final Buffer equals = in.floats(rows * cols);
        final Buffer levels = in.positive(3);
        k.gatherRows(levels, rounded, equals, rows * cols, 1);
        for (final Buffer values : List.of(x, equals)) {
            for (final boolean masked : new boolean[] {false, true}) {
                final Buffer most = in.floats(rows);
                final Buffer where = in.ints(rows, 9);
                final Buffer dx = in.floats(rows * cols);
                final Buffer mask = masked ? legal : null;
                k.rowMax(values, mask, most, rows, cols);
                k.rowArgMax(values, mask, where, rows, cols);
                k.addRowMaxGradient(values, mask, dy, dx, rows, cols);
                out.addAll(List.of(most, where, dx));
            }
            final Buffer most = in.floats(rows);
            final Buffer dx = in.floats(rows * cols);
            k.rowMax(values, null, most, rows, cols);
            k.addEvenRowMaxGradient(values, most, dy, dx, rows, cols);
            out.add(dx);
        }
        return out;
    }

    private static List<Buffer> softmax(
            final KernelCase.Inputs in, final Kernels k, final int rows, final int cols) {
        final List<Buffer> out = new ArrayList<>();
        final Buffer x = in.floats(rows * cols);
        final Buffer dy = in.floats(rows * cols);
        for (final boolean log : new boolean[] {false, true}) {
            final Buffer y = in.floats(rows * cols);
            final Buffer dx = in.floats(rows * cols);
            k.softmax(log, x, y, rows, cols);
            k.addSoftmaxGradient(log, y, dy, dx, rows, cols);
            out.addAll(List.of(y, dx));
        }
        return out;
    }
}

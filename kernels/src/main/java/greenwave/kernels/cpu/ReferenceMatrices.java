package greenwave.kernels.cpu;

import static greenwave.kernels.cpu.ReferenceKernels.get;
import static greenwave.kernels.cpu.ReferenceKernels.set;
import static greenwave.kernels.cpu.ReferenceKernels.size;

import greenwave.kernels.Buffer;
import greenwave.kernels.Kernels;

import java.lang.foreign.MemorySegment;

/** Plain loops of the part of {@link Kernels} about products of matrices, layers and sums. Sums are taken in f64. */
interface ReferenceMatrices extends Kernels {
    @Override
    default void gemm(
            final int batch,
            final boolean transposeA,
            final boolean transposeB,
            final int m,
            final int n,
            final int k,
            final float alpha,
            final Buffer a,
            final Buffer b,
            final float beta,
            final Buffer c) {
        final MemorySegment as = a.segment();
        final MemorySegment bs = b.segment();
        final MemorySegment cs = c.segment();
        final long aRow = transposeA ? 1 : k;
        final long aCol = transposeA ? m : 1;
        final long bRow = transposeB ? 1 : n;
        final long bCol = transposeB ? k : 1;
        for (long row = 0; row < (long) batch * m; row++) {
            final long product = row / m;
            final long aFrom = product * m * k + row % m * aRow;
            final long bFrom = product * k * n;
            for (int j = 0; j < n; j++) {
                double dot = 0;
                for (int l = 0; l < k; l++) {
                    final double left = get(as, aFrom + l * aCol);
                    dot += left * get(bs, bFrom + l * bRow + j * bCol);
                }
                final long at = row * n + j;
                set(cs, at, (float) (alpha * dot + (beta == 0 ? 0 : beta * (double) get(cs, at))));
            }
        }
    }

    @Override
    default void linear(
            final Buffer x,
            final Buffer w,
            final Buffer b,
            final Buffer y,
            final int rows,
            final int in,
            final int out) {
        for (int r = 0; r < rows; r++) {
            MemorySegment.copy(
                    b.segment(),
                    0,
                    y.segment(),
                    (long) r * out * Float.BYTES,
                    b.segment().byteSize());
        }
        gemm(1, false, true, rows, out, in, 1, x, w, 1, y);
    }

    @Override
    default void linearRelu(
            final Buffer x,
            final Buffer w,
            final Buffer b,
            final Buffer y,
            final int rows,
            final int in,
            final int out) {
        linear(x, w, b, y, rows, in, out);
        relu(y, y);
    }

    @Override
    default void linearGradients(
            final Buffer x,
            final Buffer w,
            final Buffer y,
            final Buffer dy,
            final Buffer dx,
            final Buffer dw,
            final Buffer db,
            final boolean add,
            final int rows,
            final int in,
            final int out) {
        final float beta = add ? 1 : 0;
        if (y != null) {
            maskByPositive(y, dy);
        }
        if (dx != null) {
            gemm(1, false, false, rows, in, out, 1, dy, w, beta, dx);
        }
        if (dw != null) {
            gemm(1, true, false, out, in, rows, 1, dy, x, beta, dw);
        }
        if (db != null) {
            if (!add) {
                fill(db, 0);
            }
            addColumnSums(dy, db, rows, out);
        }
    }

    /** y += the sums of the columns of x; x [rows, cols], y [cols]. */
    default void addColumnSums(final Buffer x, final Buffer y, final int rows, final int cols) {
        final MemorySegment xs = x.segment();
        final MemorySegment ys = y.segment();
        for (int c = 0; c < cols; c++) {
            double sum = 0;
            for (int r = 0; r < rows; r++) {
                sum += get(xs, (long) r * cols + c);
            }
            set(ys, c, (float) (get(ys, c) + sum));
        }
    }

    @Override
    default void sum(final Buffer x, final float scale, final Buffer y) {
        final MemorySegment xs = x.segment();
        double sum = 0;
        final int n = size(x);
        for (int i = 0; i < n; i++) {
            sum += get(xs, i);
        }
        set(y.segment(), 0, (float) (scale * sum));
    }
}

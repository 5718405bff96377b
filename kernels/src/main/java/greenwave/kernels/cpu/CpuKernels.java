package greenwave.kernels.cpu;

import static greenwave.kernels.cpu.OpenBlas.NO_TRANSPOSE;
import static greenwave.kernels.cpu.OpenBlas.ROW_MAJOR;
import static greenwave.kernels.cpu.OpenBlas.TRANSPOSE;

import greenwave.kernels.Buffer;
import greenwave.kernels.View;

import java.lang.foreign.MemorySegment;

/** OpenBLAS or oneDNN for matrices, OpenBLAS for long sums and the sweeps over a slab; what they lack stays a plain loop. */
class CpuKernels extends ReferenceKernels {
    private static final int SHORTEST_RUN = 8; // shorter ones are not worth a call

    @Override
    public void fill(final Buffer y, final float value) {
        if (Float.floatToRawIntBits(value) == 0) {
            y.segment().fill((byte) 0); // four times the plain loop's speed
        } else {
            super.fill(y, value);
        }
    }

    @Override
    public void gemm(
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
        MemorySegment as = a.segment();
        MemorySegment bs = b.segment();
        MemorySegment cs = c.segment();
        for (int i = 0; i < batch; i++) {
            if (i > 0) {
                as = as.asSlice((long) m * k * Float.BYTES);
                bs = bs.asSlice((long) k * n * Float.BYTES);
                cs = cs.asSlice((long) m * n * Float.BYTES);
            }
            if (MatrixLibrary.isOneDnn(m, n, k)) {
                OneDnn.sgemm(1, transposeA, transposeB, m, n, k, alpha, as, bs, beta, cs);
            } else {
                OpenBlas.Calls.SGEMM.call(
                        ROW_MAJOR,
                        transposeA ? TRANSPOSE : NO_TRANSPOSE,
                        transposeB ? TRANSPOSE : NO_TRANSPOSE,
                        m,
                        n,
                        k,
                        alpha,
                        as,
                        transposeA ? m : k,
                        bs,
                        transposeB ? k : n,
                        beta,
                        cs,
                        n);
            }
        }
    }

    @Override
    public void linear(
            final Buffer x,
            final Buffer w,
            final Buffer b,
            final Buffer y,
            final int rows,
            final int in,
            final int out) {
        final MemorySegment ys = y.segment();
        final long row = b.segment().byteSize();
        final long all = ys.byteSize();
        MemorySegment.copy(b.segment(), 0, ys, 0, row);
        for (long done = row; done < all; done *= 2) { // doubling: few calls, each a long copy
            MemorySegment.copy(ys, 0, ys, done, Math.min(done, all - done));
        }
        if (rows == 1) {
            OpenBlas.Calls.SGEMV.call(
                    ROW_MAJOR, NO_TRANSPOSE, out, in, 1, w.segment(), in, x.segment(), 1, 1, ys, 1);
        } else {
            gemm(1, false, true, rows, out, in, 1, x, w, 1, y);
        }
    }

    @Override
    public void addScaled(final float alpha, final Buffer x, final Buffer y) {
        axpby(alpha, x, 1, y);
    }

    @Override
    public void lerp(final Buffer x, final float t, final Buffer y) {
        axpby(t, x, 1 - t, y);
    }

    /** Whole runs, where both views have some. */
    @Override
    public void copyView(final Buffer x, final View from, final Buffer y, final View to) {
        final long run = from.run(to);
        if (run < SHORTEST_RUN) {
            super.copyView(x, from, y, to);
            return;
        }
        final MemorySegment xs = x.segment();
        final MemorySegment ys = y.segment();
        final long bytes = run * Float.BYTES;
        final long n = from.size();
        for (long i = 0; i < n; i += run) {
            MemorySegment.copy(xs, from.at(i) * Float.BYTES, ys, to.at(i) * Float.BYTES, bytes);
        }
    }

    /** As {@link #copyView}. */
    @Override
    public void addView(
            final float alpha, final Buffer x, final View from, final Buffer y, final View to) {
        final int run = Math.toIntExact(from.run(to));
        if (run < SHORTEST_RUN) {
            super.addView(alpha, x, from, y, to);
            return;
        }
        final long n = from.size();
        for (long i = 0; i < n; i += run) {
            addRun(alpha, x, Math.toIntExact(from.at(i)), y, Math.toIntExact(to.at(i)), run);
        }
    }

    /** y from {@code to} on += alpha · x from {@code from} on. */
    void addRun(
            final float alpha,
            final Buffer x,
            final int from,
            final Buffer y,
            final int to,
            final int n) {
        final MemorySegment xs = x.segment();
        final MemorySegment ys = y.segment();
        for (int i = 0; i < n; i++) {
            set(ys, to + i, get(ys, to + i) + alpha * get(xs, from + i));
        }
    }

    private static void axpby(final float alpha, final Buffer x, final float beta, final Buffer y) {
        final int n = Math.toIntExact(y.length());
        OpenBlas.Calls.SAXPBY.call(n, alpha, x.segment(), 1, beta, y.segment(), 1);
    }

    /** Row by row, so that memory is read in order; the plain loop walks down columns. */
    @Override
    public void addColumnSums(final Buffer x, final Buffer y, final int rows, final int cols) {
        final MemorySegment xs = x.segment();
        final MemorySegment ys = y.segment();
        for (int r = 0; r < rows; r++) {
            final long at = (long) r * cols;
            for (int c = 0; c < cols; c++) {
                set(ys, c, get(ys, c) + get(xs, at + c));
            }
        }
    }
}

package greenwave.kernels.cpu;

import static greenwave.kernels.cpu.ReferenceKernels.get;
import static greenwave.kernels.cpu.ReferenceKernels.set;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import greenwave.kernels.Buffer;
import greenwave.kernels.RowKernels;

import java.lang.foreign.MemorySegment;
import java.util.Objects;

/** Plain loops; sums are taken in f64. */
interface ReferenceRows extends RowKernels {
    @Override
    default void softmax(
            final boolean log, final Buffer x, final Buffer y, final int rows, final int cols) {
        final MemorySegment xs = x.segment();
        final MemorySegment ys = y.segment();
        for (int r = 0; r < rows; r++) {
            final long row = (long) r * cols;
            double most = Double.NEGATIVE_INFINITY;
            for (int c = 0; c < cols; c++) {
                most = Math.max(most, get(xs, row + c)); // subtracted, so that nothing overflows
            }
            double sum = 0;
            for (int c = 0; c < cols; c++) {
                sum += Math.exp(get(xs, row + c) - most);
            }
            final double logSum = most + Math.log(sum);
            for (int c = 0; c < cols; c++) {
                final double value = get(xs, row + c) - logSum;
                set(ys, row + c, (float) (log ? value : Math.exp(value)));
            }
        }
    }

    @Override
    default void addSoftmaxGradient(
            final boolean log,
            final Buffer y,
            final Buffer dy,
            final Buffer dx,
            final int rows,
            final int cols) {
        final MemorySegment ys = y.segment();
        final MemorySegment dys = dy.segment();
        final MemorySegment dxs = dx.segment();
        for (int r = 0; r < rows; r++) {
            final long row = (long) r * cols;
            double sum = 0;
            for (int c = 0; c < cols; c++) {
                final double slope = get(dys, row + c);
                sum += log ? slope : slope * get(ys, row + c);
            }
            for (int c = 0; c < cols; c++) {
                final double slope = get(dys, row + c);
                final double value = get(ys, row + c);
                final double term = log ? slope - Math.exp(value) * sum : value * (slope - sum);
                set(dxs, row + c, (float) (get(dxs, row + c) + term));
            }
        }
    }

    @Override
    default void addEvenRowMaxGradient(
            final Buffer x,
            final Buffer y,
            final Buffer dy,
            final Buffer dx,
            final int rows,
            final int cols) {
        final MemorySegment xs = x.segment();
        final MemorySegment dxs = dx.segment();
        for (int r = 0; r < rows; r++) {
            final long row = (long) r * cols;
            final float most = get(y.segment(), r);
            int equals = 0;
            for (int c = 0; c < cols; c++) {
                equals += get(xs, row + c) == most ? 1 : 0;
            }
            final float slope = get(dy.segment(), r);
            for (int c = 0; c < cols; c++) { // 0 / 0 where the largest is NaN, equal to nothing
                final float share = (get(xs, row + c) == most ? slope : 0) / equals;
                set(dxs, row + c, get(dxs, row + c) + share);
            }
        }
    }

    @Override
    default void addScatterRows(
            final Buffer y, final Buffer index, final Buffer x, final int rows, final int width) {
        final MemorySegment xs = x.segment();
        final MemorySegment ys = y.segment();
        final long available = x.length() / width;
        for (int r = 0; r < rows; r++) {
            final int chosen = index.segment().getAtIndex(JAVA_INT, r);
            final long to = Objects.checkIndex(chosen, available) * width;
            final long from = (long) r * width;
            for (int c = 0; c < width; c++) {
                set(xs, to + c, get(xs, to + c) + get(ys, from + c));
            }
        }
    }

    @Override
    default void flatIndex(final Buffer index, final Buffer y, final int rows, final int cols) {
        for (int r = 0; r < rows; r++) {
            final int chosen = index.segment().getAtIndex(JAVA_INT, r);
            y.segment().setAtIndex(JAVA_INT, r, r * cols + chosen);
        }
    }
}

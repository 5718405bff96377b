package greenwave.kernels.cpu;

import static greenwave.kernels.cpu.ReferenceKernels.get;
import static greenwave.kernels.cpu.ReferenceKernels.set;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import greenwave.kernels.Buffer;
import greenwave.kernels.Kernels;

import java.lang.foreign.MemorySegment;
import java.util.Objects;

/** Plain loops of the part of {@link Kernels} about picking of elements and rows, and the best of a row. */
interface ReferenceChoices extends Kernels {
    private static long cell(final MemorySegment index, final int row, final int cols) {
        return (long) row * cols + Objects.checkIndex(index.getAtIndex(JAVA_INT, row), cols);
    }

    @Override
    default void gather(
            final Buffer x, final Buffer index, final Buffer y, final int rows, final int cols) {
        for (int r = 0; r < rows; r++) {
            set(y.segment(), r, get(x.segment(), cell(index.segment(), r, cols)));
        }
    }

    @Override
    default void addScatter(
            final Buffer y, final Buffer index, final Buffer x, final int rows, final int cols) {
        final MemorySegment xs = x.segment();
        for (int r = 0; r < rows; r++) {
            final long at = cell(index.segment(), r, cols);
            set(xs, at, get(xs, at) + get(y.segment(), r));
        }
    }

    /** The first column of the largest legal value in a row, or -1 if none is legal. */
    private static int best(
            final MemorySegment x, final MemorySegment legal, final int row, final int cols) {
        int best = -1;
        float most = 0;
        for (int c = 0; c < cols; c++) {
            final long at = (long) row * cols + c;
            if (legal != null && legal.get(JAVA_BYTE, at) == 0) {
                continue;
            }
            final float value = get(x, at);
            if (best < 0 || value > most || Float.isNaN(value) && !Float.isNaN(most)) {
                best = c;
                most = value;
            }
        }
        return best;
    }

    private static MemorySegment segmentOrNull(final Buffer buffer) {
        return buffer == null ? null : buffer.segment();
    }

    @Override
    default void rowMax(
            final Buffer x, final Buffer legal, final Buffer y, final int rows, final int cols) {
        for (int r = 0; r < rows; r++) {
            final int best = best(x.segment(), segmentOrNull(legal), r, cols);
            set(y.segment(), r, best < 0 ? 0 : get(x.segment(), (long) r * cols + best));
        }
    }

    @Override
    default void rowArgMax(
            final Buffer x, final Buffer legal, final Buffer y, final int rows, final int cols) {
        for (int r = 0; r < rows; r++) {
            final int best = best(x.segment(), segmentOrNull(legal), r, cols);
            y.segment().setAtIndex(JAVA_INT, r, Math.max(best, 0));
        }
    }

    @Override
    default void addRowMaxGradient(
            final Buffer x,
            final Buffer legal,
            final Buffer dy,
            final Buffer dx,
            final int rows,
            final int cols) {
        final MemorySegment dxs = dx.segment();
        for (int r = 0; r < rows; r++) {
            final int best = best(x.segment(), segmentOrNull(legal), r, cols);
            if (best >= 0) {
                final long at = (long) r * cols + best;
                set(dxs, at, get(dxs, at) + get(dy.segment(), r));
            }
        }
    }

    @Override
    default void gatherRows(
            final Buffer x, final Buffer index, final Buffer y, final int rows, final int width) {
        final long bytes = (long) width * x.dtype().bytes();
        final long available = x.length() / width;
        for (int r = 0; r < rows; r++) {
            final long from =
                    Objects.checkIndex(index.segment().getAtIndex(JAVA_INT, r), available);
            MemorySegment.copy(x.segment(), from * bytes, y.segment(), r * bytes, bytes);
        }
    }
}

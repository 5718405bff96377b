package greenwave.kernels.cpu;

import static greenwave.kernels.cpu.ReferenceKernels.get;
import static greenwave.kernels.cpu.ReferenceKernels.set;

import greenwave.kernels.Buffer;
import greenwave.kernels.Convolution;
import greenwave.kernels.ImageKernels;
import greenwave.kernels.Window;

import java.lang.foreign.MemorySegment;

/** Plain loops; forward sums are taken in f64. */
interface ReferenceImages extends ImageKernels {
    @Override
    default void convolve(
            final Convolution c, final Buffer x, final Buffer w, final Buffer b, final Buffer y) {
        final MemorySegment bias = b == null ? null : b.segment();
        ReferenceConvolution.forward(c, x.segment(), w.segment(), bias, y.segment());
    }

    @Override
    default void addConvolveDataGradient(
            final Convolution c, final Buffer w, final Buffer dy, final Buffer dx) {
        ReferenceConvolution.addDataGradient(c, w.segment(), dy.segment(), dx.segment());
    }

    @Override
    default void addConvolveWeightGradient(
            final Convolution c, final Buffer x, final Buffer dy, final Buffer dw) {
        ReferenceConvolution.addWeightGradient(c, x.segment(), dy.segment(), dw.segment());
    }

    @Override
    default void maxPool(final Window window, final int planes, final Buffer x, final Buffer y) {
        final MemorySegment xs = x.segment();
        final MemorySegment ys = y.segment();
        long to = 0;
        for (int plane = 0; plane < planes; plane++) {
            for (int i = 0; i < window.outHeight(); i++) {
                for (int j = 0; j < window.outWidth(); j++) {
                    final long at = largest(window, xs, plane, i, j);
                    set(ys, to++, at < 0 ? Float.NEGATIVE_INFINITY : get(xs, at));
                }
            }
        }
    }

    private static long place(
            final Window window, final int plane, final int row, final int column) {
        return ((long) plane * window.height() + row) * window.width() + column;
    }

    /** Where the largest pixel of a window lies, -1 if all is padding. */
    private static long largest(
            final Window window, final MemorySegment x, final int plane, final int i, final int j) {
        long best = -1;
        float most = 0;
        for (int u = 0; u < window.kernelHeight(); u++) {
            for (int v = 0; v < window.kernelWidth(); v++) {
                final int row = window.row(i, u);
                final int column = window.column(j, v);
                if (window.inside(row, column)) {
                    final long at = place(window, plane, row, column);
                    final float value = get(x, at);
                    if (best < 0 || value > most || Float.isNaN(value) && !Float.isNaN(most)) {
                        best = at;
                        most = value;
                    }
                }
            }
        }
        return best;
    }

    @Override
    default void addMaxPoolGradient(
            final Window window,
            final int planes,
            final Buffer x,
            final Buffer dy,
            final Buffer dx) {
        final MemorySegment dxs = dx.segment();
        long from = 0;
        for (int plane = 0; plane < planes; plane++) {
            for (int i = 0; i < window.outHeight(); i++) {
                for (int j = 0; j < window.outWidth(); j++) {
                    final long at = largest(window, x.segment(), plane, i, j);
                    final float slope = get(dy.segment(), from++);
                    if (at >= 0) {
                        set(dxs, at, get(dxs, at) + slope);
                    }
                }
            }
        }
    }

    @Override
    default void averagePool(
            final Window window, final int planes, final Buffer x, final Buffer y) {
        final MemorySegment xs = x.segment();
        final int area = window.kernelHeight() * window.kernelWidth();
        long to = 0;
        for (int plane = 0; plane < planes; plane++) {
            for (int i = 0; i < window.outHeight(); i++) {
                for (int j = 0; j < window.outWidth(); j++) {
                    double sum = 0;
                    for (int u = 0; u < window.kernelHeight(); u++) {
                        for (int v = 0; v < window.kernelWidth(); v++) {
                            final int row = window.row(i, u);
                            final int column = window.column(j, v);
                            if (window.inside(row, column)) {
                                sum += get(xs, place(window, plane, row, column));
                            }
                        }
                    }
                    set(y.segment(), to++, (float) (sum / area));
                }
            }
        }
    }

    @Override
    default void addAveragePoolGradient(
            final Window window, final int planes, final Buffer dy, final Buffer dx) {
        final MemorySegment dxs = dx.segment();
        final float area = window.kernelHeight() * window.kernelWidth();
        long from = 0;
        for (int plane = 0; plane < planes; plane++) {
            for (int i = 0; i < window.outHeight(); i++) {
                for (int j = 0; j < window.outWidth(); j++) {
                    final float share = get(dy.segment(), from++) / area;
                    for (int u = 0; u < window.kernelHeight(); u++) {
                        for (int v = 0; v < window.kernelWidth(); v++) {
                            final int row = window.row(i, u);
                            final int column = window.column(j, v);
                            if (window.inside(row, column)) {
                                final long at = place(window, plane, row, column);
                                set(dxs, at, get(dxs, at) + share);
                            }
                        }
                    }
                }
            }
        }
    }
}

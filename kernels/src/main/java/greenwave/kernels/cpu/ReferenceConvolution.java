package greenwave.kernels.cpu;

import static greenwave.kernels.cpu.ReferenceKernels.get;
import static greenwave.kernels.cpu.ReferenceKernels.set;

import greenwave.kernels.Convolution;

import java.lang.foreign.MemorySegment;

/** The loops of a convolution, over places where image and kernel meet. */
final class ReferenceConvolution {
    private ReferenceConvolution() {}

    private static long in(
            final Convolution c,
            final int sample,
            final int channel,
            final int row,
            final int column) {
        return (((long) sample * c.inChannels() + channel) * c.window().height() + row)
                        * c.window().width()
                + column;
    }

    private static long weight(
            final Convolution c, final int out, final int in, final int u, final int v) {
        return (((long) out * c.inPerGroup() + in) * c.window().kernelHeight() + u)
                        * c.window().kernelWidth()
                + v;
    }

    /** The first channel of the input that output channel {@code out} sees. */
    private static int firstIn(final Convolution c, final int out) {
        return out / c.outPerGroup() * c.inPerGroup();
    }

    /** The sum at output place (i, j) of channel {@code out}. */
    private static double dot(
            final Convolution c,
            final MemorySegment x,
            final MemorySegment w,
            final int sample,
            final int out,
            final int i,
            final int j) {
        double sum = 0;
        for (int in = 0; in < c.inPerGroup(); in++) {
            for (int u = 0; u < c.window().kernelHeight(); u++) {
                for (int v = 0; v < c.window().kernelWidth(); v++) {
                    final int row = c.window().row(i, u);
                    final int column = c.window().column(j, v);
                    if (c.window().inside(row, column)) {
                        final double pixel =
                                get(x, in(c, sample, firstIn(c, out) + in, row, column));
                        sum += pixel * get(w, weight(c, out, in, u, v));
                    }
                }
            }
        }
        return sum;
    }

    static void forward(
            final Convolution c,
            final MemorySegment x,
            final MemorySegment w,
            final MemorySegment b,
            final MemorySegment y) {
        long at = 0;
        for (int sample = 0; sample < c.batch(); sample++) {
            for (int out = 0; out < c.outChannels(); out++) {
                final double bias = b == null ? 0 : get(b, out);
                for (int i = 0; i < c.window().outHeight(); i++) {
                    for (int j = 0; j < c.window().outWidth(); j++) {
                        set(y, at++, (float) (bias + dot(c, x, w, sample, out, i, j)));
                    }
                }
            }
        }
    }

    /** Adds dy, place by place, to what it came from. */
    static void addDataGradient(
            final Convolution c,
            final MemorySegment w,
            final MemorySegment dy,
            final MemorySegment dx) {
        long at = 0;
        for (int sample = 0; sample < c.batch(); sample++) {
            for (int out = 0; out < c.outChannels(); out++) {
                for (int i = 0; i < c.window().outHeight(); i++) {
                    for (int j = 0; j < c.window().outWidth(); j++) {
                        scatter(c, w, get(dy, at++), sample, out, i, j, dx);
                    }
                }
            }
        }
    }

    private static void scatter(
            final Convolution c,
            final MemorySegment w,
            final float slope,
            final int sample,
            final int out,
            final int i,
            final int j,
            final MemorySegment dx) {
        for (int in = 0; in < c.inPerGroup(); in++) {
            for (int u = 0; u < c.window().kernelHeight(); u++) {
                for (int v = 0; v < c.window().kernelWidth(); v++) {
                    final int row = c.window().row(i, u);
                    final int column = c.window().column(j, v);
                    if (c.window().inside(row, column)) {
                        final long to = in(c, sample, firstIn(c, out) + in, row, column);
                        set(dx, to, get(dx, to) + slope * get(w, weight(c, out, in, u, v)));
                    }
                }
            }
        }
    }

    static void addWeightGradient(
            final Convolution c,
            final MemorySegment x,
            final MemorySegment dy,
            final MemorySegment dw) {
        for (int out = 0; out < c.outChannels(); out++) {
            for (int in = 0; in < c.inPerGroup(); in++) {
                for (int u = 0; u < c.window().kernelHeight(); u++) {
                    for (int v = 0; v < c.window().kernelWidth(); v++) {
                        final long to = weight(c, out, in, u, v);
                        final double sum = overPlaces(c, x, dy, out, firstIn(c, out) + in, u, v);
                        set(dw, to, (float) (get(dw, to) + sum));
                    }
                }
            }
        }
    }

    /** The sum over samples and places of dy times the pixel that one weight meets there. */
    private static double overPlaces(
            final Convolution c,
            final MemorySegment x,
            final MemorySegment dy,
            final int out,
            final int in,
            final int u,
            final int v) {
        final int outHeight = c.window().outHeight();
        final int outWidth = c.window().outWidth();
        double sum = 0;
        for (int sample = 0; sample < c.batch(); sample++) {
            final long plane = ((long) sample * c.outChannels() + out) * outHeight * outWidth;
            for (int i = 0; i < outHeight; i++) {
                for (int j = 0; j < outWidth; j++) {
                    final int row = c.window().row(i, u);
                    final int column = c.window().column(j, v);
                    if (c.window().inside(row, column)) {
                        final double slope = get(dy, plane + (long) i * outWidth + j);
                        sum += slope * get(x, in(c, sample, in, row, column));
                    }
                }
            }
        }
        return sum;
    }
}

package greenwave.kernels.cpu;

import static greenwave.kernels.cpu.ReferenceKernels.get;
import static greenwave.kernels.cpu.ReferenceKernels.set;

import greenwave.kernels.Buffer;
import greenwave.kernels.NormKernels;

import java.lang.foreign.MemorySegment;

/** Plain loops, channel by channel; sums are taken in f64. */
interface ReferenceNorms extends NormKernels {
    @Override
    default void channelMoments(
            final Buffer x,
            final Buffer mean,
            final Buffer variance,
            final int outer,
            final int channels,
            final int inner) {
        final MemorySegment xs = x.segment();
        final double count = (double) outer * inner;
        for (int c = 0; c < channels; c++) {
            double sum = 0;
            for (int o = 0; o < outer; o++) {
                final long at = ((long) o * channels + c) * inner;
                for (int i = 0; i < inner; i++) {
                    sum += get(xs, at + i);
                }
            }
            final double centre = sum / count;
            double squares = 0;
            for (int o = 0; o < outer; o++) {
                final long at = ((long) o * channels + c) * inner;
                for (int i = 0; i < inner; i++) {
                    final double distance = get(xs, at + i) - centre;
                    squares += distance * distance;
                }
            }
            set(mean.segment(), c, (float) centre);
            set(variance.segment(), c, (float) (squares / count));
        }
    }

    @Override
    default void standardise(
            final Buffer x,
            final Buffer mean,
            final Buffer variance,
            final float eps,
            final Buffer y,
            final int outer,
            final int channels,
            final int inner) {
        final MemorySegment xs = x.segment();
        final MemorySegment ys = y.segment();
        for (int c = 0; c < channels; c++) {
            final float centre = get(mean.segment(), c);
            final float factor = (float) (1 / Math.sqrt((double) get(variance.segment(), c) + eps));
            for (int o = 0; o < outer; o++) {
                final long at = ((long) o * channels + c) * inner;
                for (int i = 0; i < inner; i++) {
                    set(ys, at + i, (get(xs, at + i) - centre) * factor);
                }
            }
        }
    }

    @Override
    default void addStandardiseGradient(
            final Buffer variance,
            final float eps,
            final Buffer y,
            final Buffer dy,
            final Buffer dx,
            final int outer,
            final int channels,
            final int inner) {
        final MemorySegment ys = y.segment();
        final MemorySegment dys = dy.segment();
        final MemorySegment dxs = dx.segment();
        final double count = (double) outer * inner;
        for (int c = 0; c < channels; c++) {
            double sum = 0;
            double dot = 0;
            for (int o = 0; o < outer; o++) {
                final long at = ((long) o * channels + c) * inner;
                for (int i = 0; i < inner; i++) {
                    final double slope = get(dys, at + i);
                    sum += slope;
                    dot += slope * get(ys, at + i);
                }
            }
            final double factor = 1 / Math.sqrt((double) get(variance.segment(), c) + eps);
            for (int o = 0; o < outer; o++) {
                final long at = ((long) o * channels + c) * inner;
                for (int i = 0; i < inner; i++) {
                    final double along = get(ys, at + i) * (dot / count);
                    final double term = factor * (get(dys, at + i) - sum / count - along);
                    set(dxs, at + i, (float) (get(dxs, at + i) + term));
                }
            }
        }
    }

    @Override
    default void channelAffine(
            final Buffer x,
            final Buffer scale,
            final Buffer shift,
            final Buffer y,
            final int outer,
            final int channels,
            final int inner) {
        final MemorySegment xs = x.segment();
        final MemorySegment ys = y.segment();
        for (int block = 0; block < outer * channels; block++) {
            final float factor = get(scale.segment(), block % channels);
            final float term = get(shift.segment(), block % channels);
            final long at = (long) block * inner;
            for (int i = 0; i < inner; i++) {
                set(ys, at + i, get(xs, at + i) * factor + term);
            }
        }
    }

    @Override
    default void addChannelScaled(
            final Buffer dy,
            final Buffer scale,
            final Buffer dx,
            final int outer,
            final int channels,
            final int inner) {
        final MemorySegment dys = dy.segment();
        final MemorySegment dxs = dx.segment();
        for (int block = 0; block < outer * channels; block++) {
            final float factor = get(scale.segment(), block % channels);
            final long at = (long) block * inner;
            for (int i = 0; i < inner; i++) {
                set(dxs, at + i, get(dxs, at + i) + get(dys, at + i) * factor);
            }
        }
    }

    @Override
    default void addChannelDots(
            final Buffer x,
            final Buffer y,
            final Buffer s,
            final int outer,
            final int channels,
            final int inner) {
        final MemorySegment xs = x.segment();
        final MemorySegment ys = y.segment();
        for (int c = 0; c < channels; c++) {
            double dot = 0;
            for (int o = 0; o < outer; o++) {
                final long at = ((long) o * channels + c) * inner;
                for (int i = 0; i < inner; i++) {
                    dot += (double) get(xs, at + i) * get(ys, at + i);
                }
            }
            set(s.segment(), c, (float) (get(s.segment(), c) + dot));
        }
    }
}

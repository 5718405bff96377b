package greenwave.kernels.cpu;

import static greenwave.kernels.cpu.ReferenceKernels.get;
import static greenwave.kernels.cpu.ReferenceKernels.set;

import greenwave.kernels.Buffer;
import greenwave.kernels.View;
import greenwave.kernels.ViewKernels;

import java.lang.foreign.MemorySegment;

/** Plain loops that compute the place of each element anew. */
interface ReferenceViews extends ViewKernels {
    @Override
    default void copyView(final Buffer x, final View from, final Buffer y, final View to) {
        final MemorySegment xs = x.segment();
        final MemorySegment ys = y.segment();
        final long n = from.size();
        for (long i = 0; i < n; i++) {
            set(ys, to.at(i), get(xs, from.at(i)));
        }
    }

    @Override
    default void addView(
            final float alpha, final Buffer x, final View from, final Buffer y, final View to) {
        final MemorySegment xs = x.segment();
        final MemorySegment ys = y.segment();
        final long n = from.size();
        for (long i = 0; i < n; i++) {
            final long at = to.at(i);
            set(ys, at, get(ys, at) + alpha * get(xs, from.at(i)));
        }
    }

    @Override
    default void addSums(
            final Buffer x, final View view, final int kept, final float scale, final Buffer y) {
        final MemorySegment xs = x.segment();
        final MemorySegment ys = y.segment();
        final long sums = y.length();
        final long terms = view.size() / sums;
        for (long i = 0; i < sums; i++) {
            double sum = 0;
            for (long j = 0; j < terms; j++) {
                sum += get(xs, view.at(i * terms + j));
            }
            set(ys, i, (float) (get(ys, i) + scale * sum));
        }
    }
}

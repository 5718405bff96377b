package greenwave.kernels.cpu;

import static greenwave.kernels.cpu.ReferenceKernels.get;
import static greenwave.kernels.cpu.ReferenceKernels.set;
import static greenwave.kernels.cpu.ReferenceKernels.size;

import greenwave.kernels.Buffer;
import greenwave.kernels.Kernels;

import java.lang.foreign.MemorySegment;

/** Plain loops of the part of {@link Kernels} about sums, products, ReLU and the Huber loss, element by element. */
interface ReferenceArithmetic extends Kernels {
    // What an element becomes, for the vectors' tails as well.

    static float affine(final float x, final float scale, final float shift) {
        return scale * x + shift;
    }

    static float clamp(final float x, final float low, final float high) {
        return Math.min(Math.max(x, low), high);
    }

    /** {@return the Huber loss of a difference} */
    static float huber(final float difference, final float beta) {
        final float distance = Math.abs(difference);
        return distance < beta ? 0.5f * distance * distance / beta : distance - 0.5f * beta;
    }

    static float wherePositive(final float x, final float slope) {
        return x > 0 ? slope : 0;
    }

    static float lerp(final float x, final float t, final float y) {
        return t * x + (1 - t) * y;
    }

    @Override
    default void fill(final Buffer y, final float value) {
        final MemorySegment ys = y.segment();
        final int n = size(y);
        for (int i = 0; i < n; i++) {
            set(ys, i, value);
        }
    }

    @Override
    default void copy(final Buffer x, final Buffer y) {
        y.segment().copyFrom(x.segment());
    }

    @Override
    default void add(final Buffer a, final Buffer b, final Buffer y) {
        final MemorySegment as = a.segment();
        final MemorySegment bs = b.segment();
        final MemorySegment ys = y.segment();
        final int n = size(y);
        for (int i = 0; i < n; i++) {
            set(ys, i, get(as, i) + get(bs, i));
        }
    }

    @Override
    default void sub(final Buffer a, final Buffer b, final Buffer y) {
        final MemorySegment as = a.segment();
        final MemorySegment bs = b.segment();
        final MemorySegment ys = y.segment();
        final int n = size(y);
        for (int i = 0; i < n; i++) {
            set(ys, i, get(as, i) - get(bs, i));
        }
    }

    @Override
    default void mul(final Buffer a, final Buffer b, final Buffer y) {
        final MemorySegment as = a.segment();
        final MemorySegment bs = b.segment();
        final MemorySegment ys = y.segment();
        final int n = size(y);
        for (int i = 0; i < n; i++) {
            set(ys, i, get(as, i) * get(bs, i));
        }
    }

    @Override
    default void affine(final Buffer x, final float scale, final float shift, final Buffer y) {
        final MemorySegment xs = x.segment();
        final MemorySegment ys = y.segment();
        final int n = size(y);
        for (int i = 0; i < n; i++) {
            set(ys, i, affine(get(xs, i), scale, shift));
        }
    }

    @Override
    default void relu(final Buffer x, final Buffer y) {
        final MemorySegment xs = x.segment();
        final MemorySegment ys = y.segment();
        final int n = size(y);
        for (int i = 0; i < n; i++) {
            set(ys, i, Math.max(get(xs, i), 0f));
        }
    }

    @Override
    default void clamp(final Buffer x, final float low, final float high, final Buffer y) {
        final MemorySegment xs = x.segment();
        final MemorySegment ys = y.segment();
        final int n = size(y);
        for (int i = 0; i < n; i++) {
            set(ys, i, clamp(get(xs, i), low, high));
        }
    }

    @Override
    default void addScaled(final float alpha, final Buffer x, final Buffer y) {
        final MemorySegment xs = x.segment();
        final MemorySegment ys = y.segment();
        final int n = size(y);
        for (int i = 0; i < n; i++) {
            set(ys, i, get(ys, i) + alpha * get(xs, i));
        }
    }

    @Override
    default void addProduct(final Buffer a, final Buffer b, final Buffer y) {
        final MemorySegment as = a.segment();
        final MemorySegment bs = b.segment();
        final MemorySegment ys = y.segment();
        final int n = size(y);
        for (int i = 0; i < n; i++) {
            set(ys, i, get(ys, i) + get(as, i) * get(bs, i));
        }
    }

    @Override
    default void addScalar(final float alpha, final Buffer s, final Buffer y) {
        final MemorySegment ys = y.segment();
        final float term = alpha * get(s.segment(), 0);
        final int n = size(y);
        for (int i = 0; i < n; i++) {
            set(ys, i, get(ys, i) + term);
        }
    }

    @Override
    default void addReluGradient(final Buffer x, final Buffer dy, final Buffer dx) {
        final MemorySegment xs = x.segment();
        final MemorySegment dys = dy.segment();
        final MemorySegment dxs = dx.segment();
        final int n = size(dx);
        for (int i = 0; i < n; i++) {
            final float slope = get(dys, i);
            set(dxs, i, get(dxs, i) + wherePositive(get(xs, i), slope));
        }
    }

    @Override
    default void maskByPositive(final Buffer y, final Buffer dy) {
        final MemorySegment ys = y.segment();
        final MemorySegment dys = dy.segment();
        final int n = size(dy);
        for (int i = 0; i < n; i++) {
            final float slope = get(dys, i);
            set(dys, i, wherePositive(get(ys, i), slope));
        }
    }

    @Override
    default void huber(final Buffer a, final Buffer b, final float beta, final Buffer y) {
        final MemorySegment as = a.segment();
        final MemorySegment bs = b.segment();
        final MemorySegment ys = y.segment();
        final int n = size(y);
        for (int i = 0; i < n; i++) {
            set(ys, i, huber(get(as, i) - get(bs, i), beta));
        }
    }

    @Override
    default void addHuberGradient(
            final Buffer a,
            final Buffer b,
            final float beta,
            final float scale,
            final Buffer dy,
            final Buffer dx) {
        final MemorySegment as = a.segment();
        final MemorySegment bs = b.segment();
        final MemorySegment dys = dy.segment();
        final MemorySegment dxs = dx.segment();
        final int n = size(dx);
        for (int i = 0; i < n; i++) {
            final float slope = clamp((get(as, i) - get(bs, i)) / beta, -1f, 1f);
            set(dxs, i, get(dxs, i) + scale * get(dys, i) * slope);
        }
    }

    @Override
    default void lerp(final Buffer x, final float t, final Buffer y) {
        final MemorySegment xs = x.segment();
        final MemorySegment ys = y.segment();
        final int n = size(y);
        for (int i = 0; i < n; i++) {
            set(ys, i, lerp(get(xs, i), t, get(ys, i)));
        }
    }
}

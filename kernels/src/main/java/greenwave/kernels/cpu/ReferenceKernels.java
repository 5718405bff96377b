package greenwave.kernels.cpu;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import greenwave.kernels.AdamWRule;
import greenwave.kernels.Buffer;
import greenwave.kernels.Kernels;

import java.lang.foreign.MemorySegment;
import java.util.Objects;

/** The contract as plain loops: what every faster implementation is compared with. Sums are taken in f64. */
class ReferenceKernels
        implements Kernels,
                ReferenceElementwise,
                ReferenceViews,
                ReferenceRows,
                ReferenceNorms,
                ReferenceRandom,
                ReferenceImages {
    static float get(final MemorySegment x, final long i) {
        return x.getAtIndex(JAVA_FLOAT, i);
    }

    static void set(final MemorySegment x, final long i, final float value) {
        x.setAtIndex(JAVA_FLOAT, i, value);
    }

    /**
     * Loops here are small, with an int index, their limit in a local and no access in a branch: only then does C2 hoist
     * the bounds checks for good. Others trap and are compiled again a hundred times before it gives up, half a minute
     * at a twentieth of the speed.
     */
    static int size(final Buffer x) {
        return Math.toIntExact(x.length());
    }

    @Override
    public void fill(final Buffer y, final float value) {
        final MemorySegment ys = y.segment();
        final int n = size(y);
        for (int i = 0; i < n; i++) {
            set(ys, i, value);
        }
    }

    @Override
    public void copy(final Buffer x, final Buffer y) {
        y.segment().copyFrom(x.segment());
    }

    @Override
    public void gemm(
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
        for (int i = 0; i < m; i++) {
            for (int j = 0; j < n; j++) {
                double dot = 0;
                for (int l = 0; l < k; l++) {
                    final double left = get(as, i * aRow + l * aCol);
                    dot += left * get(bs, l * bRow + j * bCol);
                }
                final long at = (long) i * n + j;
                set(cs, at, (float) (alpha * dot + (beta == 0 ? 0 : beta * (double) get(cs, at))));
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
        for (int r = 0; r < rows; r++) {
            MemorySegment.copy(
                    b.segment(),
                    0,
                    y.segment(),
                    (long) r * out * Float.BYTES,
                    b.segment().byteSize());
        }
        gemm(false, true, rows, out, in, 1, x, w, 1, y);
    }

    @Override
    public void linearRelu(
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
    public void add(final Buffer a, final Buffer b, final Buffer y) {
        final MemorySegment as = a.segment();
        final MemorySegment bs = b.segment();
        final MemorySegment ys = y.segment();
        final int n = size(y);
        for (int i = 0; i < n; i++) {
            set(ys, i, get(as, i) + get(bs, i));
        }
    }

    @Override
    public void sub(final Buffer a, final Buffer b, final Buffer y) {
        final MemorySegment as = a.segment();
        final MemorySegment bs = b.segment();
        final MemorySegment ys = y.segment();
        final int n = size(y);
        for (int i = 0; i < n; i++) {
            set(ys, i, get(as, i) - get(bs, i));
        }
    }

    @Override
    public void mul(final Buffer a, final Buffer b, final Buffer y) {
        final MemorySegment as = a.segment();
        final MemorySegment bs = b.segment();
        final MemorySegment ys = y.segment();
        final int n = size(y);
        for (int i = 0; i < n; i++) {
            set(ys, i, get(as, i) * get(bs, i));
        }
    }

    @Override
    public void affine(final Buffer x, final float scale, final float shift, final Buffer y) {
        final MemorySegment xs = x.segment();
        final MemorySegment ys = y.segment();
        final int n = size(y);
        for (int i = 0; i < n; i++) {
            set(ys, i, scale * get(xs, i) + shift);
        }
    }

    @Override
    public void relu(final Buffer x, final Buffer y) {
        final MemorySegment xs = x.segment();
        final MemorySegment ys = y.segment();
        final int n = size(y);
        for (int i = 0; i < n; i++) {
            set(ys, i, Math.max(get(xs, i), 0f));
        }
    }

    @Override
    public void clamp(final Buffer x, final float low, final float high, final Buffer y) {
        final MemorySegment xs = x.segment();
        final MemorySegment ys = y.segment();
        final int n = size(y);
        for (int i = 0; i < n; i++) {
            set(ys, i, Math.min(Math.max(get(xs, i), low), high));
        }
    }

    @Override
    public void addScaled(final float alpha, final Buffer x, final Buffer y) {
        final MemorySegment xs = x.segment();
        final MemorySegment ys = y.segment();
        final int n = size(y);
        for (int i = 0; i < n; i++) {
            set(ys, i, get(ys, i) + alpha * get(xs, i));
        }
    }

    @Override
    public void addProduct(final Buffer a, final Buffer b, final Buffer y) {
        final MemorySegment as = a.segment();
        final MemorySegment bs = b.segment();
        final MemorySegment ys = y.segment();
        final int n = size(y);
        for (int i = 0; i < n; i++) {
            set(ys, i, get(ys, i) + get(as, i) * get(bs, i));
        }
    }

    @Override
    public void addScalar(final float alpha, final Buffer s, final Buffer y) {
        final MemorySegment ys = y.segment();
        final float term = alpha * get(s.segment(), 0);
        final int n = size(y);
        for (int i = 0; i < n; i++) {
            set(ys, i, get(ys, i) + term);
        }
    }

    @Override
    public void addColumnSums(final Buffer x, final Buffer y, final int rows, final int cols) {
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
    public void addReluGradient(final Buffer x, final Buffer dy, final Buffer dx) {
        final MemorySegment xs = x.segment();
        final MemorySegment dys = dy.segment();
        final MemorySegment dxs = dx.segment();
        final int n = size(dx);
        for (int i = 0; i < n; i++) {
            final float slope = get(dys, i);
            set(dxs, i, get(dxs, i) + (get(xs, i) > 0 ? slope : 0));
        }
    }

    @Override
    public void maskByPositive(final Buffer y, final Buffer dy) {
        final MemorySegment ys = y.segment();
        final MemorySegment dys = dy.segment();
        final int n = size(dy);
        for (int i = 0; i < n; i++) {
            final float slope = get(dys, i);
            set(dys, i, get(ys, i) > 0 ? slope : 0);
        }
    }

    @Override
    public void sum(final Buffer x, final float scale, final Buffer y) {
        final MemorySegment xs = x.segment();
        double sum = 0;
        final int n = size(x);
        for (int i = 0; i < n; i++) {
            sum += get(xs, i);
        }
        set(y.segment(), 0, (float) (scale * sum));
    }

    private static long cell(final MemorySegment index, final int row, final int cols) {
        return (long) row * cols + Objects.checkIndex(index.getAtIndex(JAVA_INT, row), cols);
    }

    @Override
    public void gather(
            final Buffer x, final Buffer index, final Buffer y, final int rows, final int cols) {
        for (int r = 0; r < rows; r++) {
            set(y.segment(), r, get(x.segment(), cell(index.segment(), r, cols)));
        }
    }

    @Override
    public void addScatter(
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
    public void rowMax(
            final Buffer x, final Buffer legal, final Buffer y, final int rows, final int cols) {
        for (int r = 0; r < rows; r++) {
            final int best = best(x.segment(), segmentOrNull(legal), r, cols);
            set(y.segment(), r, best < 0 ? 0 : get(x.segment(), (long) r * cols + best));
        }
    }

    @Override
    public void rowArgMax(
            final Buffer x, final Buffer legal, final Buffer y, final int rows, final int cols) {
        for (int r = 0; r < rows; r++) {
            final int best = best(x.segment(), segmentOrNull(legal), r, cols);
            y.segment().setAtIndex(JAVA_INT, r, Math.max(best, 0));
        }
    }

    @Override
    public void addRowMaxGradient(
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
    public void huber(final Buffer a, final Buffer b, final float beta, final Buffer y) {
        final MemorySegment as = a.segment();
        final MemorySegment bs = b.segment();
        final MemorySegment ys = y.segment();
        final int n = size(y);
        for (int i = 0; i < n; i++) {
            final float distance = Math.abs(get(as, i) - get(bs, i));
            set(
                    ys,
                    i,
                    distance < beta ? 0.5f * distance * distance / beta : distance - 0.5f * beta);
        }
    }

    @Override
    public void addHuberGradient(
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
            final float slope = Math.min(Math.max((get(as, i) - get(bs, i)) / beta, -1f), 1f);
            set(dxs, i, get(dxs, i) + scale * get(dys, i) * slope);
        }
    }

    @Override
    public void gatherRows(
            final Buffer x, final Buffer index, final Buffer y, final int rows, final int width) {
        final long bytes = (long) width * x.dtype().bytes();
        final long available = x.length() / width;
        for (int r = 0; r < rows; r++) {
            final long from =
                    Objects.checkIndex(index.segment().getAtIndex(JAVA_INT, r), available);
            MemorySegment.copy(x.segment(), from * bytes, y.segment(), r * bytes, bytes);
        }
    }

    @Override
    public void lerp(final Buffer x, final float t, final Buffer y) {
        final MemorySegment xs = x.segment();
        final MemorySegment ys = y.segment();
        final int n = size(y);
        for (int i = 0; i < n; i++) {
            set(ys, i, t * get(xs, i) + (1 - t) * get(ys, i));
        }
    }

    @Override
    public void adamW(
            final AdamWRule rule,
            final Buffer w,
            final Buffer g,
            final Buffer m,
            final Buffer v,
            final Buffer vMax,
            final Buffer target,
            final Buffer step,
            final Buffer rate) {
        if (rule.limit() < Float.POSITIVE_INFINITY) {
            clamp(g, -rule.limit(), rule.limit(), g);
        }
        AdamWLoops.step(rule, count(step), get(rate.segment(), 0), w, g, m, v, vMax);
        if (target != null) {
            lerp(w, rule.tau(), target);
        }
    }

    /** {@return the number of steps with this one, which it counts} */
    static int count(final Buffer step) {
        final int steps = step.segment().get(JAVA_INT, 0) + 1;
        step.segment().set(JAVA_INT, 0, steps);
        return steps;
    }

    @Override
    public void clipNorm(final Buffer x, final float limit, final Buffer norm) {
        OptimizerLoops.clipNorm(x, limit, norm);
    }

    @Override
    public void sgd(
            final Buffer w,
            final Buffer g,
            final Buffer velocity,
            final Buffer rate,
            final float momentum,
            final boolean nesterov,
            final float decay) {
        OptimizerLoops.sgd(w, g, velocity, rate, momentum, nesterov, decay);
    }

    @Override
    public void rmsProp(
            final Buffer w,
            final Buffer g,
            final Buffer squares,
            final Buffer mean,
            final Buffer velocity,
            final Buffer rate,
            final double alpha,
            final float eps,
            final float momentum,
            final float decay) {
        OptimizerLoops.rmsProp(w, g, squares, mean, velocity, rate, alpha, eps, momentum, decay);
    }
}

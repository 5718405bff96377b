package greenwave.kernels.cpu;

import static greenwave.kernels.cpu.ReferenceKernels.get;
import static greenwave.kernels.cpu.ReferenceKernels.set;
import static greenwave.kernels.cpu.ReferenceKernels.size;

import greenwave.kernels.Buffer;

import java.lang.foreign.MemorySegment;

/** The optimizers beside AdamW, and what keeps gradients small, as plain loops. */
final class OptimizerLoops {
    private static final double NORM_EPS = 1e-6; // of torch.nn.utils.clip_grad_norm_

    private OptimizerLoops() {}

    static void clipNorm(final Buffer x, final float limit, final Buffer norm) {
        final MemorySegment xs = x.segment();
        final int n = size(x);
        double squares = 0;
        for (int i = 0; i < n; i++) {
            final double value = get(xs, i);
            squares += value * value;
        }
        final double before = Math.sqrt(squares);
        set(norm.segment(), 0, (float) before);
        final float scale = (float) Math.min(1, limit / (before + NORM_EPS)); // NaN spreads
        for (int i = 0; i < n; i++) {
            set(xs, i, scale * get(xs, i));
        }
    }

    static void sgd(
            final Buffer w,
            final Buffer g,
            final Buffer velocity,
            final Buffer rate,
            final float momentum,
            final boolean nesterov,
            final float decay) {
        final MemorySegment ws = w.segment();
        final MemorySegment gs = g.segment();
        final MemorySegment vs = velocity == null ? null : velocity.segment();
        final float lr = get(rate.segment(), 0);
        final int n = size(w);
        for (int i = 0; i < n; i++) {
            final float weight = get(ws, i);
            final float slope = get(gs, i) + decay * weight;
            float step = slope;
            if (vs != null) {
                final float moved = momentum * get(vs, i) + slope;
                set(vs, i, moved);
                step = nesterov ? slope + momentum * moved : moved;
            }
            set(ws, i, weight - lr * step);
        }
    }

    static void rmsProp(
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
        final MemorySegment ws = w.segment();
        final MemorySegment gs = g.segment();
        final MemorySegment ss = squares.segment();
        final MemorySegment ms = mean == null ? null : mean.segment();
        final MemorySegment vs = velocity == null ? null : velocity.segment();
        final float lr = get(rate.segment(), 0);
        final float keep = (float) alpha;
        final float rest = (float) (1 - alpha);
        final int n = size(w);
        for (int i = 0; i < n; i++) {
            final float weight = get(ws, i);
            final float slope = get(gs, i) + decay * weight;
            final float square = keep * get(ss, i) + rest * slope * slope;
            set(ss, i, square);
            float variance = square;
            if (ms != null) {
                final float average = keep * get(ms, i) + rest * slope;
                set(ms, i, average);
                variance = Math.max(square - average * average, 0); // rounding may pass 0
            }
            float step = slope / ((float) Math.sqrt(variance) + eps);
            if (vs != null) {
                step += momentum * get(vs, i);
                set(vs, i, step);
            }
            set(ws, i, weight - lr * step);
        }
    }
}

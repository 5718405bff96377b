package greenwave.kernels.cpu;

import static greenwave.kernels.cpu.ReferenceKernels.get;
import static greenwave.kernels.cpu.ReferenceKernels.set;

import greenwave.kernels.Buffer;
import greenwave.kernels.DistributionKernels;

import java.lang.foreign.MemorySegment;

/** Plain loops; sums are taken in f64. */
interface ReferenceDistributions extends DistributionKernels {
    @Override
    default void projectCategorical(
            final Buffer p,
            final Buffer reward,
            final Buffer discount,
            final float low,
            final float high,
            final Buffer y,
            final int rows,
            final int atoms) {
        final MemorySegment ps = p.segment();
        final MemorySegment ys = y.segment();
        final double gap = ((double) high - low) / (atoms - 1);
        for (int r = 0; r < rows; r++) {
            final long row = (long) r * atoms;
            final double earned = get(reward.segment(), r);
            final double kept = get(discount.segment(), r);
            for (int c = 0; c < atoms; c++) {
                set(ys, row + c, 0);
            }
            for (int c = 0; c < atoms; c++) {
                final double moved = earned + kept * (low + c * gap);
                final double at = (Math.min(Math.max(moved, low), high) - low) / gap;
                final int below = Math.min((int) at, atoms - 2);
                final double upper = at - below; // the share of the atom above
                final double mass = get(ps, row + c);
                set(ys, row + below, (float) (get(ys, row + below) + mass * (1 - upper)));
                set(ys, row + below + 1, (float) (get(ys, row + below + 1) + mass * upper));
            }
        }
    }

    @Override
    default void quantileHuber(
            final Buffer x,
            final Buffer goal,
            final float kappa,
            final Buffer y,
            final int rows,
            final int n,
            final int m) {
        for (int r = 0; r < rows; r++) {
            double sum = 0;
            for (int i = 0; i < n; i++) {
                final double quantile = get(x.segment(), (long) r * n + i);
                final double level = (2 * i + 1) / (2.0 * n);
                for (int j = 0; j < m; j++) {
                    final double u = get(goal.segment(), (long) r * m + j) - quantile;
                    final double near = Math.min(Math.max(u, -kappa), kappa);
                    // u²/2 where near is u, else kappa · (|u| - kappa/2)
                    sum += (u < 0 ? 1 - level : level) * near * (u - near / 2);
                }
            }
            set(y.segment(), r, (float) (sum / ((double) kappa * m)));
        }
    }

    @Override
    default void addQuantileHuberGradient(
            final Buffer x,
            final Buffer goal,
            final float kappa,
            final Buffer dy,
            final Buffer dx,
            final int rows,
            final int n,
            final int m) {
        for (int r = 0; r < rows; r++) {
            final double slope = get(dy.segment(), r) / ((double) kappa * m);
            for (int i = 0; i < n; i++) {
                final long at = (long) r * n + i;
                final double quantile = get(x.segment(), at);
                final double level = (2 * i + 1) / (2.0 * n);
                double sum = 0;
                for (int j = 0; j < m; j++) {
                    final double u = get(goal.segment(), (long) r * m + j) - quantile;
                    sum += (u < 0 ? 1 - level : level) * Math.min(Math.max(u, -kappa), kappa);
                }
                set(dx.segment(), at, (float) (get(dx.segment(), at) - slope * sum));
            }
        }
    }
}

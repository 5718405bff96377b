package greenwave.kernels;

import static greenwave.kernels.CheckedKernels.alone;
import static greenwave.kernels.CheckedKernels.area;
import static greenwave.kernels.CheckedKernels.f32;
import static greenwave.kernels.CheckedKernels.positive;

/** {@link DistributionKernels}, guarded. */
interface CheckedDistributions extends DistributionKernels {
    /** {@return what computes once the arguments are found good} */
    Kernels guarded();

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
        if (atoms < 2 || !(low < high)) {
            throw new IllegalArgumentException(
                    "projectCategorical: atoms=%d, low=%s, high=%s, expected at least 2 atoms, low < high"
                            .formatted(atoms, low, high));
        }
        f32("projectCategorical", "p", p, area("projectCategorical", rows, atoms));
        f32("projectCategorical", "reward", reward, rows);
        f32("projectCategorical", "discount", discount, rows);
        f32("projectCategorical", "y", y, p.length());
        alone("projectCategorical", "y", y, p, reward, discount);
        guarded().projectCategorical(p, reward, discount, low, high, y, rows, atoms);
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
        positive("quantileHuber", "kappa", kappa);
        f32("quantileHuber", "x", x, area("quantileHuber", rows, n));
        f32("quantileHuber", "goal", goal, area("quantileHuber", rows, m));
        f32("quantileHuber", "y", y, rows);
        alone("quantileHuber", "y", y, x, goal);
        guarded().quantileHuber(x, goal, kappa, y, rows, n, m);
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
        positive("addQuantileHuberGradient", "kappa", kappa);
        f32("addQuantileHuberGradient", "x", x, area("addQuantileHuberGradient", rows, n));
        f32("addQuantileHuberGradient", "goal", goal, area("addQuantileHuberGradient", rows, m));
        f32("addQuantileHuberGradient", "dy", dy, rows);
        f32("addQuantileHuberGradient", "dx", dx, x.length());
        alone("addQuantileHuberGradient", "dx", dx, x, goal, dy);
        guarded().addQuantileHuberGradient(x, goal, kappa, dy, dx, rows, n, m);
    }
}

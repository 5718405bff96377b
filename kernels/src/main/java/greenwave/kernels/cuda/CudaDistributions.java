package greenwave.kernels.cuda;

import greenwave.kernels.Buffer;
import greenwave.kernels.DistributionKernels;

/** A block per row, a thread per atom or quantile. */
interface CudaDistributions extends DistributionKernels {
    /** {@return what queues the kernels} */
    KernelLauncher launcher();

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
        final CudaLaunch launch = launcher().of(KernelName.PROJECT_CATEGORICAL);
        launch.arg(p).arg(reward).arg(discount).arg(low).arg(high).arg(y).arg(rows).arg(atoms);
        launch.grid(KernelLauncher.blocks(rows), CudaRows.ROW_THREADS).run();
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
        final CudaLaunch launch = launcher().of(KernelName.QUANTILE_HUBER).arg(x).arg(goal);
        launch.arg(kappa).arg(y).arg(rows).arg(n).arg(m);
        launch.grid(KernelLauncher.blocks(rows), CudaRows.ROW_THREADS).run();
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
        final CudaLaunch launch = launcher().of(KernelName.ADD_QUANTILE_HUBER_GRADIENT);
        launch.arg(x).arg(goal).arg(kappa).arg(dy).arg(dx).arg(n).arg(m);
        launch.arg(dx.length()).elements(dx.length()).run();
    }
}

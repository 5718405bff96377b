package greenwave.kernels.cuda;

import greenwave.kernels.Buffer;
import greenwave.kernels.RowKernels;

/** A warp per row; sums of a row are taken in f64. Indices out of range are treated as in {@link CudaChoices}. */
interface CudaRows extends RowKernels {
    /** Threads of a warp. */
    int LANES = 32;

    /** Threads of a block that works on a row. */
    int ROW_THREADS = 128;

    /** {@return what queues the kernels} */
    KernelLauncher launcher();

    private void queue(final CudaLaunch launch, final int rows, final int cols) {
        launch.arg(cols).arg((long) rows).elements(rows * (long) LANES).run();
    }

    @Override
    default void softmax(
            final boolean log, final Buffer x, final Buffer y, final int rows, final int cols) {
        queue(launcher().of(KernelName.SOFTMAX).arg(log ? 1 : 0).arg(x).arg(y), rows, cols);
    }

    @Override
    default void addSoftmaxGradient(
            final boolean log,
            final Buffer y,
            final Buffer dy,
            final Buffer dx,
            final int rows,
            final int cols) {
        final CudaLaunch launch = launcher().of(KernelName.ADD_SOFTMAX_GRADIENT);
        queue(launch.arg(log ? 1 : 0).arg(y).arg(dy).arg(dx), rows, cols);
    }

    @Override
    default void addEvenRowMaxGradient(
            final Buffer x,
            final Buffer y,
            final Buffer dy,
            final Buffer dx,
            final int rows,
            final int cols) {
        final CudaLaunch launch = launcher().of(KernelName.ADD_EVEN_ROW_MAX_GRADIENT);
        queue(launch.arg(x).arg(y).arg(dy).arg(dx), rows, cols);
    }

    @Override
    default void addScatterRows(
            final Buffer y, final Buffer index, final Buffer x, final int rows, final int width) {
        final CudaLaunch launch = launcher().of(KernelName.ADD_SCATTER_ROWS).arg(y).arg(index);
        launch.arg(x).arg(x.length() / width).arg(width).arg(rows);
        launch.grid(KernelLauncher.blocks(rows), ROW_THREADS).run();
    }

    @Override
    default void flatIndex(final Buffer index, final Buffer y, final int rows, final int cols) {
        final CudaLaunch launch = launcher().of(KernelName.FLAT_INDEX).arg(index).arg(y);
        launch.arg(cols).arg((long) rows).elements(rows).run();
    }
}

package greenwave.kernels.cuda;

import greenwave.kernels.Buffer;
import greenwave.kernels.DType;
import greenwave.kernels.Kernels;

/**
 * The part of {@link Kernels} about picking of elements and rows, and the best of a row. An index out of range reads and
 * writes nothing: what it would have read is NaN, or -1 where elements are no floats.
 */
interface CudaChoices extends Kernels {
    /** {@return what queues the kernels} */
    KernelLauncher launcher();

    private void queueRows(final CudaLaunch launch, final int rows, final int cols) {
        launch.arg(cols).arg((long) rows).elements(rows).run();
    }

    private void queueWarps(final CudaLaunch launch, final int rows, final int cols) {
        launch.arg(cols).arg((long) rows).elements(rows * (long) CudaRows.LANES).run();
    }

    @Override
    default void gather(
            final Buffer x, final Buffer index, final Buffer y, final int rows, final int cols) {
        queueRows(launcher().of(KernelName.GATHER).arg(x).arg(index).arg(y), rows, cols);
    }

    @Override
    default void addScatter(
            final Buffer y, final Buffer index, final Buffer x, final int rows, final int cols) {
        queueRows(launcher().of(KernelName.ADD_SCATTER).arg(y).arg(index).arg(x), rows, cols);
    }

    @Override
    default void rowMax(
            final Buffer x, final Buffer legal, final Buffer y, final int rows, final int cols) {
        queueWarps(launcher().of(KernelName.ROW_MAX).arg(x).arg(legal).arg(y), rows, cols);
    }

    @Override
    default void rowArgMax(
            final Buffer x, final Buffer legal, final Buffer y, final int rows, final int cols) {
        queueWarps(launcher().of(KernelName.ROW_ARG_MAX).arg(x).arg(legal).arg(y), rows, cols);
    }

    @Override
    default void addRowMaxGradient(
            final Buffer x,
            final Buffer legal,
            final Buffer dy,
            final Buffer dx,
            final int rows,
            final int cols) {
        final CudaLaunch launch = launcher().of(KernelName.ADD_ROW_MAX_GRADIENT);
        queueWarps(launch.arg(x).arg(legal).arg(dy).arg(dx), rows, cols);
    }

    @Override
    default void gatherRows(
            final Buffer x, final Buffer index, final Buffer y, final int rows, final int width) {
        final KernelName name =
                x.dtype() == DType.U8
                        ? KernelName.GATHER_ROWS_OF_BYTES
                        : KernelName.GATHER_ROWS_OF_WORDS;
        final CudaLaunch launch = launcher().of(name).arg(x).arg(index).arg(y);
        launch.arg(x.length() / width).arg(width).arg(y.length()).elements(y.length()).run();
    }
}

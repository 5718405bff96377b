package greenwave.kernels;

import static greenwave.kernels.CheckedKernels.alone;
import static greenwave.kernels.CheckedKernels.aloneOrOver;
import static greenwave.kernels.CheckedKernels.area;
import static greenwave.kernels.CheckedKernels.check;
import static greenwave.kernels.CheckedKernels.f32;

/** {@link RowKernels}, guarded. */
interface CheckedRows extends RowKernels {
    /** {@return what computes once the arguments are found good} */
    Kernels guarded();

    @Override
    default void softmax(
            final boolean log, final Buffer x, final Buffer y, final int rows, final int cols) {
        f32("softmax", "x", x, area("softmax", rows, cols));
        f32("softmax", "y", y, x.length());
        alone("softmax", "y", y, x);
        guarded().softmax(log, x, y, rows, cols);
    }

    @Override
    default void addSoftmaxGradient(
            final boolean log,
            final Buffer y,
            final Buffer dy,
            final Buffer dx,
            final int rows,
            final int cols) {
        f32("addSoftmaxGradient", "y", y, area("addSoftmaxGradient", rows, cols));
        f32("addSoftmaxGradient", "dy", dy, y.length());
        f32("addSoftmaxGradient", "dx", dx, y.length());
        alone("addSoftmaxGradient", "dx", dx, y, dy);
        guarded().addSoftmaxGradient(log, y, dy, dx, rows, cols);
    }

    @Override
    default void addEvenRowMaxGradient(
            final Buffer x,
            final Buffer y,
            final Buffer dy,
            final Buffer dx,
            final int rows,
            final int cols) {
        f32("addEvenRowMaxGradient", "x", x, area("addEvenRowMaxGradient", rows, cols));
        f32("addEvenRowMaxGradient", "y", y, rows);
        f32("addEvenRowMaxGradient", "dy", dy, rows);
        f32("addEvenRowMaxGradient", "dx", dx, x.length());
        alone("addEvenRowMaxGradient", "dx", dx, x, y, dy);
        guarded().addEvenRowMaxGradient(x, y, dy, dx, rows, cols);
    }

    @Override
    default void addScatterRows(
            final Buffer y, final Buffer index, final Buffer x, final int rows, final int width) {
        f32("addScatterRows", "y", y, area("addScatterRows", rows, width));
        check("addScatterRows", "index", index, DType.I32, rows);
        check("addScatterRows", "x", x, DType.F32, x.length() / width * width);
        alone("addScatterRows", "x", x, y, index);
        guarded().addScatterRows(y, index, x, rows, width);
    }

    @Override
    default void flatIndex(final Buffer index, final Buffer y, final int rows, final int cols) {
        area("flatIndex", rows, cols);
        check("flatIndex", "index", index, DType.I32, rows);
        check("flatIndex", "y", y, DType.I32, rows);
        aloneOrOver("flatIndex", "y", y, index);
        guarded().flatIndex(index, y, rows, cols);
    }
}

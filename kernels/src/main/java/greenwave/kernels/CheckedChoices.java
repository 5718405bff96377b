package greenwave.kernels;

import static greenwave.kernels.CheckedKernels.alone;
import static greenwave.kernels.CheckedKernels.area;
import static greenwave.kernels.CheckedKernels.check;
import static greenwave.kernels.CheckedKernels.f32;
import static greenwave.kernels.CheckedKernels.open;

/** The part of {@link Kernels} about picking of elements and rows, and the best of a row, guarded. */
interface CheckedChoices extends Kernels {
    /** {@return what computes once the arguments are found good} */
    Kernels guarded();

    private static void legal(final String op, final Buffer legal, final long length) {
        if (legal != null) {
            check(op, "legal", legal, DType.U8, length);
        }
    }

    private static void indexed(
            final String op,
            final Buffer x,
            final Buffer index,
            final Buffer y,
            final int rows,
            final int cols) {
        f32(op, "x", x, area(op, rows, cols));
        check(op, "index", index, DType.I32, rows);
        f32(op, "y", y, rows);
    }

    @Override
    default void gather(
            final Buffer x, final Buffer index, final Buffer y, final int rows, final int cols) {
        indexed("gather", x, index, y, rows, cols);
        alone("gather", "y", y, x, index);
        guarded().gather(x, index, y, rows, cols);
    }

    @Override
    default void addScatter(
            final Buffer y, final Buffer index, final Buffer x, final int rows, final int cols) {
        indexed("addScatter", x, index, y, rows, cols);
        alone("addScatter", "x", x, y, index);
        guarded().addScatter(y, index, x, rows, cols);
    }

    @Override
    default void rowMax(
            final Buffer x, final Buffer legal, final Buffer y, final int rows, final int cols) {
        f32("rowMax", "x", x, area("rowMax", rows, cols));
        legal("rowMax", legal, x.length());
        f32("rowMax", "y", y, rows);
        alone("rowMax", "y", y, x, legal);
        guarded().rowMax(x, legal, y, rows, cols);
    }

    @Override
    default void rowArgMax(
            final Buffer x, final Buffer legal, final Buffer y, final int rows, final int cols) {
        f32("rowArgMax", "x", x, area("rowArgMax", rows, cols));
        legal("rowArgMax", legal, x.length());
        check("rowArgMax", "y", y, DType.I32, rows);
        alone("rowArgMax", "y", y, x, legal);
        guarded().rowArgMax(x, legal, y, rows, cols);
    }

    @Override
    default void addRowMaxGradient(
            final Buffer x,
            final Buffer legal,
            final Buffer dy,
            final Buffer dx,
            final int rows,
            final int cols) {
        f32("addRowMaxGradient", "x", x, area("addRowMaxGradient", rows, cols));
        legal("addRowMaxGradient", legal, x.length());
        f32("addRowMaxGradient", "dy", dy, rows);
        f32("addRowMaxGradient", "dx", dx, x.length());
        alone("addRowMaxGradient", "dx", dx, x, legal, dy);
        guarded().addRowMaxGradient(x, legal, dy, dx, rows, cols);
    }

    @Override
    default void gatherRows(
            final Buffer x, final Buffer index, final Buffer y, final int rows, final int width) {
        open("gatherRows", "x", x);
        check("gatherRows", "y", y, x.dtype(), area("gatherRows", rows, width));
        check("gatherRows", "index", index, DType.I32, rows);
        if (x.length() % width != 0) {
            throw new IllegalArgumentException(
                    "gatherRows: x=%s[%d], width=%d, expected whole rows"
                            .formatted(x.dtype(), x.length(), width));
        }
        alone("gatherRows", "y", y, x, index);
        guarded().gatherRows(x, index, y, rows, width);
    }
}

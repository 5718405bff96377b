package greenwave.kernels;

import static greenwave.kernels.CheckedKernels.alone;
import static greenwave.kernels.CheckedKernels.f32;
import static greenwave.kernels.CheckedKernels.open;

import java.util.Arrays;

/** {@link ViewKernels}, guarded. */
interface CheckedViews extends ViewKernels {
    /** {@return what computes once the arguments are found good} */
    Kernels guarded();

    private static void within(
            final String op, final String name, final Buffer buffer, final View view) {
        open(op, name, buffer);
        if (buffer.dtype() != DType.F32 || view.offset() < 0 || view.extent() > buffer.length()) {
            throw new IllegalArgumentException(
                    "%s: %s=%s[%d], expected F32 that holds %s"
                            .formatted(op, name, buffer.dtype(), buffer.length(), view));
        }
    }

    private static void alike(
            final String op, final Buffer x, final View from, final Buffer y, final View to) {
        within(op, "x", x, from);
        within(op, "y", y, to);
        if (!Arrays.equals(from.dims(), to.dims())) {
            throw new IllegalArgumentException(
                    "%s: from=%s, to=%s, expected equal dimensions".formatted(op, from, to));
        }
    }

    @Override
    default void copyView(final Buffer x, final View from, final Buffer y, final View to) {
        alike("copyView", x, from, y, to);
        alone("copyView", "y", y, x);
        guarded().copyView(x, from, y, to);
    }

    @Override
    default void addView(
            final float alpha, final Buffer x, final View from, final Buffer y, final View to) {
        alike("addView", x, from, y, to);
        alone("addView", "y", y, x);
        guarded().addView(alpha, x, from, y, to);
    }

    @Override
    default void addSums(
            final Buffer x, final View view, final int kept, final float scale, final Buffer y) {
        within("addSums", "x", x, view);
        f32("addSums", "y", y, view.size(0, kept));
        alone("addSums", "y", y, x);
        guarded().addSums(x, view, kept, scale, y);
    }
}

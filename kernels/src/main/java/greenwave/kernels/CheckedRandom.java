package greenwave.kernels;

import static greenwave.kernels.CheckedKernels.alone;
import static greenwave.kernels.CheckedKernels.check;
import static greenwave.kernels.CheckedKernels.f32;

/** {@link RandomKernels}, guarded. */
interface CheckedRandom extends RandomKernels {
    /** {@return what computes once the arguments are found good} */
    Kernels guarded();

    @Override
    default void dropoutMask(final Buffer state, final float keep, final Buffer y) {
        check("dropoutMask", "state", state, DType.I32, 3);
        f32("dropoutMask", "y", y, y.length());
        if (!(keep > 0 && keep <= 1)) {
            throw new IllegalArgumentException(
                    "dropoutMask: keep=%s, expected in (0, 1]".formatted(keep));
        }
        alone("dropoutMask", "y", y, state);
        guarded().dropoutMask(state, keep, y);
    }

    @Override
    default void normal(final Buffer state, final Buffer y) {
        check("normal", "state", state, DType.I32, 3);
        f32("normal", "y", y, y.length());
        alone("normal", "y", y, state);
        guarded().normal(state, y);
    }
}

package greenwave.kernels;

import static greenwave.kernels.CheckedKernels.alone;
import static greenwave.kernels.CheckedKernels.f32;

/** {@link NormKernels}, guarded. */
interface CheckedNorms extends NormKernels {
    /** {@return what computes once the arguments are found good} */
    Kernels guarded();

    private static long volume(
            final String op, final int outer, final int channels, final int inner) {
        if (outer < 1 || channels < 1 || inner < 1) {
            throw new IllegalArgumentException(
                    "%s: shape=[%d, %d, %d], expected positive dimensions"
                            .formatted(op, outer, channels, inner));
        }
        return (long) outer * channels * inner;
    }

    @Override
    default void channelMoments(
            final Buffer x,
            final Buffer mean,
            final Buffer variance,
            final int outer,
            final int channels,
            final int inner) {
        f32("channelMoments", "x", x, volume("channelMoments", outer, channels, inner));
        f32("channelMoments", "mean", mean, channels);
        f32("channelMoments", "variance", variance, channels);
        alone("channelMoments", "mean", mean, x, variance);
        alone("channelMoments", "variance", variance, x);
        guarded().channelMoments(x, mean, variance, outer, channels, inner);
    }

    @Override
    default void standardise(
            final Buffer x,
            final Buffer mean,
            final Buffer variance,
            final float eps,
            final Buffer y,
            final int outer,
            final int channels,
            final int inner) {
        f32("standardise", "x", x, volume("standardise", outer, channels, inner));
        f32("standardise", "mean", mean, channels);
        f32("standardise", "variance", variance, channels);
        f32("standardise", "y", y, x.length());
        alone("standardise", "y", y, x, mean, variance);
        guarded().standardise(x, mean, variance, eps, y, outer, channels, inner);
    }

    @Override
    default void addStandardiseGradient(
            final Buffer variance,
            final float eps,
            final Buffer y,
            final Buffer dy,
            final Buffer dx,
            final int outer,
            final int channels,
            final int inner) {
        final String op = "addStandardiseGradient";
        f32(op, "variance", variance, channels);
        f32(op, "y", y, volume(op, outer, channels, inner));
        f32(op, "dy", dy, y.length());
        f32(op, "dx", dx, y.length());
        alone(op, "dx", dx, variance, y, dy);
        guarded().addStandardiseGradient(variance, eps, y, dy, dx, outer, channels, inner);
    }

    @Override
    default void channelAffine(
            final Buffer x,
            final Buffer scale,
            final Buffer shift,
            final Buffer y,
            final int outer,
            final int channels,
            final int inner) {
        f32("channelAffine", "x", x, volume("channelAffine", outer, channels, inner));
        f32("channelAffine", "scale", scale, channels);
        f32("channelAffine", "shift", shift, channels);
        f32("channelAffine", "y", y, x.length());
        alone("channelAffine", "y", y, x, scale, shift);
        guarded().channelAffine(x, scale, shift, y, outer, channels, inner);
    }

    @Override
    default void addChannelScaled(
            final Buffer dy,
            final Buffer scale,
            final Buffer dx,
            final int outer,
            final int channels,
            final int inner) {
        f32("addChannelScaled", "dy", dy, volume("addChannelScaled", outer, channels, inner));
        f32("addChannelScaled", "scale", scale, channels);
        f32("addChannelScaled", "dx", dx, dy.length());
        alone("addChannelScaled", "dx", dx, dy, scale);
        guarded().addChannelScaled(dy, scale, dx, outer, channels, inner);
    }

    @Override
    default void addChannelDots(
            final Buffer x,
            final Buffer y,
            final Buffer s,
            final int outer,
            final int channels,
            final int inner) {
        f32("addChannelDots", "x", x, volume("addChannelDots", outer, channels, inner));
        f32("addChannelDots", "y", y, x.length());
        f32("addChannelDots", "s", s, channels);
        alone("addChannelDots", "s", s, x, y);
        guarded().addChannelDots(x, y, s, outer, channels, inner);
    }
}

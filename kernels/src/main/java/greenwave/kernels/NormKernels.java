package greenwave.kernels;

/**
 * The part of {@link Kernels} that treats channels alike: x is [outer, channels, inner], and each channel has its own mean,
 * variance, scale and shift. For batch normalisation these are batch, channels and pixels; the normalisation of each row of
 * a matrix has one outer, a channel per row, and the columns inside.
 */
public interface NormKernels {
    /** Mean and biased variance of each channel; x f32 [outer, channels, inner], mean and variance [channels]. */
    void channelMoments(Buffer x, Buffer mean, Buffer variance, int outer, int channels, int inner);

    /** y = (x - mean) / sqrt(variance + eps), by channel; x and y [outer, channels, inner]. */
    void standardise(
            Buffer x,
            Buffer mean,
            Buffer variance,
            float eps,
            Buffer y,
            int outer,
            int channels,
            int inner);

    /**
     * dx += the gradient of {@link #standardise} by x, the flow through {@link #channelMoments} included: (dy - mean of dy - y · mean
     * of dy · y) / sqrt(variance + eps), the means being those of the channel.
     *
     * @param y what {@link #standardise} gave
     */
    void addStandardiseGradient(
            Buffer variance,
            float eps,
            Buffer y,
            Buffer dy,
            Buffer dx,
            int outer,
            int channels,
            int inner);

    /** y = x · scale + shift, by channel; scale and shift [channels]. */
    void channelAffine(
            Buffer x, Buffer scale, Buffer shift, Buffer y, int outer, int channels, int inner);

    /** dx += dy · scale, by channel: {@link #channelAffine}'s gradient by x. */
    void addChannelScaled(Buffer dy, Buffer scale, Buffer dx, int outer, int channels, int inner);

    /** s += the sum over each channel of x · y: {@link #channelAffine}'s gradient by scale; s [channels]. */
    void addChannelDots(Buffer x, Buffer y, Buffer s, int outer, int channels, int inner);
}

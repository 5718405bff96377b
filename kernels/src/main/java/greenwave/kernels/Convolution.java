package greenwave.kernels;

/**
 * The shape of a two-dimensional convolution: x [batch, inChannels, height, width], w [outChannels, inChannels / groups,
 * kernelHeight, kernelWidth], y [batch, outChannels, outHeight, outWidth]. Group g of the output channels sees group g of
 * the input channels alone.
 *
 * @param batch positive, as are the channels
 * @param groups divides both numbers of channels
 */
public record Convolution(int batch, int inChannels, int outChannels, int groups, Window window) {
    /** Checks the ranges above. */
    public Convolution {
        if (batch < 1
                || groups < 1
                || inChannels < 1
                || outChannels < 1
                || inChannels % groups != 0
                || outChannels % groups != 0) {
            throw new IllegalArgumentException(
                    ("convolution: batch=%d, inChannels=%d, outChannels=%d, groups=%d, expected"
                                    + " groups to divide the channels")
                            .formatted(batch, inChannels, outChannels, groups));
        }
    }

    /** {@return input channels that an output channel sees} */
    public int inPerGroup() {
        return inChannels / groups;
    }

    /** {@return output channels that an input channel reaches} */
    public int outPerGroup() {
        return outChannels / groups;
    }

    /** {@return elements of x} */
    public long inSize() {
        return (long) batch * inChannels * window.height() * window.width();
    }

    /** {@return elements of w} */
    public long weightSize() {
        final long each = (long) inPerGroup() * window.kernelHeight() * window.kernelWidth();
        return outChannels * each;
    }

    /** {@return elements of y} */
    public long outSize() {
        return (long) batch * outChannels * window.outHeight() * window.outWidth();
    }
}

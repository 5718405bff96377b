package greenwave.kernels;

/**
 * How a kernel slides over an image: output (i, j) sees input rows {@code i · strideHeight - padHeight + u · dilationHeight}
 * for u in [0, kernelHeight), and columns likewise; outside the image lies padding.
 *
 * @param height of the image, as is {@code width}, positive
 * @param kernelHeight rows of the kernel, as columns {@code kernelWidth}, positive
 * @param strideHeight step from output to output, as is {@code strideWidth}, positive
 * @param padHeight rows of padding above and below, as columns {@code padWidth}, not negative
 * @param dilationHeight distance between rows of the kernel, as is {@code dilationWidth}, positive
 */
public record Window(
        int height,
        int width,
        int kernelHeight,
        int kernelWidth,
        int strideHeight,
        int strideWidth,
        int padHeight,
        int padWidth,
        int dilationHeight,
        int dilationWidth) {
    /**
     * Checks the ranges above.
     *
     * @throws IllegalArgumentException also if the kernel is larger than the padded image
     */
    public Window {
        final boolean positive =
                Math.min(height, width) > 0
                        && Math.min(kernelHeight, kernelWidth) > 0
                        && Math.min(strideHeight, strideWidth) > 0
                        && Math.min(dilationHeight, dilationWidth) > 0
                        && Math.min(padHeight, padWidth) >= 0;
        if (!positive
                || span(kernelHeight, dilationHeight) > height + 2L * padHeight
                || span(kernelWidth, dilationWidth) > width + 2L * padWidth) {
            throw new IllegalArgumentException(
                    ("window: image=%dx%d, kernel=%dx%d, stride=%dx%d, pad=%dx%d, dilation=%dx%d,"
                                    + " expected a kernel within the padded image")
                            .formatted(
                                    height,
                                    width,
                                    kernelHeight,
                                    kernelWidth,
                                    strideHeight,
                                    strideWidth,
                                    padHeight,
                                    padWidth,
                                    dilationHeight,
                                    dilationWidth));
        }
    }

    private static long span(final int kernel, final int dilation) {
        return (kernel - 1L) * dilation + 1;
    }

    /** {@return rows of the output} */
    public int outHeight() {
        final long room = height + 2L * padHeight - span(kernelHeight, dilationHeight);
        return Math.toIntExact(room / strideHeight + 1);
    }

    /** {@return columns of the output} */
    public int outWidth() {
        final long room = width + 2L * padWidth - span(kernelWidth, dilationWidth);
        return Math.toIntExact(room / strideWidth + 1);
    }

    /** {@return the input row that output row {@code i} sees through row {@code u} of the kernel; outside if padding} */
    public int row(final int i, final int u) {
        return i * strideHeight - padHeight + u * dilationHeight;
    }

    /** {@return the input column that output column {@code j} sees through column {@code v} of the kernel} */
    public int column(final int j, final int v) {
        return j * strideWidth - padWidth + v * dilationWidth;
    }

    /** {@return whether a place is in the image, not in the padding} */
    public boolean inside(final int row, final int column) {
        return row >= 0 && row < height && column >= 0 && column < width;
    }
}

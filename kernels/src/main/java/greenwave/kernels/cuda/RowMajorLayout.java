package greenwave.kernels.cuda;

import greenwave.kernels.ImageLayouts.Layout;

/** Images one after another, each channel by channel, each of these row by row: the only layout on a device. */
record RowMajorLayout(int batch, int channels, int height, int width) implements Layout {
    /** {@return {@code layout}, which is of a device} */
    static RowMajorLayout of(final String op, final Layout layout) {
        if (layout instanceof final RowMajorLayout own) {
            return own;
        }
        throw new IllegalArgumentException(
                "%s: layout=%s, expected one of this backend".formatted(op, layout));
    }

    /** {@return pixels of an image} */
    int inner() {
        return height * width;
    }

    @Override
    public long length() {
        return (long) batch * channels * height * width;
    }

    @Override
    public boolean rowMajor() {
        return true;
    }

    @Override
    public String toString() {
        return "[%d, %d, %d, %d]".formatted(batch, channels, height, width);
    }
}

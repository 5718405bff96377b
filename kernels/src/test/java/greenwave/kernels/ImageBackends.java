package greenwave.kernels;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import greenwave.kernels.ImageLayouts.Layout;
import greenwave.kernels.ImageLayouts.PreparedCopy;

/** The backend that is tested, whose images lie in layouts of its own, beside the reference; and what converts between them. */
final class ImageBackends implements AutoCloseable {
    private static final float TOLERANCE =
            4e-6f; // times the terms of a sum: they are taken in another order

    final Backend tested = Backends.open(Tested.BACKEND);
    final Backend reference = Backends.open("reference");
    final ImageLayouts layouts = tested.imageLayouts().orElseThrow();

    /** A buffer in {@code layout} that holds the row-major {@code values}. */
    Buffer in(final Layout layout, final Layout rowMajor, final float... values) {
        final Buffer buffer = tested.allocate(DType.F32, layout.length());
        try (PreparedCopy copy = layouts.copy(rowMajor, layout);
                Buffer plain = Memory.of(tested, values)) {
            copy.run(plain, buffer);
        }
        return buffer;
    }

    /** The row-major values of a buffer in {@code layout}. */
    float[] out(final Buffer buffer, final Layout layout, final Layout rowMajor) {
        try (PreparedCopy copy = layouts.copy(layout, rowMajor);
                Buffer plain = tested.allocate(DType.F32, rowMajor.length())) {
            copy.run(buffer, plain);
            return Memory.floats(plain);
        }
    }

    /** A buffer whose every element is yet to be written. */
    Buffer unwritten(final long length) {
        final Buffer buffer = tested.allocate(DType.F32, length);
        tested.kernels().fill(buffer, Float.NaN);
        return buffer;
    }

    @Override
    public void close() {
        tested.close();
        reference.close();
    }

    static Convolution convolution(
            final int batch,
            final int in,
            final int out,
            final int groups,
            final int height,
            final int width,
            final int kernel,
            final int stride,
            final int pad,
            final int dilation) {
        return new Convolution(
                batch,
                in,
                out,
                groups,
                new Window(
                        height, width, kernel, kernel, stride, stride, pad, pad, dilation,
                        dilation));
    }

    static Layout inLayout(final ImageBackends images, final Convolution c) {
        return images.layouts.rowMajor(
                c.batch(), c.inChannels(), c.window().height(), c.window().width());
    }

    static Layout outLayout(final ImageBackends images, final Convolution c) {
        return images.layouts.rowMajor(
                c.batch(), c.outChannels(), c.window().outHeight(), c.window().outWidth());
    }

    static Buffer ones(final Backend backend, final long length) {
        final Buffer ones = backend.allocate(DType.F32, length);
        backend.kernels().fill(ones, 1);
        return ones;
    }

    static void assertClose(
            final Buffer expected, final float[] actual, final int terms, final String what) {
        assertArrayEquals(Memory.floats(expected), actual, TOLERANCE * Math.max(terms, 16), what);
    }
}

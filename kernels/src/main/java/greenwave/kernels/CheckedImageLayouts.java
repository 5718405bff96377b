package greenwave.kernels;

import static greenwave.kernels.CheckedKernels.f32;

/** {@link ImageLayouts}, guarded as {@link CheckedKernels} guards {@link Kernels}. */
public final class CheckedImageLayouts implements ImageLayouts {
    private final ImageLayouts layouts;

    /** Guards {@code layouts}. */
    public CheckedImageLayouts(final ImageLayouts layouts) {
        this.layouts = layouts;
    }

    @Override
    public Layout rowMajor(final int batch, final int channels, final int height, final int width) {
        if (Math.min(Math.min(batch, channels), Math.min(height, width)) < 1) {
            throw new IllegalArgumentException(
                    "rowMajor: shape=[%d, %d, %d, %d], expected positive dimensions"
                            .formatted(batch, channels, height, width));
        }
        return layouts.rowMajor(batch, channels, height, width);
    }

    @Override
    public PreparedConvolution convolution(
            final Convolution c, final Layout x, final boolean relu, final boolean training) {
        return new CheckedConvolution(layouts.convolution(c, x, relu, training), c, relu, training);
    }

    @Override
    public PreparedNorm batchNorm(final Layout x, final float eps, final boolean relu) {
        CheckedKernels.positive("batchNorm", "eps", eps);
        return new CheckedNorm(layouts.batchNorm(x, eps, relu), x.length(), x.channels());
    }

    @Override
    public PreparedAffine channelAffine(final Layout x, final boolean relu) {
        return new CheckedAffine(layouts.channelAffine(x, relu), x.length(), x.channels());
    }

    @Override
    public PreparedCopy copy(final Layout from, final Layout to) {
        return new CheckedCopy(layouts.copy(from, to), from.length(), to.length());
    }

    private record CheckedConvolution(
            PreparedConvolution guarded, Convolution c, boolean relu, boolean training)
            implements PreparedConvolution {
        @Override
        public Layout x() {
            return guarded.x();
        }

        @Override
        public Layout y() {
            return guarded.y();
        }

        private static void optional(
                final String op, final String name, final Buffer buffer, final long length) {
            if (buffer != null) {
                f32(op, name, buffer, length);
            }
        }

        @Override
        public void forward(final Buffer x, final Buffer w, final Buffer b, final Buffer y) {
            f32("convolution", "x", x, x().length());
            f32("convolution", "w", w, c.weightSize());
            optional("convolution", "b", b, c.outChannels());
            f32("convolution", "y", y, y().length());
            guarded.forward(x, w, b, y);
        }

        @Override
        public void gradients(
                final Buffer x,
                final Buffer w,
                final Buffer y,
                final Buffer dy,
                final Buffer dx,
                final Buffer dw,
                final Buffer db) {
            if (!training) {
                throw new IllegalStateException(
                        "convolution: training=false, expected true where gradients are taken");
            }
            f32("convolution", "x", x, x().length());
            f32("convolution", "w", w, c.weightSize());
            if (relu) {
                f32("convolution", "y", y, y().length());
            }
            f32("convolution", "dy", dy, y().length());
            optional("convolution", "dx", dx, x().length());
            f32("convolution", "dw", dw, c.weightSize());
            optional("convolution", "db", db, c.outChannels());
            guarded.gradients(x, w, y, dy, dx, dw, db);
        }

        @Override
        public String describe() {
            return guarded.describe();
        }

        @Override
        public void close() {
            guarded.close();
        }
    }

    private record CheckedNorm(PreparedNorm guarded, long length, int channels)
            implements PreparedNorm {
        @Override
        public void forward(
                final Buffer x,
                final Buffer scale,
                final Buffer shift,
                final Buffer mean,
                final Buffer variance,
                final Buffer y) {
            f32("batchNorm", "x", x, length);
            f32("batchNorm", "scale", scale, channels);
            f32("batchNorm", "shift", shift, channels);
            f32("batchNorm", "mean", mean, channels);
            f32("batchNorm", "variance", variance, channels);
            f32("batchNorm", "y", y, length);
            guarded.forward(x, scale, shift, mean, variance, y);
        }

        @Override
        public void gradients(
                final Buffer x,
                final Buffer scale,
                final Buffer mean,
                final Buffer variance,
                final Buffer y,
                final Buffer dy,
                final Buffer dx,
                final Buffer dscale,
                final Buffer dshift) {
            f32("batchNorm", "x", x, length);
            f32("batchNorm", "scale", scale, channels);
            f32("batchNorm", "mean", mean, channels);
            f32("batchNorm", "variance", variance, channels);
            f32("batchNorm", "y", y, length);
            f32("batchNorm", "dy", dy, length);
            f32("batchNorm", "dx", dx, length);
            f32("batchNorm", "dscale", dscale, channels);
            f32("batchNorm", "dshift", dshift, channels);
            guarded.gradients(x, scale, mean, variance, y, dy, dx, dscale, dshift);
        }

        @Override
        public void close() {
            guarded.close();
        }
    }

    private record CheckedAffine(PreparedAffine guarded, long length, int channels)
            implements PreparedAffine {
        @Override
        public void forward(
                final Buffer x, final Buffer scale, final Buffer shift, final Buffer y) {
            f32("channelAffine", "x", x, length);
            f32("channelAffine", "scale", scale, channels);
            f32("channelAffine", "shift", shift, channels);
            f32("channelAffine", "y", y, length);
            guarded.forward(x, scale, shift, y);
        }

        @Override
        public void close() {
            guarded.close();
        }
    }

    private record CheckedCopy(PreparedCopy guarded, long fromLength, long toLength)
            implements PreparedCopy {
        @Override
        public void run(final Buffer from, final Buffer to) {
            f32("copy", "from", from, fromLength);
            f32("copy", "to", to, toLength);
            guarded.run(from, to);
        }

        @Override
        public void close() {
            guarded.close();
        }
    }
}

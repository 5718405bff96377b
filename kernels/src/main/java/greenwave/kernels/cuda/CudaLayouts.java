package greenwave.kernels.cuda;

import greenwave.kernels.Buffer;
import greenwave.kernels.Convolution;
import greenwave.kernels.ImageLayouts;

/**
 * Images on a device: all row-major, so that nothing is ever converted; what is gained is that cuDNN computes what the engine would
 * else put together, and that ReLU and biases are joined to it.
 */
final class CudaLayouts implements ImageLayouts {
    private final CudaKernels kernels;
    private DnnActivation relu; // null until one is asked for

    CudaLayouts(final CudaKernels kernels) {
        this.kernels = kernels;
    }

    @Override
    public Layout rowMajor(final int batch, final int channels, final int height, final int width) {
        return new RowMajorLayout(batch, channels, height, width);
    }

    @Override
    public PreparedConvolution convolution(
            final Convolution c, final Layout x, final boolean relu, final boolean training) {
        requireEqual("convolution", x, CudaConvolution.in(c));
        return new CudaConvolution(kernels, c, relu);
    }

    @Override
    public PreparedNorm batchNorm(final Layout x, final float eps, final boolean relu) {
        final RowMajorLayout layout = RowMajorLayout.of("batchNorm", x);
        return new CudaNorm(kernels, layout, eps, relu ? relu() : null);
    }

    @Override
    public PreparedAffine channelAffine(final Layout x, final boolean relu) {
        final RowMajorLayout layout = RowMajorLayout.of("channelAffine", x);
        return new CudaAffine(kernels, layout, relu ? relu() : null);
    }

    private DnnActivation relu() {
        if (relu == null) {
            final CudaContext context = kernels.launcher().context();
            relu = new DnnActivation(context);
            context.onClose(relu::close);
        }
        return relu;
    }

    @Override
    public PreparedCopy copy(final Layout from, final Layout to) {
        requireEqual("copy", to, RowMajorLayout.of("copy", from));
        return new Copy(kernels);
    }

    private static void requireEqual(
            final String op, final Layout layout, final RowMajorLayout expected) {
        if (!layout.equals(expected)) {
            throw new IllegalArgumentException(
                    "%s: layout=%s, expected %s".formatted(op, layout, expected));
        }
    }

    /** Between equal layouts. */
    private static final class Copy implements PreparedCopy {
        private final CudaKernels kernels;
        private boolean closed;

        Copy(final CudaKernels kernels) {
            this.kernels = kernels;
        }

        @Override
        public void run(final Buffer from, final Buffer to) {
            if (closed) {
                throw new IllegalStateException("copy: is closed");
            }
            kernels.copy(from, to);
        }

        @Override
        public void close() {
            closed = true;
        }
    }
}

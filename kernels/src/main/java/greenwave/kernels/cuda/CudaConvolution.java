package greenwave.kernels.cuda;

import greenwave.kernels.Buffer;
import greenwave.kernels.Convolution;
import greenwave.kernels.ImageLayouts.Layout;
import greenwave.kernels.ImageLayouts.PreparedConvolution;

/**
 * A convolution by cuDNN, and what is joined to it by kernels of our own: bias and ReLU in one, ReLU's gradient and the bias's in
 * one. cuDNN's own joint call makes NaN 0, so that a net that has diverged would look sane.
 */
final class CudaConvolution implements PreparedConvolution {
    private final CudaKernels kernels;
    private final CudaContext context;
    private final Convolution shape;
    private final RowMajorLayout x;
    private final RowMajorLayout y;
    private final DnnConvolution convolution;
    private final boolean relu;
    private boolean closed;

    CudaConvolution(final CudaKernels kernels, final Convolution shape, final boolean relu) {
        this.kernels = kernels;
        this.context = kernels.launcher().context();
        this.shape = shape;
        this.x = in(shape);
        this.y = out(shape);
        this.convolution = kernels.convolutions().of(shape);
        this.relu = relu;
    }

    /** {@return the shape of x} */
    static RowMajorLayout in(final Convolution shape) {
        return new RowMajorLayout(
                shape.batch(), shape.inChannels(), shape.window().height(), shape.window().width());
    }

    /** {@return the shape of y} */
    static RowMajorLayout out(final Convolution shape) {
        return new RowMajorLayout(
                shape.batch(),
                shape.outChannels(),
                shape.window().outHeight(),
                shape.window().outWidth());
    }

    @Override
    public Layout x() {
        return x;
    }

    @Override
    public Layout y() {
        return y;
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("convolution: %s is closed".formatted(shape));
        }
        context.bind();
    }

    @Override
    public void forward(final Buffer x, final Buffer w, final Buffer b, final Buffer y) {
        requireOpen();
        convolution.forward(x, w, y);
        if (b != null || relu) {
            kernels.addChannelShift(b, relu, y, this.y.channels(), this.y.inner());
        }
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
        requireOpen();
        if (relu && db != null) {
            kernels.sums().slopes(y, dy, 0, db, this.y.batch(), this.y.channels(), this.y.inner());
        } else if (relu) {
            kernels.maskByPositive(y, dy);
        } else if (db != null) {
            convolution.biasGradient(dy, db);
        }
        convolution.weightGradient(x, dy, HostScalar.ZERO, dw);
        if (dx != null) {
            convolution.dataGradient(w, dy, HostScalar.ZERO, dx);
        }
    }

    @Override
    public String describe() {
        return "cuDNN";
    }

    @Override
    public void close() {
        closed = true;
    }
}

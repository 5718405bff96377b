package greenwave.kernels.cpu;

import static greenwave.kernels.cpu.ChannelVectors.VECTOR;

import greenwave.kernels.Buffer;
import greenwave.kernels.Convolution;
import greenwave.kernels.ImageLayouts.Layout;
import greenwave.kernels.ImageLayouts.PreparedConvolution;
import greenwave.kernels.Kernels;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;
import java.util.function.Supplier;

/**
 * A convolution with fewer multiplications than its definition has, by Winograd's minimal filtering: two neighbouring outputs of
 * three taps cost four products instead of six, {@code Aᵀ (G g ⊙ Bᵀ d)}; two dimensions of it, 2 x 2 outputs of 3 x 3 taps, 16
 * instead of 36. A stride is no obstacle: {@link WinogradSide} splits a dimension into phases, convolutions of stride 1 with {@code
 * ⌈kernel / stride⌉} taps, whose sum is taken at the points, where a phase with two taps needs but three. So 5 x 5 taps with
 * stride 2 cost 49 products instead of 100.
 *
 * <p>At each point, tiles [tile, depth] are multiplied by weights [depth, out]. The gradients are the transposes of the same
 * steps: with {@code dM = A dY Aᵀ}, {@code dU = Vᵀ dM} and {@code dw = Gᵀ dU G}, {@code dV = dM Uᵀ} and {@code dx = B dV Bᵀ}, added
 * where tiles overlap.
 *
 * <p>A number that is not finite would spread over its tile. Where there is one, all is computed again by oneDNN.
 *
 * <p>Source: Lavin and Gray 2016, Fast Algorithms for Convolutional Neural Networks, arXiv:1509.09308.
 */
final class WinogradConvolution implements PreparedConvolution {
    private final OneDnnObjects objects;
    private final Supplier<OneDnnConvolution> library;
    private final OneDnnLayout x;
    private final OneDnnLayout y;
    private final WinogradShape shape;
    private final WinogradFilter filter;
    private final List<WinogradWorker> workers = new ArrayList<>();
    private final OpenMpTeam team;
    private final IntConsumer forwardPart = this::forward;
    private final IntConsumer gradientPart = this::gradients;
    private final ReluLayer relu; // null if there is none
    private final MemorySegment noBias; // zeros
    private OneDnnConvolution exact; // null until needed
    private long
            from; // addresses for the workers: x, its gradient or 0, the bias, y or its gradient
    private long fromGradient;
    private long bias;
    private long to;

    /**
     * Prepares it.
     *
     * @param layouts made of vectors of channels
     *
     */
    WinogradConvolution(
            final OneDnnObjects objects,
            final Kernels kernels,
            final Convolution c,
            final OneDnnConvolutionChoice.Layouts layouts,
            final boolean relu,
            final boolean training) {
        this.objects = objects;
        this.library = () -> new OneDnnConvolution(objects, kernels, c, layouts, relu, training);
        this.x = layouts.x();
        this.y = layouts.y();
        this.shape = new WinogradShape(c);
        this.filter = new WinogradFilter(shape, objects);
        this.noBias = objects.memory((long) c.outChannels() * Float.BYTES);
        this.relu = relu ? new ReluLayer(objects, kernels, y, training) : null;
        final int parts = Math.min(objects.threads(), c.batch());
        final ChannelVectors source = ChannelVectors.of(x).orElseThrow();
        final ChannelVectors target = ChannelVectors.of(y).orElseThrow();
        for (int part = 0; part < parts; part++) {
            workers.add(
                    new WinogradWorker(
                            shape,
                            filter,
                            source,
                            target,
                            c.batch() * part / parts,
                            c.batch() * (part + 1) / parts,
                            training,
                            objects));
        }
        this.team = new OpenMpTeam(objects, parts);
    }

    @Override
    public Layout x() {
        return x;
    }

    @Override
    public Layout y() {
        return y;
    }

    @Override
    public void forward(final Buffer x, final Buffer w, final Buffer b, final Buffer y) {
        objects.requireOpen();
        filter.transform(w.segment());
        from = x.address();
        bias = (b == null ? noBias : b.segment()).address();
        to = y.address();
        team.run(forwardPart);
        if (!sound()) {
            exact().forward(x, w, b, y);
        } else if (relu != null) {
            relu.forward(y);
        }
    }

    private void forward(final int part) {
        workers.get(part).forward(from, bias, to);
    }

    private boolean sound() {
        for (int part = 0; part < workers.size(); part++) {
            if (!workers.get(part).target().sound()) {
                return false;
            }
        }
        return true;
    }

    private OneDnnConvolution exact() {
        if (exact == null) {
            exact = library.get();
        }
        return exact;
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
        objects.requireOpen();
        if (dx != null) {
            filter.transformTransposed(w.segment());
        }
        from = x.address();
        to = (relu == null ? dy.segment() : relu.gradient(y, dy)).address();
        fromGradient = dx == null ? 0 : dx.address();
        team.run(gradientPart);
        final WinogradWorker first = workers.getFirst();
        for (int part = 1; part < workers.size(); part++) {
            first.addGradients(workers.get(part));
        }
        filter.gradient(first.weightGradients(), dw.segment());
        if (!finite(w) || !finite(dw)) { // in dw is all that was not in x and dy
            exact().gradients(x, w, y, dy, dx, dw, db);
        } else if (db != null) {
            VectorCopies.copy(first.target().sums(), VECTOR, db.address(), VECTOR, vectors(db));
        }
    }

    private void gradients(final int part) {
        workers.get(part).gradients(from, to, fromGradient);
    }

    private static boolean finite(final Buffer weights) {
        return VectorCopies.finite(weights.address(), vectors(weights));
    }

    private static int vectors(final Buffer buffer) {
        return Math.toIntExact(buffer.length() * Float.BYTES / VECTOR);
    }

    @Override
    public String describe() {
        return "Winograd F(2 x 2, 3 x 3), %.2f of the multiplications%s"
                .formatted(
                        shape.multiplications(),
                        exact == null ? "" : "; not finite: " + exact.describe());
    }

    @Override
    public void close() {
        objects.close();
    }
}

package greenwave.kernels.cpu;

import greenwave.kernels.Convolution;
import greenwave.kernels.ImageLayouts;
import greenwave.kernels.Kernels;
import greenwave.kernels.cpu.OneDnnConvolutionChoice.Layouts;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/** Image computations by oneDNN. Knows what it has prepared, so that closing it frees all of it. */
final class OneDnnLayouts implements ImageLayouts, AutoCloseable {
    private final int threads;
    private final Kernels kernels;
    private final Set<OneDnnObjects> open = new HashSet<>(); // guarded by itself
    private boolean closed; // guarded by `open`

    /** On so many threads; what oneDNN has no good function for is left to {@code kernels}. */
    OneDnnLayouts(final int threads, final Kernels kernels) {
        this.threads = threads;
        this.kernels = kernels;
    }

    private <T> T prepare(final Function<OneDnnObjects, T> preparation) {
        synchronized (open) {
            if (closed) {
                throw new IllegalStateException("prepare: the backend is closed");
            }
            open.removeIf(OneDnnObjects::closed);
            final OneDnnObjects objects = new OneDnnObjects(threads);
            open.add(objects);
            try {
                return preparation.apply(objects);
            } catch (final RuntimeException e) {
                objects.close();
                throw e;
            }
        }
    }

    private static OneDnnLayout own(final String op, final Layout layout) {
        if (layout instanceof final OneDnnLayout own) {
            return own;
        }
        throw new IllegalArgumentException(
                "%s: layout=%s, expected one of this backend".formatted(op, layout));
    }

    @Override
    public Layout rowMajor(final int batch, final int channels, final int height, final int width) {
        try (OneDnnObjects temporary = new OneDnnObjects(threads)) {
            return OneDnnLayout.of(temporary.rowMajor(batch, channels, height, width));
        }
    }

    @Override
    public PreparedConvolution convolution(
            final Convolution c, final Layout x, final boolean relu, final boolean training) {
        final OneDnnLayout given = own("convolution", x);
        final List<Long> expected =
                List.of(
                        (long) c.batch(),
                        (long) c.inChannels(),
                        (long) c.window().height(),
                        (long) c.window().width());
        same("convolution", given, expected);
        final Layouts layouts = OneDnnConvolutionChoice.layouts(threads, c, given, training);
        return prepare(
                objects ->
                        WinogradChoice.pays(c, layouts)
                                ? new WinogradConvolution(
                                        objects, kernels, c, layouts, relu, training)
                                : new OneDnnConvolution(
                                        objects, kernels, c, layouts, relu, training));
    }

    private static void same(
            final String op, final OneDnnLayout layout, final List<Long> expected) {
        if (!layout.dimensions().equals(expected)) {
            throw new IllegalArgumentException(
                    "%s: layout=%s, expected %s".formatted(op, layout.dimensions(), expected));
        }
    }

    @Override
    public PreparedNorm batchNorm(final Layout x, final float eps, final boolean relu) {
        final OneDnnLayout layout = own("batchNorm", x);
        return prepare(objects -> new OneDnnNorm(objects, kernels, layout, eps, relu));
    }

    @Override
    public PreparedAffine channelAffine(final Layout x, final boolean relu) {
        final OneDnnLayout layout = own("channelAffine", x);
        return prepare(objects -> new OneDnnAffine(objects, kernels, layout, relu));
    }

    @Override
    public PreparedCopy copy(final Layout from, final Layout to) {
        final OneDnnLayout source = own("copy", from);
        final OneDnnLayout target = own("copy", to);
        same("copy", target, source.dimensions());
        return prepare(objects -> new OneDnnCopy(objects, source, target));
    }

    /** {@return bytes of scratch memory that prepared computations hold} */
    long bytes() {
        synchronized (open) {
            return open.stream().mapToLong(OneDnnObjects::bytes).sum();
        }
    }

    /** Frees everything that was prepared here. */
    @Override
    public void close() {
        synchronized (open) {
            closed = true;
            open.forEach(OneDnnObjects::close);
            open.clear();
        }
    }
}

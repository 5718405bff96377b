package greenwave.kernels.cuda;

import greenwave.kernels.Backend;
import greenwave.kernels.Buffer;
import greenwave.kernels.CheckedImageLayouts;
import greenwave.kernels.CheckedKernels;
import greenwave.kernels.DType;
import greenwave.kernels.ImageLayouts;
import greenwave.kernels.Kernels;
import greenwave.kernels.Recorder;
import greenwave.kernels.ReplayLayout;
import greenwave.kernels.ResidentReplay;
import greenwave.kernels.TemporalDifferences;

import java.util.Optional;
import java.util.stream.Collectors;

/** One NVIDIA device. */
final class CudaBackend implements Backend {
    private final CudaContext context;
    private final Kernels kernels;
    private final ImageLayouts layouts;
    private boolean closed;

    CudaBackend(final CudaContext context) {
        this.context = context;
        final CudaKernels unchecked = new CudaKernels(context);
        this.kernels = new CheckedKernels(unchecked);
        this.layouts = new CheckedImageLayouts(new CudaLayouts(unchecked));
    }

    /** {@return the device behind it, for what this package alone can do} */
    CudaContext context() {
        return context;
    }

    @Override
    public String name() {
        return "cuda:" + context.device().index();
    }

    @Override
    public String describe() {
        return "%s (%s; %s)"
                .formatted(
                        name(),
                        context.device().name(),
                        CudaLibraries.get().found().stream()
                                .map(library -> library.name() + " " + library.version())
                                .collect(Collectors.joining(", ")));
    }

    @Override
    public Buffer allocate(final DType dtype, final long length) {
        if (length < 1) {
            throw new IllegalArgumentException(
                    "allocate: dtype=%s, length=%d, expected length >= 1".formatted(dtype, length));
        }
        if (closed) {
            throw new IllegalStateException(
                    "allocate: backend=%s is closed, dtype=%s, length=%d"
                            .formatted(name(), dtype, length));
        }
        return context.allocate(dtype, length);
    }

    @Override
    public Kernels kernels() {
        return kernels;
    }

    @Override
    public Optional<ImageLayouts> imageLayouts() {
        return Optional.of(layouts);
    }

    @Override
    public Optional<Recorder> recorder() {
        return Optional.of(calls -> new CudaRecording(CudaGraph.capture(context, calls)));
    }

    @Override
    public Optional<TemporalDifferences> temporalDifferences() {
        return Optional.of(new CudaTemporalDifferences(context));
    }

    @Override
    public Optional<ResidentReplay> openReplay(final ReplayLayout layout) {
        if (closed) {
            throw new IllegalStateException(
                    "openReplay: backend=%s is closed, layout=%s".formatted(name(), layout));
        }
        return Optional.of(new CudaReplay(context, layout));
    }

    @Override
    public long allocatedBytes() {
        return context.heap().bytes();
    }

    @Override
    public void close() {
        closed = true;
        context.close();
    }
}

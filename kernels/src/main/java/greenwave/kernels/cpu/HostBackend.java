package greenwave.kernels.cpu;

import greenwave.kernels.Backend;
import greenwave.kernels.Buffer;
import greenwave.kernels.CheckedImageLayouts;
import greenwave.kernels.CheckedKernels;
import greenwave.kernels.DType;
import greenwave.kernels.ImageLayouts;
import greenwave.kernels.Kernels;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Host memory, an arena per buffer, beside the given arithmetic, which keeps nothing from one call to the next. */
final class HostBackend implements Backend {
    private static final long ALIGNMENT = 64; // a cache line, and the widest vector

    private final String name;
    private final String description;
    private final Kernels kernels;
    private final Optional<OneDnnLayouts> imageLayouts;
    private final Map<Arena, Long> open = new HashMap<>(); // bytes by arena; guarded by itself
    private boolean closed; // guarded by `open`

    HostBackend(
            final String name,
            final String description,
            final Kernels kernels,
            final Optional<OneDnnLayouts> imageLayouts) {
        this.name = name;
        this.description = description;
        this.kernels = new CheckedKernels(kernels);
        this.imageLayouts = imageLayouts;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String describe() {
        return description;
    }

    @Override
    public Buffer allocate(final DType dtype, final long length) {
        if (length < 1) {
            throw new IllegalArgumentException(
                    "allocate: dtype=%s, length=%d, expected length >= 1".formatted(dtype, length));
        }
        final long bytes = Math.multiplyExact(length, dtype.bytes());
        synchronized (open) {
            if (closed) {
                throw new IllegalStateException(
                        "allocate: backend=%s is closed, dtype=%s, length=%d"
                                .formatted(name, dtype, length));
            }
            final Arena arena = Arena.ofShared();
            final MemorySegment memory = arena.allocate(bytes, ALIGNMENT);
            open.put(arena, bytes);
            return new HostBuffer(dtype, length, memory, () -> free(arena));
        }
    }

    private void free(final Arena arena) {
        synchronized (open) {
            if (open.remove(arena) != null) {
                arena.close();
            }
        }
    }

    @Override
    public Kernels kernels() {
        return kernels;
    }

    @Override
    public boolean isConcurrent() {
        return true;
    }

    @Override
    public Optional<ImageLayouts> imageLayouts() {
        return imageLayouts // the question loads the library, which is large
                .filter(_ -> OneDnn.refusal().isEmpty())
                .map(CheckedImageLayouts::new);
    }

    @Override
    public long allocatedBytes() {
        synchronized (open) {
            return open.values().stream().mapToLong(Long::longValue).sum()
                    + imageLayouts.map(OneDnnLayouts::bytes).orElse(0L);
        }
    }

    @Override
    public void close() {
        synchronized (open) {
            closed = true;
            imageLayouts.ifPresent(OneDnnLayouts::close);
            open.keySet().forEach(Arena::close);
            open.clear();
        }
    }
}

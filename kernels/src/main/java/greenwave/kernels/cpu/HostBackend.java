package greenwave.kernels.cpu;

import greenwave.kernels.Backend;
import greenwave.kernels.Buffer;
import greenwave.kernels.CheckedKernels;
import greenwave.kernels.DType;
import greenwave.kernels.Kernels;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.Map;

/** Host memory, an arena per buffer, beside the given arithmetic. */
final class HostBackend implements Backend {
    private static final long ALIGNMENT = 64; // a cache line, and the widest vector

    private final String name;
    private final String description;
    private final Kernels kernels;
    private final Map<Arena, Long> open = new HashMap<>(); // bytes by arena; guarded by itself
    private boolean closed; // guarded by `open`

    HostBackend(final String name, final String description, final Kernels kernels) {
        this.name = name;
        this.description = description;
        this.kernels = new CheckedKernels(kernels);
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
    public long allocatedBytes() {
        synchronized (open) {
            return open.values().stream().mapToLong(Long::longValue).sum();
        }
    }

    @Override
    public void close() {
        synchronized (open) {
            closed = true;
            open.keySet().forEach(Arena::close);
            open.clear();
        }
    }
}

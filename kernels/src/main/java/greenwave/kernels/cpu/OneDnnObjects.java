package greenwave.kernels.cpu;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * What one prepared computation made of oneDNN's: freed together, last first. Every pointer it gives belongs to its arena,
 * so that use after {@link #close} throws {@link IllegalStateException} before native code is reached.
 */
@SuppressWarnings("restricted") // gives pointers their lifetime
final class OneDnnObjects implements AutoCloseable {
    static final MemorySegment NONE = MemorySegment.NULL;

    private static final int F32 = 3;
    private static final int ANY = 1; // the layout that suits the primitive best
    private static final int IN_ORDER = 1;
    private static final int USER_SCRATCHPAD = 1;
    private static final int UNIMPLEMENTED = 3;
    private static final long ALIGNMENT = 64;

    /** A native object and the function that frees it. */
    private record Owned(String destroy, MemorySegment pointer) {}

    private final Arena arena = Arena.ofShared();
    private final Deque<Owned> owned = new ArrayDeque<>();
    private final int threads;
    private final MemorySegment stream;
    private final MemorySegment attributes;
    private long bytes;
    private boolean closed;

    /** Everything made here is made for, and runs on, so many threads. */
    OneDnnObjects(final int threads) {
        this.threads = threads;
        this.stream = create("dnnl_stream", "dnnl_stream_create", OneDnn.engine(), IN_ORDER);
        this.attributes = newAttributes();
    }

    int threads() {
        return threads;
    }

    MemorySegment stream() {
        return stream;
    }

    /** {@return attributes that every primitive here takes: its scratch memory is ours} */
    MemorySegment attributes() {
        return attributes;
    }

    private MemorySegment newAttributes() {
        final MemorySegment made = create("dnnl_primitive_attr", "dnnl_primitive_attr_create");
        // oneDNN's own scratchpad may belong to the thread that made the primitive
        OneDnn.call("dnnl_primitive_attr_set_scratchpad_mode", made, USER_SCRATCHPAD);
        return made;
    }

    /**
     * {@return what {@code create} makes, which takes where to put it and then {@code arguments}; null if oneDNN has no
     * implementation}
     *
     * @param kind as in the name of the function that frees it
     */
    MemorySegment createIfImplemented(
            final String kind, final String create, final Object... arguments) {
        try (Arena temporary = Arena.ofConfined()) {
            final MemorySegment out = temporary.allocate(ADDRESS);
            final Object[] all = new Object[arguments.length + 1];
            all[0] = out;
            System.arraycopy(arguments, 0, all, 1, arguments.length);
            final int before = OneDnn.Calls.THREADS.call();
            OneDnn.Calls.SET_THREADS.call(threads);
            final int status = OneDnn.status(create, all);
            OneDnn.Calls.SET_THREADS.call(before);
            if (status == UNIMPLEMENTED) {
                return null;
            }
            OneDnn.check(create, status);
            final MemorySegment pointer = out.get(ADDRESS, 0).reinterpret(arena, null);
            owned.push(new Owned(kind + "_destroy", pointer));
            return pointer;
        }
    }

    /** {@return {@link #createIfImplemented}, never null} */
    MemorySegment create(final String kind, final String create, final Object... arguments) {
        final MemorySegment made = createIfImplemented(kind, create, arguments);
        if (made == null) {
            OneDnn.check(create, UNIMPLEMENTED);
        }
        return made;
    }

    /** {@return the description of an f32 tensor, row-major} */
    MemorySegment rowMajor(final long... dimensions) {
        final long[] strides = new long[dimensions.length];
        long stride = 1;
        for (int d = dimensions.length - 1; d >= 0; d--) {
            strides[d] = stride;
            stride *= dimensions[d];
        }
        return strided(dimensions, strides);
    }

    /** {@return the description of f32 images [batch, channels, height, width], a pixel's channels side by side} */
    MemorySegment channelsLast(final long... dimensions) {
        final long channels = dimensions[1];
        final long row = dimensions[3] * channels;
        return strided(dimensions, new long[] {dimensions[2] * row, 1, row, channels});
    }

    /** {@return the description of an f32 tensor with the given distances between elements} */
    MemorySegment strided(final long[] dimensions, final long[] strides) {
        return create(
                "dnnl_memory_desc",
                "dnnl_memory_desc_create_with_strides",
                dimensions.length,
                longs(dimensions),
                F32,
                longs(strides));
    }

    /** {@return the description of an f32 tensor whose layout a primitive is to choose} */
    MemorySegment any(final long... dimensions) {
        return create(
                "dnnl_memory_desc",
                "dnnl_memory_desc_create_with_tag",
                dimensions.length,
                longs(dimensions),
                F32,
                ANY);
    }

    /** {@return numbers that live as long as this} */
    MemorySegment longs(final long... numbers) {
        return arena.allocateFrom(JAVA_LONG, numbers);
    }

    /** {@return zeroed memory that lives as long as this, and is counted in {@link #bytes}} */
    MemorySegment memory(final long size) {
        bytes += size;
        return arena.allocate(size, ALIGNMENT);
    }

    /** {@return a pointer by which native code can call {@code handle}, which must not throw} */
    MemorySegment function(final MethodHandle handle, final FunctionDescriptor descriptor) {
        return Linker.nativeLinker().upcallStub(handle, descriptor, arena);
    }

    /** {@return bytes of {@link #memory} that are open} */
    long bytes() {
        return closed ? 0 : bytes;
    }

    /** {@return whether {@link #close} was called} */
    boolean closed() {
        return closed;
    }

    /** Refuses to go on after {@link #close}: for what reaches memory by address. */
    void requireOpen() {
        if (closed) {
            throw new IllegalStateException("oneDNN: closed=true, expected a computation in use");
        }
    }

    /** Frees everything; later calls do nothing. */
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            owned.forEach(each -> OneDnn.call(each.destroy(), each.pointer()));
            arena.close();
        }
    }
}

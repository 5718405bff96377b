package greenwave.kernels.cpu;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * A computation of oneDNN and a place for each of its arguments: {@link #set} them, then {@link #run}. Neither allocates.
 * Belongs to the {@link OneDnnObjects} that it was made from; one thread at a time.
 */
@SuppressWarnings("restricted") // reads the implementation's name
final class OneDnnPrimitive {
    static final int SOURCE = 1;
    static final int SECOND_SOURCE = 2;
    static final int TARGET = 17;
    static final int WEIGHTS = 33;
    static final int BIAS = 41;
    static final int MEAN = 49;
    static final int VARIANCE = 50;
    static final int SCALE = 51;
    static final int SHIFT = 52;
    static final int WORKSPACE = 64;
    static final int SOURCE_GRADIENT = 129;
    static final int TARGET_GRADIENT = 145;
    static final int WEIGHTS_GRADIENT = 161;
    static final int BIAS_GRADIENT = 169;
    static final int SCALE_GRADIENT = 255;
    static final int SHIFT_GRADIENT = 256;

    private static final int SCRATCHPAD = 80;
    private static final int QUERY_ARGUMENT = 255;
    private static final int QUERY_NAME = 8;
    private static final long LONGEST_NAME = 256;
    private static final MemoryLayout ARGUMENT = // dnnl_exec_arg_t
            MemoryLayout.structLayout(
                    JAVA_INT.withName("name"),
                    MemoryLayout.paddingLayout(4),
                    ADDRESS.withName("memory"));

    private final OneDnnObjects objects;
    private final MemorySegment primitive;
    private final int[] names;
    private final MemorySegment[] memories;
    private final long[] sizes;
    private final MemorySegment arguments;

    /**
     * Makes the primitive that {@code description} describes.
     *
     * @param names of the arguments that will be set
     */
    OneDnnPrimitive(
            final OneDnnObjects objects, final MemorySegment description, final int... names) {
        this.objects = objects;
        this.primitive = objects.create("dnnl_primitive", "dnnl_primitive_create", description);
        final long scratch = size(argument(description, SCRATCHPAD));
        this.names = scratch == 0 ? names : Arrays.copyOf(names, names.length + 1);
        this.memories = new MemorySegment[this.names.length];
        this.sizes = new long[this.names.length];
        this.arguments = objects.memory(ARGUMENT.byteSize() * this.names.length);
        if (scratch > 0) {
            this.names[names.length] = SCRATCHPAD;
        }
        for (int i = 0; i < this.names.length; i++) {
            place(i, argument(description, this.names[i]));
        }
        if (scratch > 0) {
            set(SCRATCHPAD, objects.memory(scratch));
        }
    }

    private void place(final int i, final MemorySegment layout) {
        sizes[i] = size(layout);
        memories[i] =
                objects.create(
                        "dnnl_memory",
                        "dnnl_memory_create",
                        layout,
                        OneDnn.engine(),
                        OneDnnObjects.NONE);
        final long at = i * ARGUMENT.byteSize();
        arguments.set(JAVA_INT, at, names[i]);
        arguments.set(ADDRESS, at + ADDRESS.byteSize(), memories[i]);
    }

    /** {@return the layout that a primitive so described wants for an argument; it lives as long as the description} */
    static MemorySegment argument(final MemorySegment description, final int name) {
        return OneDnn.Calls.DESCRIPTION.call(description, QUERY_ARGUMENT, name);
    }

    /** {@return bytes of a tensor in that layout} */
    static long size(final MemorySegment layout) {
        return OneDnn.Calls.SIZE.call(layout);
    }

    /** {@return the name of the implementation that oneDNN chose} */
    static String implementation(final MemorySegment description) {
        try (Arena arena = Arena.ofConfined()) {
            final MemorySegment out = arena.allocate(ADDRESS);
            OneDnn.call("dnnl_primitive_desc_query", description, QUERY_NAME, 0, out);
            return out.get(ADDRESS, 0).reinterpret(LONGEST_NAME).getString(0);
        }
    }

    /**
     * Says where an argument lies.
     *
     * @throws IllegalArgumentException if it has less room than its layout takes
     */
    void set(final int name, final MemorySegment data) {
        int i = 0;
        while (names[i] != name) {
            i++;
        }
        if (data.byteSize() < sizes[i]) {
            throw new IllegalArgumentException(
                    "oneDNN: argument=%d, bytes=%d, expected at least %d"
                            .formatted(name, data.byteSize(), sizes[i]));
        }
        final int status = OneDnn.Calls.SET_DATA_HANDLE.call(memories[i], data);
        OneDnn.check("dnnl_memory_set_data_handle", status);
    }

    /** Computes; returns when it is done. */
    void run() {
        final int before = OneDnn.Calls.THREADS.call();
        OneDnn.Calls.SET_THREADS.call(objects.threads());
        final int status =
                OneDnn.Calls.EXECUTE.call(primitive, objects.stream(), names.length, arguments);
        OneDnn.Calls.SET_THREADS.call(before);
        OneDnn.check("dnnl_primitive_execute", status);
    }
}

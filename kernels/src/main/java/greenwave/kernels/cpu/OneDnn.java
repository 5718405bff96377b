package greenwave.kernels.cpu;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The functions of oneDNN's C API. Loaded once per JVM, at the first question; the answer is kept. What is called while a
 * plan runs is typed; the rest is called by name.
 *
 * <p>oneDNN takes its number of threads from OpenMP, which keeps it per calling thread: a primitive must be made and run
 * under the same number, because its scratch memory is measured by it. So it is set around every call, and put back.
 *
 * @see <a href="https://uxlfoundation.github.io/oneDNN/">oneDNN's guide</a>
 */
final class OneDnn {
    private static final String FOLDER = "org/bytedeco/dnnl/linux-x86_64/";
    private static final List<String> NEEDS = List.of("libgomp.so.1");
    private static final List<String> STATUS =
            List.of(
                    "success",
                    "out of memory",
                    "invalid arguments",
                    "unimplemented",
                    "last implementation reached",
                    "runtime error",
                    "not required");
    private static final int CPU = 1;

    /** c = alpha · op(a) · op(b) + beta · c; row-major. */
    public interface Sgemm {
        /** {@return the status; op is {@code 'N'} or {@code 'T'}} */
        int call(
                byte transposeA,
                byte transposeB,
                long m,
                long n,
                long k,
                float alpha,
                MemorySegment a,
                long lda,
                MemorySegment b,
                long ldb,
                float beta,
                MemorySegment c,
                long ldc);
    }

    /** Runs a primitive. */
    public interface Execute {
        /** {@return the status} */
        int call(MemorySegment primitive, MemorySegment stream, int count, MemorySegment arguments);
    }

    /** Says where the data of a memory object lie. */
    public interface SetDataHandle {
        /** {@return the status} */
        int call(MemorySegment memory, MemorySegment data);
    }

    /** Takes the number of threads for what the calling thread starts. */
    public interface SetThreads {
        /** Sets it. */
        void call(int threads);
    }

    /** Runs a function on threads of OpenMP, the calling one among them; this is what compilers make of its pragma. */
    public interface Parallel {
        /** Returns when all have returned. */
        void call(MemorySegment function, MemorySegment argument, int threads, int flags);
    }

    /** Tells that number. */
    public interface Threads {
        /** {@return it} */
        int call();
    }

    /** Tells how much memory a layout takes. */
    public interface Size {
        /** {@return bytes, padding included} */
        long call(MemorySegment description);
    }

    /** Looks up the layout of an argument. */
    public interface Description {
        /** {@return it, owned by the primitive's description; of no size if there is no such argument} */
        MemorySegment call(MemorySegment primitiveDescription, int query, int argument);
    }

    /** What the one attempt to load came to: a library, or the reason why there is none. */
    private record Attempt(NativeFunctions library, String refusal) {
        private static final String SET_VERBOSE = "dnnl_set_verbose";
        private static final Attempt ONCE = load();

        private static Attempt load() {
            try {
                final NativeFunctions library =
                        new NativeFunctions(CarriedLibrary.load(FOLDER, NEEDS, "libdnnl.so.3"));
                // its messages would go to standard output; the statuses say enough
                OneDnn.check(SET_VERBOSE, library.bindVariadic(SET_VERBOSE, "i").call(0));
                return new Attempt(library, null);
            } catch (final IOException | LinkageError e) {
                return new Attempt(null, e.getMessage());
            }
        }
    }

    /** The typed functions: constants to the compiler. Touched only once the library is loaded. */
    static final class Calls {
        static final Sgemm SGEMM = library().bind(Sgemm.class, "dnnl_sgemm", "ibblllfplplfpl");
        static final Execute EXECUTE =
                library().bind(Execute.class, "dnnl_primitive_execute", "ippip");
        static final SetDataHandle SET_DATA_HANDLE =
                library().bindShort(SetDataHandle.class, "dnnl_memory_set_data_handle", "ipp");
        static final SetThreads SET_THREADS =
                library().bindShort(SetThreads.class, "omp_set_num_threads", "vi");
        static final Threads THREADS =
                library().bindShort(Threads.class, "omp_get_max_threads", "i");
        static final Parallel PARALLEL = library().bind(Parallel.class, "GOMP_parallel", "vppii");
        static final Threads TEAM_SIZE =
                library().bindShort(Threads.class, "omp_get_num_threads", "i");
        static final Threads TEAM_MEMBER =
                library().bindShort(Threads.class, "omp_get_thread_num", "i");
        static final Size SIZE = library().bind(Size.class, "dnnl_memory_desc_get_size", "lp");
        static final Description DESCRIPTION =
                library().bind(Description.class, "dnnl_primitive_desc_query_md", "ppii");

        private Calls() {}
    }

    /** The engine of this JVM: it holds no state but the choice of the processor. */
    private static final class Engine {
        private static final MemorySegment ONCE = create();

        private static MemorySegment create() {
            try (Arena arena = Arena.ofConfined()) {
                final MemorySegment out = arena.allocate(ValueLayout.ADDRESS);
                OneDnn.call("dnnl_engine_create", out, CPU, 0L);
                return out.get(ValueLayout.ADDRESS, 0);
            }
        }
    }

    private static final Map<String, NativeFunctions.Variadic> BY_NAME = new ConcurrentHashMap<>();

    private OneDnn() {}

    /** {@return why oneDNN cannot be used here, or empty if it can} */
    static Optional<String> refusal() {
        return Optional.ofNullable(Attempt.ONCE.refusal());
    }

    /** {@return whether it can be used here; allocates nothing} */
    static boolean usable() {
        return Attempt.ONCE.refusal() == null;
    }

    /** {@return the processor as oneDNN sees it} */
    static MemorySegment engine() {
        return Engine.ONCE;
    }

    private static NativeFunctions library() {
        return Attempt.ONCE.library();
    }

    /** {@return the status of a function called by name; arguments are Integer, Long, Float or MemorySegment} */
    static int status(final String symbol, final Object... arguments) {
        return BY_NAME.computeIfAbsent(
                        symbol, name -> library().bindVariadic(name, letters(arguments)))
                .call(arguments);
    }

    /**
     * Calls a function by name.
     *
     * @throws IllegalStateException if its status is not success
     */
    static void call(final String symbol, final Object... arguments) {
        check(symbol, status(symbol, arguments));
    }

    /** Refuses any status but success. */
    static void check(final String symbol, final int status) {
        if (status != 0) {
            throw new IllegalStateException(
                    "oneDNN: call=%s, status=%d (%s), expected success"
                            .formatted(
                                    symbol,
                                    status,
                                    status < STATUS.size() ? STATUS.get(status) : "unknown"));
        }
    }

    private static String letters(final Object... arguments) {
        final StringBuilder letters = new StringBuilder();
        for (final Object argument : arguments) {
            letters.append(
                    switch (argument) {
                        case final Integer i -> 'i';
                        case final Long l -> 'l';
                        case final Float f -> 'f';
                        case final MemorySegment p -> 'p';
                        default ->
                                throw new IllegalArgumentException(
                                        "oneDNN: argument=" + argument.getClass());
                    });
        }
        return letters.toString();
    }

    /**
     * c [m, n] = alpha · op(a) · op(b) + beta · c, on {@code threads}; all row-major and whole: op(a) [m, k], op(b) [k, n].
     */
    static void sgemm(
            final int threads,
            final boolean transposeA,
            final boolean transposeB,
            final int m,
            final int n,
            final int k,
            final float alpha,
            final MemorySegment a,
            final MemorySegment b,
            final float beta,
            final MemorySegment c) {
        final int before = Calls.THREADS.call();
        Calls.SET_THREADS.call(threads);
        final int status =
                Calls.SGEMM.call(
                        (byte) (transposeA ? 'T' : 'N'),
                        (byte) (transposeB ? 'T' : 'N'),
                        m,
                        n,
                        k,
                        alpha,
                        a,
                        transposeA ? m : k,
                        b,
                        transposeB ? k : n,
                        beta,
                        c,
                        n);
        Calls.SET_THREADS.call(before);
        check("dnnl_sgemm", status);
    }
}

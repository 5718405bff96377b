package greenwave.kernels.cpu;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.io.IOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandleProxies;
import java.util.List;
import java.util.Optional;

/**
 * The functions of OpenBLAS that {@link CpuKernels} calls, on one thread. Loaded once per JVM, at the first question;
 * the answer is kept. Matrices are row-major and off heap: a pinned heap array may be moved under a critical call
 * (JDK-8377811).
 */
@SuppressWarnings("restricted") // calling native code is what it is for
final class OpenBlas {
    static final int ROW_MAJOR = 101;
    static final int NO_TRANSPOSE = 111;
    static final int TRANSPOSE = 112;

    private static final String FOLDER = "org/bytedeco/openblas/linux-x86_64/";
    private static final List<String> NEEDS =
            List.of("libgcc_s.so.1", "libquadmath.so.0", "libgfortran.so.5");
    private static final long CORE_NAME_BYTES = 64; // longer than any name OpenBLAS knows

    /** c = alpha · op(a) · op(b) + beta · c. */
    public interface Sgemm {
        void call(
                int order,
                int transposeA,
                int transposeB,
                int m,
                int n,
                int k,
                float alpha,
                MemorySegment a,
                int lda,
                MemorySegment b,
                int ldb,
                float beta,
                MemorySegment c,
                int ldc);
    }

    /** y = alpha · op(a) · x + beta · y. */
    public interface Sgemv {
        void call(
                int order,
                int transpose,
                int m,
                int n,
                float alpha,
                MemorySegment a,
                int lda,
                MemorySegment x,
                int incX,
                float beta,
                MemorySegment y,
                int incY);
    }

    /** y = alpha · x + beta · y. */
    public interface Saxpby {
        void call(
                int n,
                float alpha,
                MemorySegment x,
                int incX,
                float beta,
                MemorySegment y,
                int incY);
    }

    /** Takes the number of threads. */
    public interface SetThreads {
        /** Sets it for all later calls in this process. */
        void call(int threads);
    }

    /** Names the kernels in use. */
    public interface CoreName {
        /** {@return a zero-terminated string that lives as long as the library} */
        MemorySegment call();
    }

    /** What the one attempt to load came to: a library, or the reason why there is none. */
    private record Attempt(SymbolLookup library, String refusal) {
        private static final Attempt ONCE = load();

        private static Attempt load() {
            try {
                return new Attempt(CarriedLibrary.load(FOLDER, NEEDS, "libopenblas.so.0"), null);
            } catch (final IOException | LinkageError e) {
                return new Attempt(null, e.getMessage());
            }
        }
    }

    /** The bound functions: constants to the compiler. Touched only once the library is loaded. */
    static final class Calls {
        static final Sgemm SGEMM = bind(Sgemm.class, "cblas_sgemm", "iiiiiifpipifpi");
        static final Sgemv SGEMV = bind(Sgemv.class, "cblas_sgemv", "iiiifpipifpi");
        static final Saxpby SAXPBY = bind(Saxpby.class, "cblas_saxpby", "ifpifpi");

        static {
            bind(SetThreads.class, "openblas_set_num_threads", "i").call(1);
        }

        private Calls() {}

        private static <T> T bind(
                final Class<T> type, final String symbol, final String arguments) {
            return OpenBlas.bind(type, symbol, FunctionDescriptor.ofVoid(layouts(arguments)));
        }
    }

    private OpenBlas() {}

    /** {@return why OpenBLAS cannot be used here, or empty if it can} */
    static Optional<String> refusal() {
        return Optional.ofNullable(Attempt.ONCE.refusal());
    }

    /** {@return the processor whose kernels OpenBLAS has chosen} */
    static String core() {
        return bind(CoreName.class, "openblas_get_corename", FunctionDescriptor.of(ADDRESS))
                .call()
                .reinterpret(CORE_NAME_BYTES)
                .getString(0);
    }

    private static MemoryLayout[] layouts(final String arguments) {
        return arguments
                .chars()
                .mapToObj(
                        letter ->
                                switch (letter) {
                                    case 'i' -> JAVA_INT;
                                    case 'f' -> JAVA_FLOAT;
                                    case 'p' -> ADDRESS;
                                    default ->
                                            throw new IllegalArgumentException(
                                                    "layout: letter=" + (char) letter);
                                })
                .toArray(MemoryLayout[]::new);
    }

    /** As an interface, because a method handle declares every Throwable; it costs nothing more. */
    private static <T> T bind(
            final Class<T> type, final String symbol, final FunctionDescriptor signature) {
        return MethodHandleProxies.asInterfaceInstance(
                type,
                Linker.nativeLinker()
                        .downcallHandle(
                                Attempt.ONCE.library().findOrThrow(symbol),
                                signature,
                                Linker.Option.critical(false)));
    }
}

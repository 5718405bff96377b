package greenwave.kernels.cpu;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;

/**
 * The functions of OpenBLAS that {@link CpuKernels} calls, on one thread. Loaded once per JVM, at the first question;
 * the answer is kept. Matrices are row-major and off heap.
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
    private record Attempt(NativeFunctions library, String refusal) {
        private static final Attempt ONCE = load();

        private static Attempt load() {
            try {
                return new Attempt(
                        new NativeFunctions(CarriedLibrary.load(FOLDER, NEEDS, "libopenblas.so.0")),
                        null);
            } catch (final IOException | LinkageError e) {
                return new Attempt(null, e.getMessage());
            }
        }
    }

    /** The bound functions: constants to the compiler. Touched only once the library is loaded. */
    static final class Calls {
        static final Sgemm SGEMM = library().bind(Sgemm.class, "cblas_sgemm", "viiiiiifpipifpi");
        static final Sgemv SGEMV = library().bind(Sgemv.class, "cblas_sgemv", "viiiifpipifpi");
        static final Saxpby SAXPBY = library().bind(Saxpby.class, "cblas_saxpby", "vifpifpi");

        static {
            library().bindShort(SetThreads.class, "openblas_set_num_threads", "vi").call(1);
        }

        private Calls() {}
    }

    private OpenBlas() {}

    /** {@return why OpenBLAS cannot be used here, or empty if it can} */
    static Optional<String> refusal() {
        return Optional.ofNullable(Attempt.ONCE.refusal());
    }

    /** {@return the processor whose kernels OpenBLAS has chosen} */
    static String core() {
        return library()
                .bindShort(CoreName.class, "openblas_get_corename", "p")
                .call()
                .reinterpret(CORE_NAME_BYTES)
                .getString(0);
    }

    private static NativeFunctions library() {
        return Attempt.ONCE.library();
    }
}

package greenwave.kernels.cpu;

import java.util.Set;

/**
 * Which library multiplies matrices of a shape, as measured from Java on one thread. OpenBLAS has kernels for small products on
 * processors with AVX-512 alone: there it wins where a side is narrow (128 x 2 x 128: 0.6 against 2.8 us), and oneDNN from
 * 32 x 128 x 128 on (128 x 128 x 128: 16.5 against 21). With AVX2 oneDNN wins at every shape tried, from 1 x 128 x 128 (1.1
 * against 12 us) to 64 x 512 x 3136 (2.4 against 3.2 ms).
 */
final class MatrixLibrary {
    private static final Set<String> SMALL_KERNELS =
            Set.of("SkylakeX", "Cooperlake", "Sapphirerapids");
    private static final int NARROW = 16;
    private static final long LARGE = 1 << 19;

    /** Asked once the first product is computed: small networks on AVX-512 never load oneDNN. */
    private static final class OnlyLarge {
        private static final boolean VALUE = SMALL_KERNELS.contains(OpenBlas.core());
    }

    private MatrixLibrary() {}

    /** {@return whether oneDNN multiplies an m x k by a k x n matrix; else OpenBLAS does} */
    static boolean isOneDnn(final int m, final int n, final int k) {
        final boolean large = Math.min(m, Math.min(n, k)) >= NARROW && (long) m * n * k >= LARGE;
        return (large || !OnlyLarge.VALUE) && OneDnn.usable();
    }
}

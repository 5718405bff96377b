package greenwave.kernels.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import greenwave.kernels.Backend;
import greenwave.kernels.Backends;
import greenwave.kernels.Buffer;
import greenwave.kernels.DType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Optional;
import java.util.Random;

class OneDnnTest {
    private static final float TOLERANCE = 2e-6f; // times the size: sums are taken in another order

    private static Buffer gaussian(final Backend backend, final int length, final long seed) {
        final Buffer buffer = backend.allocate(DType.F32, length);
        final Random random = new Random(seed);
        for (int i = 0; i < length; i++) {
            buffer.segment().setAtIndex(ValueLayout.JAVA_FLOAT, i, (float) random.nextGaussian());
        }
        return buffer;
    }

    private static float[] floats(final Buffer buffer) {
        return buffer.segment().toArray(ValueLayout.JAVA_FLOAT);
    }

    @Test
    void theLibraryLoadsAndLeavesOpenMpAlone() {
        assertEquals(Optional.empty(), OneDnn.refusal());
        OneDnn.Calls.SET_THREADS.call(2);
        try (Backend backend = Backends.open("reference")) {
            final MemorySegment x = gaussian(backend, 4, 1).segment();
            final MemorySegment y = backend.allocate(DType.F32, 4).segment();
            OneDnn.sgemm(1, false, false, 2, 2, 2, 1, x, x, 0, y);
            assertEquals(2, OneDnn.Calls.THREADS.call());
        }
    }

    @Test
    void aFailedCallIsNamedWithItsStatus() {
        assertEquals(
                "oneDNN: call=dnnl_engine_create, status=2 (invalid arguments), expected success",
                assertThrows(
                                IllegalStateException.class,
                                () -> OneDnn.call("dnnl_engine_create", MemorySegment.NULL, 1, 0L))
                        .getMessage());
    }

    @ParameterizedTest(name = "n={0}")
    @ValueSource(ints = {1, 2, 3, 7, 8, 15, 16, 17, 31, 33, 128, 257})
    void matrixProductsOfEveryForm(final int n) {
        final int m = 5;
        final int k = 9;
        try (Backend backend = Backends.open("reference")) {
            final Buffer a = gaussian(backend, m * k, 1);
            final Buffer b = gaussian(backend, k * n, 2);
            for (final boolean transposeA : List.of(false, true)) {
                for (final boolean transposeB : List.of(false, true)) {
                    for (final float beta : new float[] {0, 1, -0.5f}) {
                        final Buffer expected = gaussian(backend, m * n, 3);
                        final Buffer c = gaussian(backend, m * n, 3);
                        backend.kernels()
                                .gemm(
                                        1,
                                        transposeA,
                                        transposeB,
                                        m,
                                        n,
                                        k,
                                        0.7f,
                                        a,
                                        b,
                                        beta,
                                        expected);
                        OneDnn.sgemm(
                                1,
                                transposeA,
                                transposeB,
                                m,
                                n,
                                k,
                                0.7f,
                                a.segment(),
                                b.segment(),
                                beta,
                                c.segment());
                        assertArrayEquals(floats(expected), floats(c), TOLERANCE * 16);
                    }
                }
            }
        }
    }
}

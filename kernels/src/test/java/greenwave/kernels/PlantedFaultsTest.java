package greenwave.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import greenwave.emulation.EmulatedCuda;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

import java.nio.file.Path;
import java.util.List;
import java.util.function.BiFunction;

/**
 * That comparing the emulated device with the plain loops finds mistakes of the kinds that kernels have: each is planted into
 * a kernel's source, and what was equal in every order of threads must then differ in one, or the device must have failed.
 */
@Tag("planted")
class PlantedFaultsTest {
    private static final int ORDERS = 4;
    private static final int ROWS = 3;
    private static final int COLS = 700; // several warps, and terms for each thread
    private static final float TOLERANCE = 1e-4f;

    /** What a family of kernels is asked to compute; returns the output. */
    private interface Work extends BiFunction<Backend, Buffer, Buffer> {}

    private record Fault(String name, String family, String from, String to, Work work) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static final Work SUM =
            (backend, x) -> {
                final Buffer y = backend.allocate(DType.F32, 1);
                backend.kernels().sum(x, 1, y);
                return y;
            };

    private static final Work DIFFERENCE =
            (backend, x) -> {
                final Buffer y = backend.allocate(DType.F32, COLS);
                backend.kernels().sub(x.slice(0, COLS), x.slice(COLS, COLS), y);
                return y;
            };

    private static final Work VARIANCE =
            (backend, x) -> {
                final Buffer y = backend.allocate(DType.F32, 2 * ROWS);
                backend.kernels()
                        .channelMoments(x, y.slice(0, ROWS), y.slice(ROWS, ROWS), 1, ROWS, COLS);
                return y;
            };

    private static final Work LAYER_GRADIENTS =
            (backend, x) -> {
                final Buffer dw = backend.allocate(DType.F32, 42);
                final Buffer db = backend.allocate(DType.F32, 6);
                final Buffer w = x.slice(1300, 42);
                final Buffer dy = x.slice(700, 600);
                backend.kernels()
                        .linearGradients(
                                x.slice(0, 700), w, null, dy, null, dw, db, false, 100, 7, 6);
                return dw;
            };

    static final List<Fault> FAULTS =
            List.of(
                    new Fault(
                            "a barrier is missing before sums are read",
                            "sums",
                            "    __syncthreads();\n    double sum = 0;\n    for (unsigned w",
                            "    double sum = 0;\n    for (unsigned w",
                            SUM),
                    new Fault(
                            "a barrier is missing before sums are written again",
                            "norms",
                            "sum += ofWarps[w];\n    }\n    __syncthreads();",
                            "sum += ofWarps[w];\n    }",
                            VARIANCE),
                    new Fault(
                            "a barrier is reached by some threads only",
                            "sums",
                            "        ofWarps[threadIdx.x / LANES] = mine;\n    }\n    __syncthreads();",
                            "        ofWarps[threadIdx.x / LANES] = mine;\n    __syncthreads();\n    }",
                            SUM),
                    new Fault(
                            "a lane is left out of a sum",
                            "sums",
                            "distance = LANES / 2; distance > 0;",
                            "distance = LANES / 4; distance > 0;",
                            SUM),
                    new Fault(
                            "a loop goes one too far",
                            "elementwise",
                            "i < (n)",
                            "i <= (n)",
                            DIFFERENCE),
                    new Fault(
                            "a loop ends one too early",
                            "elementwise",
                            "i < (n)",
                            "i < (n) - 1",
                            DIFFERENCE),
                    new Fault(
                            "a barrier is missing before what is held is read",
                            "layers",
                            "        __syncthreads();\n        for (int k = 0; k < DEPTH; k++) {",
                            "        for (int k = 0; k < DEPTH; k++) {",
                            LAYER_GRADIENTS),
                    new Fault(
                            "a barrier is missing before the next part is held",
                            "layers",
                            "        __syncthreads(); // before the next part is held",
                            "",
                            LAYER_GRADIENTS),
                    new Fault(
                            "two arguments are swapped",
                            "elementwise",
                            "void sub(const float* a, const float* b,",
                            "void sub(const float* b, const float* a,",
                            DIFFERENCE));

    @AfterEach
    void restore() {
        EmulatedCuda.recover();
        EmulatedCuda.restore();
        EmulatedCuda.order(0);
    }

    @ParameterizedTest
    @FieldSource("FAULTS")
    void isFound(final Fault fault, @TempDir final Path scratch) throws Exception {
        assertEquals("", findings(fault.work));
        EmulatedCuda.plant(fault.family, fault.from, fault.to, scratch);
        assertNotEquals("", findings(fault.work));
    }

    /** Returns how the device differs from the plain loops, empty if in no order. */
    private static String findings(final Work work) {
        final float[] values = Memory.gaussian(ROWS * COLS, 5);
        final StringBuilder findings = new StringBuilder();
        try (Backend reference = Backends.open("reference")) {
            final float[] expected =
                    Memory.floats(work.apply(reference, Memory.of(reference, values)));
            for (int order = 0; order < ORDERS; order++) {
                EmulatedCuda.order(order);
                findings.append(differences(work, values, expected));
            }
        }
        return findings.toString();
    }

    private static String differences(
            final Work work, final float[] values, final float[] expected) {
        final StringBuilder differences = new StringBuilder();
        try (Backend device = EmulatedCuda.open()) {
            final float[] actual = Memory.floats(work.apply(device, Memory.of(device, values)));
            for (int i = 0; i < expected.length; i++) {
                if (!(Math.abs(expected[i] - actual[i]) <= TOLERANCE)) {
                    differences.append(
                            "%d: %s, expected %s%n".formatted(i, actual[i], expected[i]));
                }
            }
            EmulatedCuda.idle();
        } catch (final DeviceException | IllegalStateException e) {
            differences.append(e.getMessage());
            EmulatedCuda.recover();
        }
        return differences.toString();
    }
}

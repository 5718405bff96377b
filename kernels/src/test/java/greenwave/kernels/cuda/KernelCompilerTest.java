package greenwave.kernels.cuda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import greenwave.emulation.EmulatedCuda;
import greenwave.kernels.Backend;
import greenwave.kernels.Buffer;
import greenwave.kernels.DType;
import greenwave.kernels.DeviceException;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;

/**
 * What NVRTC is given, under JCuda's unmodified natives. The emulated library compiles nothing: it takes the sources as they
 * were packaged, with all that they include, and gives the packaged PTX for machine code.
 */
@Tag("cuda")
class KernelCompilerTest {
    private static final int[] CAPABILITIES = {75, 80, 86, 89, 90};

    @BeforeAll
    static void nvrtcIsThere() {
        assertEquals("", CudaLibraries.get().nvrtcRefusal().orElse(""));
    }

    @AfterEach
    void restore() {
        System.clearProperty(CudaModule.COMPILE);
        EmulatedCuda.mistake("");
    }

    @ParameterizedTest
    @MethodSource("greenwave.kernels.cuda.PtxTest#families")
    void everySourceIsCompiledForTheDevice(final String family) {
        for (final int capability : CAPABILITIES) {
            assertTrue(KernelCompiler.serves(capability));
            final String code =
                    new String(KernelCompiler.compile(family, capability), StandardCharsets.UTF_8);
            final String ptx =
                    new String(CudaModule.resource(family + ".ptx"), StandardCharsets.UTF_8);
            assertEquals("// sm_%d\n%s\0".formatted(capability, ptx), code);
        }
    }

    @Test
    void aDeviceThatItDoesNotKnowIsNotServed() {
        assertFalse(KernelCompiler.serves(52));
        assertEquals(
                "nvrtcCompileProgram(loss): status=5, NVRTC_ERROR_INVALID_OPTION: nvrtc: error: invalid value for an option",
                assertThrows(DeviceException.class, () -> KernelCompiler.compile("loss", 52))
                        .getMessage());
    }

    @Test
    void whatDoesNotCompileIsToldWithTheCompilersLog() {
        EmulatedCuda.mistake("nvrtcCreateProgram");
        assertEquals(
                "nvrtcCompileProgram(loss): status=6, NVRTC_ERROR_COMPILATION: loss.cu: catastrophic error: cannot open source file \"device.cuh\"",
                assertThrows(DeviceException.class, () -> KernelCompiler.compile("loss", 90))
                        .getMessage());
    }

    @Test
    void aBackendRunsThemWhereAsked() {
        System.setProperty(CudaModule.COMPILE, "true");
        assertArrayEquals(new float[] {1, 0, 3}, relu(1, -2, 3));
        EmulatedCuda.mistake("nvrtcCreateProgram");
        assertThrows(DeviceException.class, () -> relu(1, -2, 3)); // so it does compile
    }

    private static float[] relu(final float... values) {
        try (Backend device = EmulatedCuda.open()) {
            final Buffer x = device.allocate(DType.F32, values.length);
            final Buffer y = device.allocate(DType.F32, values.length);
            x.upload(0, MemorySegment.ofArray(values), 0, values.length);
            device.kernels().relu(x, y);
            final float[] result = new float[values.length];
            y.download(0, MemorySegment.ofArray(result), 0, result.length);
            return result;
        }
    }
}

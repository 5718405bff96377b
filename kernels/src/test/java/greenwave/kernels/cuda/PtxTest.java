package greenwave.kernels.cuda;

import static jcuda.nvptxcompiler.JNvPTXCompiler.nvPTXCompilerCompile;
import static jcuda.nvptxcompiler.JNvPTXCompiler.nvPTXCompilerCreate;
import static jcuda.nvptxcompiler.JNvPTXCompiler.nvPTXCompilerDestroy;
import static jcuda.nvptxcompiler.JNvPTXCompiler.nvPTXCompilerGetCompiledProgramSize;
import static jcuda.nvptxcompiler.JNvPTXCompiler.nvPTXCompilerGetErrorLog;
import static jcuda.nvptxcompiler.JNvPTXCompiler.nvPTXCompilerGetErrorLogSize;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jcuda.nvptxcompiler.nvPTXCompilerHandle;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The packaged PTX, assembled to machine code by NVIDIA's own assembler, which needs neither a device nor a driver. */
class PtxTest {
    private static final Path SOURCES = Path.of("src/main/cuda");
    private static final List<String> DEVICES =
            List.of("sm_75", "sm_80", "sm_86", "sm_89", "sm_90");

    @BeforeAll
    static void load() throws IOException {
        JcudaNatives.load("jcuda.nvptxcompiler.JNvPTXCompiler", "JNvPTXCompiler", null, null);
    }

    static Stream<String> families() throws IOException {
        try (var files = Files.list(SOURCES)) {
            return files
                    .map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".cu"))
                    .map(name -> name.substring(0, name.length() - 3))
                    .sorted()
                    .toList()
                    .stream();
        }
    }

    @ParameterizedTest
    @MethodSource("families")
    void isMachineCodeForEveryDevice(final String family) {
        final String ptx = text(family + ".ptx");
        for (final String device : DEVICES) {
            assertEquals("", assemble(ptx, device), family + " for " + device);
        }
    }

    @Test
    void whatIsNoPtxIsRefused() {
        final String broken = text("elementwise.ptx").replaceFirst("add\\.f32", "addd.f32");
        final String log = assemble(broken, "sm_80");
        assertTrue(log.contains("Not a name of any known instruction: 'addd'"), log);
    }

    @ParameterizedTest
    @MethodSource("families")
    void sourcesAreBesideIt(final String family) throws IOException {
        assertEquals(Files.readString(SOURCES.resolve(family + ".cu")), text(family + ".cu"));
    }

    /** As on a machine without nvcc. */
    @Test
    void aSourceThatChangedIsRefusedWithoutACompiler(@TempDir final Path folder) throws Exception {
        try (var files = Files.list(SOURCES)) {
            for (final Path file : files.toList()) {
                Files.copy(file, folder.resolve(file.getFileName()));
            }
        }
        final Path packaged = Path.of("src/main/resources/greenwave/kernels/cuda").toAbsolutePath();
        assertEquals("", check(folder, packaged));
        final Path source = folder.resolve("elementwise.cu");
        Files.writeString(source, Files.readString(source) + "// changed\n");
        final String refusal = check(folder, packaged);
        assertTrue(
                refusal.startsWith(
                        "elementwise.ptx is older than its source, and nvcc was not found"),
                refusal);
    }

    private static String check(final Path folder, final Path ptx)
            throws IOException, InterruptedException {
        final ProcessBuilder script =
                new ProcessBuilder("sh", folder.resolve("ptx.sh").toString(), ptx.toString());
        script.environment().put("PATH", "/usr/bin:/bin");
        script.environment().put("CUDA_HOME", "/nonexistent");
        final Process process = script.redirectErrorStream(true).start();
        final String said =
                new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(said.isEmpty() ? 0 : 1, process.waitFor(), said);
        return said;
    }

    private static String text(final String resource) {
        return new String(CudaModule.resource(resource), StandardCharsets.UTF_8);
    }

    /** Returns what the assembler complains of. */
    private static String assemble(final String ptx, final String device) {
        final nvPTXCompilerHandle compiler = new nvPTXCompilerHandle();
        final byte[] image = (ptx + "\0").getBytes(StandardCharsets.UTF_8);
        assertEquals(0, nvPTXCompilerCreate(compiler, image.length, image));
        try {
            final long[] size = {0};
            if (nvPTXCompilerCompile(compiler, 1, new String[] {"--gpu-name=" + device}) == 0) {
                assertEquals(0, nvPTXCompilerGetCompiledProgramSize(compiler, size));
                assertTrue(size[0] > 0, device);
                return "";
            }
            assertEquals(0, nvPTXCompilerGetErrorLogSize(compiler, size));
            final byte[] log = new byte[Math.toIntExact(size[0]) + 1];
            assertEquals(0, nvPTXCompilerGetErrorLog(compiler, log));
            return new String(log, StandardCharsets.UTF_8).strip();
        } finally {
            nvPTXCompilerDestroy(compiler);
        }
    }
}

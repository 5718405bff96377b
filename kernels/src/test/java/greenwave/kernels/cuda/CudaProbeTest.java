package greenwave.kernels.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;

import greenwave.kernels.Backend;
import greenwave.kernels.Backends;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What is said of CUDA, in processes that find different libraries: a process looks once. They run on the class path, where
 * the other tests run as a module.
 */
class CudaProbeTest {
    private static final Path EMULATION = Path.of("target/emulation").toAbsolutePath();

    @TempDir private Path folder;

    /** Says what {@code args[0]} opens, or why it does not. */
    public static void main(final String[] args) {
        try (Backend backend = Backends.open(args[0])) {
            System.out.print(backend.describe());
        } catch (final IllegalArgumentException e) {
            System.out.print(e.getMessage());
        }
    }

    private String open(final String backend) throws IOException, InterruptedException {
        return open(backend, folder, "");
    }

    private String open(final String backend, final Path libraries, final String noDevice)
            throws IOException, InterruptedException {
        final String classPath =
                Stream.of("jdk.module.path", "java.class.path")
                        .map(key -> System.getProperty(key, ""))
                        .filter(path -> !path.isEmpty())
                        .collect(Collectors.joining(File.pathSeparator));
        final ProcessBuilder process =
                new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-XX:TieredStopAtLevel=1",
                        "-Dgreenwave.cuda.path=" + libraries,
                        "-cp",
                        Path.of("target/test-classes")
                                + File.pathSeparator
                                + Path.of("target/classes")
                                + File.pathSeparator
                                + classPath,
                        CudaProbeTest.class.getName(),
                        backend);
        if (!noDevice.isEmpty()) {
            process.environment().put("EMULATED_NO_DEVICE", noDevice);
        }
        final Process running = process.redirectError(ProcessBuilder.Redirect.DISCARD).start();
        final String said =
                new String(running.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, running.waitFor(), said);
        return said;
    }

    private static String refused(final String backend, final String reason) {
        return "backend: requested=%s, usable=none, refused=[cuda: %s], known=[cuda, cpu, reference]"
                .formatted(backend, reason);
    }

    private void offer(final int major, final String... files) throws IOException {
        for (final String file : files) {
            Files.copy(EMULATION.resolve(major + "/" + file), folder.resolve(file));
        }
    }

    @Test
    void eitherVersionServesAndIsNamed() throws Exception {
        for (final int major : List.of(12, 13)) {
            assertEquals(
                    "cuda:0 (emulation on the host; driver for CUDA %1$d.0, NVRTC %1$d.0, cuBLAS %1$d.0.0, cuDNN 9.0.0)"
                            .formatted(major),
                    open("cuda", EMULATION.resolve(String.valueOf(major)), ""));
        }
    }

    @Test
    void noDriverIsSaidWithThePlacesSearched() throws Exception {
        assertEquals(
                refused("cuda:0", "no NVIDIA driver: libcuda.so.1 not found in " + folder),
                open("cuda:0"));
    }

    @Test
    void aFileThatIsNoLibraryIsNamed() throws Exception {
        final Path file = Files.writeString(folder.resolve("libcuda.so.1"), "text");
        assertEquals(
                refused("cuda", file + " does not load: Cannot open library: " + file),
                open("cuda"));
    }

    @Test
    void librariesThatAreMissingAreNamed() throws Exception {
        offer(12, "libcuda.so.1", "libcudnn.so.9");
        assertEquals(
                refused(
                        "cuda:0",
                        "libcublas.so.12 or .13: not found; libcudnn.so.9: %s; looked in greenwave.cuda.path"
                                .formatted(folder.resolve("libcudnn.so.9"))),
                open("cuda:0"));
    }

    @Test
    void librariesNewerThanTheDriverAreNotTaken() throws Exception {
        offer(12, "libcuda.so.1", "libcudnn.so.9");
        final Path cublas = folder.resolve("libcublas.so.13");
        Files.copy(EMULATION.resolve("13/libcublas.so.13"), cublas);
        assertEquals(
                refused(
                        "cuda:0",
                        "libcublas.so.12 or .13: not found, newer than the driver: %s; libcudnn.so.9: %s; looked in greenwave.cuda.path"
                                .formatted(cublas, folder.resolve("libcudnn.so.9"))),
                open("cuda:0"));
    }

    @Test
    void aDriverWithoutADeviceSaysSo() throws Exception {
        assertEquals(
                refused(
                        "cuda:0",
                        "cuInit: status=100, CUDA_ERROR_NO_DEVICE (no CUDA-capable device is detected)"),
                open("cuda:0", EMULATION.resolve("13"), "yes"));
    }

    @Test
    void aDeviceThatIsNotThereIsRefused() throws Exception {
        final Path libraries = EMULATION.resolve("13");
        assertEquals(
                refused("cuda:7", "device=7, expected less than the 1 that there are"),
                open("cuda:7", libraries, ""));
        assertEquals(
                refused("cuda:first", "device=first, expected a number"),
                open("cuda:first", libraries, ""));
    }
}

package greenwave.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.stream.Stream;

class BackendsTest {
    /** A provider that has a reason not to be used, or opens the reference under its name. */
    private record Planted(String name, int rank, String reason) implements BackendProvider {
        @Override
        public Optional<String> probe(final String device) {
            return Optional.ofNullable(reason);
        }

        @Override
        public Backend open(final String device) {
            assertEquals(null, reason, "opened though it refused");
            return Backends.open("reference");
        }
    }

    private static String refusal(final String requested, final List<BackendProvider> providers) {
        return assertThrows(
                        IllegalArgumentException.class, () -> Backends.open(requested, providers))
                .getMessage();
    }

    @Test
    void anExplicitChoiceIsMetExactly() {
        try (Backend cpu = Backends.open("cpu");
                Backend reference = Backends.open("reference")) {
            assertEquals("cpu", cpu.name());
            assertTrue(cpu.describe().startsWith("cpu (OpenBLAS, "), cpu.describe());
            assertEquals("reference", reference.name());
        }
    }

    @Test
    void theNumberOfThreadsIsExactOrRefused() {
        final int most = Runtime.getRuntime().availableProcessors();
        try {
            for (final String wrong : List.of("0", "two", String.valueOf(most + 1))) {
                System.setProperty("greenwave.threads", wrong);
                assertEquals(
                        ("backend: requested=cpu, usable=none, refused=[cpu: greenwave.threads=%s,"
                                        + " expected 1 to %d, the processors], known=[cuda, cpu,"
                                        + " reference]")
                                .formatted(wrong, most),
                        assertThrows(IllegalArgumentException.class, () -> Backends.open("cpu"))
                                .getMessage());
            }
            System.setProperty("greenwave.threads", String.valueOf(most));
            try (Backend cpu = Backends.open("cpu")) {
                assertTrue(cpu.describe().endsWith("%d)".formatted(most)), cpu.describe());
            }
        } finally {
            System.clearProperty("greenwave.threads");
        }
    }

    @Test
    void autoTakesTheUsableOneOfHighestRank() {
        try (Backend backend = Backends.open("auto")) {
            assertEquals("cpu", backend.name());
        }
        final List<BackendProvider> providers =
                List.of(
                        new Planted("fast", 9, "no such device"),
                        new Planted("slow", 3, null),
                        new Planted("slower", 2, "never asked"));
        try (Backend backend = Backends.open("auto", providers)) {
            assertEquals("reference", backend.name());
        }
    }

    @Test
    void aChoiceThatCannotBeMetIsRefusedWithTheReasons() {
        final List<BackendProvider> providers =
                List.of(new Planted("cuda", 9, "devices=0"), new Planted("cpu", 3, "no library"));
        assertEquals(
                "backend: requested=cuda:0, usable=none, refused=[cuda: devices=0], known=[cuda,"
                        + " cpu]",
                refusal("cuda:0", providers));
        assertEquals(
                "backend: requested=auto, usable=none, refused=[cuda: devices=0, cpu: no library],"
                        + " known=[cuda, cpu]",
                refusal("auto", providers));
        assertEquals(
                "backend: requested=tpu, usable=none, refused=[], known=[cuda, cpu, reference]",
                assertThrows(IllegalArgumentException.class, () -> Backends.open("tpu"))
                        .getMessage());
        assertEquals(
                "backend: requested=cpu:1, usable=none, refused=[cpu: it has no devices],"
                        + " known=[cuda, cpu, reference]",
                assertThrows(IllegalArgumentException.class, () -> Backends.open("cpu:1"))
                        .getMessage());
    }

    @Test
    void theClassPathNamesTheSameProvidersAsTheModule() throws IOException {
        final var services =
                Backends.class
                        .getModule()
                        .getResourceAsStream(
                                "META-INF/services/" + BackendProvider.class.getName());
        try (services) {
            assertEquals(
                    ServiceLoader.load(BackendProvider.class).stream()
                            .map(provider -> provider.type().getName())
                            .sorted()
                            .toList(),
                    new String(services.readAllBytes()).lines().sorted().toList());
        }
    }

    @Test
    void nothingIsLeftInTheTemporaryFolder() throws IOException {
        Backends.open("cpu").close();
        try (Stream<Path> files = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
            final long pid = ProcessHandle.current().pid();
            assertEquals(
                    List.of(),
                    files.filter(
                                    f ->
                                            f.getFileName()
                                                    .toString()
                                                    .startsWith("greenwave-native-" + pid + "-"))
                            .toList());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"cpu", "reference"})
    void memoryIsCountedAndGivenBack(final String name) {
        final Backend backend = Backends.open(name);
        try (backend) {
            final Buffer floats = backend.allocate(DType.F32, 10);
            final Buffer bytes = backend.allocate(DType.U8, 3);
            assertEquals(43, backend.allocatedBytes());
            assertEquals(0, floats.segment().address() % 64);
            floats.slice(2, 3).close(); // a view owns nothing
            assertEquals(43, backend.allocatedBytes());
            floats.close();
            floats.close();
            assertEquals(3, backend.allocatedBytes());
            assertThrows(IllegalStateException.class, () -> backend.kernels().fill(floats, 1));
            assertEquals(3, bytes.length());
        }
        assertEquals(0, backend.allocatedBytes());
    }

    @ParameterizedTest
    @ValueSource(strings = {"cpu", "reference"})
    void aClosedBufferStopsEveryKernelBeforeNativeCode(final String name) {
        try (Backend backend = Backends.open(name)) {
            final Buffer open = backend.allocate(DType.F32, 4);
            final Buffer closed = backend.allocate(DType.F32, 4);
            closed.close();
            final Kernels k = backend.kernels();
            assertThrows(
                    IllegalStateException.class,
                    () -> k.gemm(1, false, false, 2, 2, 2, 1, open, closed, 0, open));
            assertThrows(IllegalStateException.class, () -> k.lerp(closed, 0.5f, open));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"cpu", "reference"})
    void buffersCopyWithinTheirBounds(final String name) {
        try (Backend backend = Backends.open(name);
                Arena arena = Arena.ofConfined()) {
            final Buffer buffer = backend.allocate(DType.I32, 6);
            final MemorySegment host = arena.allocateFrom(ValueLayout.JAVA_INT, 1, 2, 3, 4);
            buffer.upload(1, host, 4, 3); // 2, 3, 4
            final Buffer slice = buffer.slice(2, 2);
            final int[] out = new int[3];
            slice.download(0, MemorySegment.ofArray(out), 4, 2);
            assertEquals(List.of(0, 3, 4), Arrays.stream(out).boxed().toList());
            assertThrows(IndexOutOfBoundsException.class, () -> buffer.upload(4, host, 0, 3));
            assertThrows(IndexOutOfBoundsException.class, () -> buffer.upload(0, host, 8, 3));
            assertThrows(IndexOutOfBoundsException.class, () -> slice.download(0, host, 0, 3));
            assertThrows(IndexOutOfBoundsException.class, () -> buffer.slice(5, 2));
            assertEquals(
                    "allocate: dtype=U8, length=0, expected length >= 1",
                    assertThrows(
                                    IllegalArgumentException.class,
                                    () -> backend.allocate(DType.U8, 0))
                            .getMessage());
        }
    }
}

package greenwave.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;

class HostMemoryTest {
    @ParameterizedTest(name = "{0} bytes")
    @ValueSource(longs = {0, 1, 4095, (4 << 20) - 1, 4 << 20, (4 << 20) + 1, (33 << 20) + 7})
    void isZeroedAlignedAndWritableToTheLastByte(final long bytes) {
        try (Arena arena = Arena.ofShared()) {
            final MemorySegment memory = HostMemory.allocate(arena, bytes, 128);
            assertEquals(bytes, memory.byteSize());
            assertEquals(0, memory.address() % 128);
            assertEquals(-1, memory.mismatch(Arena.ofAuto().allocate(bytes)));
            memory.fill((byte) 7);
            assertThrows(
                    IndexOutOfBoundsException.class,
                    () -> memory.set(ValueLayout.JAVA_BYTE, bytes, (byte) 1));
        }
    }

    @Test
    void isGoneWithItsArena() throws Exception {
        final long before = mappedKiB();
        MemorySegment memory = null;
        for (int i = 0; i < 50; i++) {
            try (Arena arena = Arena.ofShared()) {
                memory = HostMemory.allocate(arena, 1L << 30, 64); // 50 GiB in all, never touched
            }
        }
        final MemorySegment last = memory;
        assertThrows(IllegalStateException.class, () -> last.get(ValueLayout.JAVA_BYTE, 0));
        assertEquals(before, mappedKiB(), 5 << 20, "KiB of address space");
    }

    /** Address space of this process; 0 on systems that do not tell. */
    private static long mappedKiB() throws Exception {
        final Path status = Path.of("/proc/self/status");
        if (!Files.exists(status)) {
            return 0;
        }
        return Files.readAllLines(status).stream()
                .filter(line -> line.startsWith("VmSize:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .sum();
    }
}

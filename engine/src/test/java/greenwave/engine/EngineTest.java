package greenwave.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import greenwave.kernels.DType;

import org.junit.jupiter.api.Test;

class EngineTest {
    private static Engine open(final String backend, final long seed) {
        return Engine.open(EngineConfig.builder().backend(backend).seed(seed).build());
    }

    @Test
    void twoEnginesShareNothing() {
        final Engine one = open("cpu", 1);
        try (Engine two = open("reference", 1)) {
            one.backend().allocate(DType.F32, 10);
            assertEquals(40, one.allocatedBytes());
            assertEquals(0, two.allocatedBytes());
            one.close();
            assertEquals(0, one.allocatedBytes());
            two.backend().allocate(DType.U8, 3);
            assertEquals(3, two.allocatedBytes());
        } finally {
            one.close();
        }
    }

    @Test
    void randomStreamsDependOnSeedPurposeAndOrderAlone() {
        try (Engine one = open("reference", 7);
                Engine two = open("reference", 7);
                Engine other = open("reference", 8)) {
            two.random("sample").nextLong(); // another purpose: moves nothing
            final long first = one.random("init").nextLong();
            assertEquals(first, two.random("init").nextLong());
            assertNotEquals(first, one.random("init").nextLong());
            assertNotEquals(first, other.random("init").nextLong());
            assertNotEquals(first, one.random("explore").nextLong());
        }
    }

    @Test
    void aStreamContinuesFromItsState() {
        final RandomStream stream = new RandomStream(3);
        stream.nextLong();
        assertEquals(new RandomStream(stream.state()).nextLong(), stream.nextLong());
    }

    @Test
    void splitMixIsTheOneOfThePaper() {
        // first outputs for seed 1234567, as the authors' public reference gives them
        final RandomStream stream = new RandomStream(1234567);
        assertEquals(6457827717110365317L, stream.nextLong());
        assertEquals(3203168211198807973L, stream.nextLong());
        assertEquals(Long.parseUnsignedLong("9817491932198370423"), stream.nextLong());
    }

    @Test
    void describesBackendAndSeed() {
        try (Engine engine = open("reference", 7)) {
            assertEquals("backend=reference (plain loops), seed=7", engine.describe());
        }
    }

    @Test
    void refusesToAllocateOnceClosed() {
        final Engine engine = open("cpu", 1);
        engine.close();
        engine.close();
        final IllegalStateException e =
                assertThrows(
                        IllegalStateException.class, () -> engine.backend().allocate(DType.F32, 4));
        assertEquals("allocate: backend=cpu is closed, dtype=F32, length=4", e.getMessage());
    }
}

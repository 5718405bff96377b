package greenwave.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

/** Runs a test body on an engine of its own and sees that it gives back every off-heap byte. */
public final class NoLeak {
    /** A body that may throw. */
    public interface Body {
        void run(Engine engine) throws Exception;
    }

    private NoLeak() {}

    /** The body closes what it makes; the engine's close is not allowed to do that for it. */
    public static void assertNoLeak(final String backend, final long seed, final Body body)
            throws Exception {
        final Engine engine =
                Engine.open(EngineConfig.builder().backend(backend).seed(seed).build());
        try (engine) {
            body.run(engine);
            assertEquals(0, engine.allocatedBytes(), "bytes left open");
        }
        assertEquals(0, engine.allocatedBytes(), "bytes after close");
    }
}

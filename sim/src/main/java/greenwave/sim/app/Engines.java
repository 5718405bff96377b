package greenwave.sim.app;

import greenwave.engine.Engine;
import greenwave.engine.EngineConfig;

/** Opens the engine that {@code -Dgreenwave.backend} names, by default the best one that works here. */
final class Engines {
    private static final String BACKEND = "greenwave.backend";

    private Engines() {}

    /**
     * Opens an engine.
     *
     * @param seed of first weights, exploration and sampling
     * @throws IllegalArgumentException if the backend that was asked for is unknown or does not work
     */
    static Engine open(final long seed) {
        final String backend = System.getProperty(BACKEND, "auto");
        return Engine.open(EngineConfig.builder().backend(backend).seed(seed).build());
    }
}

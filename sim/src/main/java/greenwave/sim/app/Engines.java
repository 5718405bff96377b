package greenwave.sim.app;

import greenwave.engine.Engine;
import greenwave.engine.EngineConfig;
import greenwave.kernels.Backends;

/** Opens the engine that {@code --backend} or {@code -Dgreenwave.backend} names, by default the best one that works here. */
final class Engines {
    /** The property that names a backend. */
    static final String BACKEND = "greenwave.backend";

    private Engines() {}

    /**
     * Opens an engine.
     *
     * @param seed of first weights, exploration and sampling
     * @throws IllegalArgumentException if the backend that was asked for is unknown or does not work
     */
    static Engine open(final long seed) {
        return Engine.open(EngineConfig.builder().backend(backend()).seed(seed).build());
    }

    /** {@return the name of the backend that was asked for} */
    static String backend() {
        return System.getProperty(BACKEND, Backends.AUTO);
    }
}

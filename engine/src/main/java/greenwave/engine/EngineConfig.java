package greenwave.engine;

import greenwave.kernels.Backends;

import java.util.Objects;

/**
 * What an {@link Engine} is opened with.
 *
 * @param backend {@code auto}, or a backend by its exact name, such as {@code cpu}
 * @param seed fixes every random number of the engine
 */
public record EngineConfig(String backend, long seed) {
    /** Refuses a missing backend. */
    public EngineConfig {
        Objects.requireNonNull(backend, "backend");
    }

    /** {@return a builder with backend {@code auto} and seed 0} */
    public static Builder builder() {
        return new Builder();
    }

    /** Collects the settings. */
    public static final class Builder {
        private String backend = Backends.AUTO;
        private long seed;

        private Builder() {}

        /** Sets the backend's name. */
        public Builder backend(final String backend) {
            this.backend = backend;
            return this;
        }

        /** Sets the seed. */
        public Builder seed(final long seed) {
            this.seed = seed;
            return this;
        }

        /** {@return the settings} */
        public EngineConfig build() {
            return new EngineConfig(backend, seed);
        }
    }
}

package greenwave.engine.nn;

import greenwave.engine.Engine;
import greenwave.engine.env.ImageSpec;
import greenwave.engine.tensor.Tensor;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/**
 * A network from observations to the value of each action: what a learner trains and a policy follows. An implementation
 * says what it sees, holds parameters and records its computation; the rest is here.
 */
public interface QNetwork extends Network, AutoCloseable {
    /** {@return the engine that it computes on} */
    Engine engine();

    /** {@return numbers in an observation's vector; 0 if it takes none} */
    int obsSize();

    /** {@return the size of an observation's image; null if it takes none} */
    ImageSpec image();

    /** {@return the number of actions} */
    int actions();

    /** {@return what its outputs say about each action} */
    ActionValues values();

    /** {@return the outputs [B, actions · perAction], recorded in the trace of {@code seen}} */
    Tensor outputs(Observation seen, Mode mode);

    /** {@return the action values [B, actions], expected returns, recorded in the trace of {@code seen}} */
    default Tensor forward(final Observation seen, final Mode mode) {
        return values().expected(outputs(seen, mode), actions());
    }

    /** As {@link #forward(Observation, Mode)}, evaluated, not trained. */
    default Tensor forward(final Observation seen) {
        return forward(seen, Mode.EVALUATING);
    }

    /** {@return a network of the same shape and weights that is never trained, such as a target} */
    QNetwork frozenCopy();

    /** Takes over the weights of {@code other}, a network of the same shape. */
    default void copyFrom(final QNetwork other) {
        parameters().copyFrom(other.parameters(), engine().backend().kernels());
    }

    /**
     * Writes the weights as safetensors.
     *
     * @throws IOException if the file cannot be written; a file that was there is unchanged
     */
    default void save(final Path file) throws IOException {
        save(file, Map.of());
    }

    /** As {@link #save(Path)}, with strings that travel in the file's header. */
    default void save(final Path file, final Map<String, String> metadata) throws IOException {
        NetFile.save(file, metadata, Map.of("", this));
    }

    /**
     * Reads weights that {@link #save} or PyTorch has written.
     *
     * @return the strings in the file's header
     * @throws IOException if the file cannot be read or is damaged; the weights are unchanged
     * @throws IllegalArgumentException if it belongs to a network of another shape; the weights are unchanged
     */
    default Map<String, String> load(final Path file) throws IOException {
        return NetFile.load(file, Map.of("", this));
    }

    /** Frees the weights; later calls do nothing. The engine does so too when it closes. */
    @Override
    default void close() {
        parameters().close();
    }
}

package greenwave.engine.io;

import greenwave.engine.io.Safetensors.Entry;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Tensors in a safetensors file whose metadata holds, as {@code sha256.NAME}, the SHA-256 of each tensor's bytes. */
public final class CheckedTensors {
    private static final String KEY = "sha256.";

    private CheckedTensors() {}

    /**
     * Writes {@code tensors} and their sums.
     *
     * @throws IOException if the file cannot be written; a file that was there is unchanged
     */
    public static void write(final Path file, final List<Entry> tensors) throws IOException {
        final Map<String, String> metadata = new TreeMap<>();
        tensors.forEach(tensor -> metadata.put(KEY + tensor.name(), Sha256.of(tensor.data())));
        Safetensors.write(file, metadata, tensors);
    }

    /**
     * {@return the tensors of {@code file}, by name}
     *
     * @throws IOException if it cannot be read, or a tensor is not the one that was written; the message names it
     */
    public static Map<String, Entry> read(final Path file) throws IOException {
        final Safetensors.Contents contents = Safetensors.read(file);
        for (final Entry tensor : contents.tensors().values()) {
            final String written = contents.metadata().get(KEY + tensor.name());
            if (!Sha256.of(tensor.data()).equals(written)) {
                throw new IOException(
                        "safetensors: file=%s, tensor=%s: damaged: its SHA-256 is not the one in the header"
                                .formatted(file, tensor.name()));
            }
        }
        return contents.tensors();
    }
}

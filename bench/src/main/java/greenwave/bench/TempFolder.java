package greenwave.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** A folder that is gone when it is closed. */
public record TempFolder(Path path) implements AutoCloseable {
    /** {@return a new one} */
    public static TempFolder open(final String purpose) throws IOException {
        return new TempFolder(Files.createTempDirectory("greenwave-bench-" + purpose + "-"));
    }

    /** {@return a path in it} */
    public Path resolve(final String name) {
        return path.resolve(name);
    }

    @Override
    public void close() {
        try (Stream<Path> tree = Files.walk(path)) {
            for (final Path each : tree.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(each);
            }
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

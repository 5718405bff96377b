package greenwave.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** What an environment could leave behind. */
final class Leftovers {
    private Leftovers() {}

    /** {@return the SUMO processes of this JVM} */
    static List<ProcessHandle> sumos() {
        return ProcessHandle.current()
                .descendants()
                .filter(p -> p.info().command().orElse("").endsWith("sumo"))
                .toList();
    }

    /** {@return the temporary folders of process {@code pid} under {@code root}} */
    static List<Path> folders(final Path root, final long pid) {
        final String prefix = "greenwave-sumo-" + pid + '-';
        try (Stream<Path> files = Files.list(root)) {
            return files.filter(f -> f.getFileName().toString().startsWith(prefix)).toList();
        } catch (final IOException e) {
            throw new AssertionError(e);
        }
    }

    /** Runs {@code body} and checks that neither process nor folder remains. */
    static void assertNone(final Runnable body) {
        final Path temp = Path.of(System.getProperty("java.io.tmpdir"));
        body.run();
        assertEquals(List.of(), sumos());
        assertEquals(List.of(), folders(temp, ProcessHandle.current().pid()));
    }
}

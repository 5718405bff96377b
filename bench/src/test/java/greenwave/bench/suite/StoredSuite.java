package greenwave.bench.suite;

import greenwave.bench.JsonFile;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** What was stored of runs of the suite, by date; other results lie beside it. */
final class StoredSuite {
    private StoredSuite() {}

    /** {@return the newest} */
    static Results newest() throws Exception {
        try (Stream<Path> stored = Files.list(Path.of("results"))) {
            return JsonFile.read(
                    stored.filter(
                                    file ->
                                            file.getFileName()
                                                    .toString()
                                                    .matches("\\d{4}-\\d{2}-\\d{2}\\.json"))
                            .max(Path::compareTo)
                            .orElseThrow(),
                    Results.class);
        }
    }
}

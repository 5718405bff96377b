package greenwave.bench.suite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Figures in the README are those of the newest stored suite. */
class ReadmeTest {
    private static final Map<String, List<List<String>>> TABLES =
            Map.of("steps", List.of(List.of("step", "ours"), List.of("MLP", "1.5 µs")));

    @Test
    void theReadmeShowsWhatTheNewestStoredSuiteMeasured() throws Exception {
        final Map<String, List<String>> shown =
                Readme.tables(Files.readString(Path.of("../README.md")));
        final Map<String, List<List<String>>> measured = StoredSuite.newest().tables();
        assertFalse(shown.isEmpty(), "no line <!-- results: NAME -->");
        assertEquals(Set.of(), missing(Set.of("sumo", "train"), shown.keySet()));
        shown.forEach(
                (name, lines) -> {
                    assertEquals(Set.of(), missing(Set.of(name), measured.keySet()));
                    assertEquals(Readme.lines(measured.get(name)), lines, name);
                });
    }

    private static Set<String> missing(final Set<String> wanted, final Set<String> there) {
        return wanted.stream().filter(name -> !there.contains(name)).collect(Collectors.toSet());
    }

    @Test
    void theStoredTablesFollowFromTheStoredFigures() throws Exception {
        final Results stored = StoredSuite.newest();
        assertEquals(stored.tabulated().tables(), stored.tables());
    }

    @Test
    void anotherFigureIsFound() {
        final String readme = Readme.updated("# A\n\n<!-- results: steps -->\n\ntext\n", TABLES);
        assertEquals(
                "# A\n\n<!-- results: steps -->\n| step | ours |\n|---|---|\n| MLP | 1.5 µs |\n\ntext\n",
                readme);
        assertEquals(Readme.lines(TABLES.get("steps")), Readme.tables(readme).get("steps"));
        final String edited = readme.replace("1.5", "1.4");
        assertFalse(Readme.lines(TABLES.get("steps")).equals(Readme.tables(edited).get("steps")));
        assertEquals(readme, Readme.updated(edited, TABLES));
    }

    @Test
    void aTableThatWasNotMeasuredIsRefused() {
        assertThrows(
                IllegalArgumentException.class,
                () -> Readme.updated("<!-- results: trees -->\n", TABLES));
    }
}

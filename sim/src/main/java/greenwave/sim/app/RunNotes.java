package greenwave.sim.app;

import greenwave.engine.dqn.SavedRun;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * What a checkpoint of this command holds beside the trainer's: how far {@code progress.csv} was, and from which files the
 * scenario was made.
 *
 * @param scenario SHA-256 by file name
 * @param progress the table
 */
record RunNotes(Map<String, String> scenario, ProgressCsv progress)
        implements Supplier<Map<String, String>> {
    private static final String FILE = "scenario.";

    @Override
    public Map<String, String> get() {
        final Map<String, String> notes = new TreeMap<>();
        scenario.forEach((file, sha256) -> notes.put(FILE + file, sha256));
        try {
            notes.putAll(progress.notes());
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
        return notes;
    }

    /**
     * Refuses to go on with other traffic.
     *
     * @throws IllegalArgumentException naming a file that is not the one of {@code saved}
     */
    void requireSameScenario(final Path run, final SavedRun saved) {
        scenario.forEach(
                (file, sha256) -> {
                    if (!sha256.equals(saved.notes().get(FILE + file))) {
                        throw new IllegalArgumentException(
                                "resume=%s: %s of the scenario is not the one that the run began with"
                                        .formatted(run, file));
                    }
                });
    }
}

package greenwave.sim;

import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RecordingTest {
    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"cross2-random", "cross2-rr", "grid2x2-random"})
    void reproducesWhatSumoRlDid(final String name) {
        final Recording recording = Recording.resource(name);
        final int compared = new RecordingReplay(recording).run();
        assertTrue(compared > 50 * recording.rows().size(), "values compared: " + compared);
    }
}

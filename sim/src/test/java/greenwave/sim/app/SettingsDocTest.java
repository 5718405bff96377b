package greenwave.sim.app;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** The page on settings names every key, and no other. */
class SettingsDocTest {
    private static final Pattern ROW = Pattern.compile("(?m)^\\| (`\\w+`(?:, `\\w+`)*) \\|");
    private static final Pattern KEY = Pattern.compile("`(\\w+)`");

    @Test
    void namesEveryKey() throws IOException {
        final String page = Files.readString(Path.of("src/doc/settings.md"));
        final TreeSet<String> named = new TreeSet<>();
        ROW.matcher(page)
                .results()
                .flatMap(row -> KEY.matcher(row.group(1)).results())
                .forEach(key -> named.add(key.group(1)));
        assertEquals(new TreeSet<>(TrainConfig.KEYS), named);
    }
}

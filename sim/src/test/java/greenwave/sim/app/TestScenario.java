package greenwave.sim.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A junction of four arms with two green phases and a short window, as files of a user's own. */
final class TestScenario {
    /** Seconds from begin to end. */
    static final int WINDOW = 200;

    private static final Path SOURCE = Path.of("src/test/resources/oracle/scenarios/cross2");

    private TestScenario() {}

    /** Writes {@code small.sumocfg}, {@code cross2.net.xml} and {@code cross2.rou.xml}. */
    static Path write(final Path folder) throws IOException {
        for (final String file : new String[] {"cross2.net.xml", "cross2.rou.xml"}) {
            Files.copy(SOURCE.resolve(file), folder.resolve(file));
        }
        return Files.writeString(
                folder.resolve("small.sumocfg"),
                """
                <configuration>
                    <net-file value="cross2.net.xml"/>
                    <route-files value="cross2.rou.xml"/>
                    <begin value="0"/>
                    <end value="%d"/>
                </configuration>
                """
                        .formatted(WINDOW));
    }

    /** Replaces {@code old}, which must be there, in {@code file}. */
    static void edit(final Path file, final String old, final String replacement)
            throws IOException {
        final String text = Files.readString(file);
        if (!text.contains(old)) {
            throw new AssertionError(file + " does not contain " + old);
        }
        Files.writeString(file, text.replace(old, replacement));
    }
}

package greenwave.sim;

import java.nio.file.Path;
import java.util.List;

/** Scenarios of the test resources. */
final class Configs {
    private static final Path FOLDER =
            Path.of("src/test/resources/oracle/scenarios").toAbsolutePath();

    private Configs() {}

    static SumoConfig cross(final double end) {
        return of("cross2", 0, end, List.of());
    }

    static SumoConfig grid(final double end) {
        return of("grid2x2", 0, end, List.of());
    }

    static Path network(final String name) {
        return FOLDER.resolve(name).resolve(name + ".net.xml");
    }

    static SumoConfig of(
            final String name, final double begin, final double end, final List<String> options) {
        final Path routes = FOLDER.resolve(name).resolve(name + ".rou.xml");
        return new SumoConfig(name, network(name), List.of(routes), List.of(), begin, end, options);
    }
}

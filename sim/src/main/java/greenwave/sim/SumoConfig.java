package greenwave.sim;

import java.nio.file.Path;
import java.util.List;

/**
 * What SUMO simulates: absolute paths and the time window.
 *
 * @param name for people: a built-in scenario's name or the file's stem
 * @param network the {@code .net.xml} (or {@code .net.xml.gz}) file
 * @param routes route files, in loading order
 * @param additional additional files, in loading order
 * @param begin first simulated second
 * @param end second at which an episode ends, greater than {@code begin}
 * @param options further SUMO options as the user's {@code .sumocfg} has them, {@code --name},
 *     {@code value} alternating
 */
public record SumoConfig(
        String name,
        Path network,
        List<Path> routes,
        List<Path> additional,
        double begin,
        double end,
        List<String> options) {
    /** Copies the lists. */
    public SumoConfig {
        routes = List.copyOf(routes);
        additional = List.copyOf(additional);
        options = List.copyOf(options);
        if (!(end > begin)) {
            throw new IllegalArgumentException(
                    "scenario %s: begin=%s s, end=%s s, expected end > begin"
                            .formatted(name, begin, end));
        }
    }

    /** {@return seconds simulated per step of SUMO: a whole number of steps makes a second} */
    public double stepLength() {
        final int option = options.indexOf("--step-length");
        return option < 0 ? 1 : Double.parseDouble(options.get(option + 1));
    }

    /** {@return the same on another network file} */
    SumoConfig withNetwork(final Path file) {
        return new SumoConfig(name, file, routes, additional, begin, end, options);
    }

    /** {@return the same with other route files} */
    SumoConfig withRoutes(final List<Path> files) {
        return new SumoConfig(name, network, files, additional, begin, end, options);
    }
}

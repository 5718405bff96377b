package greenwave.sim;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * SUMO's command line for one episode: sumo-rl's options, over them the scenario's own, over them
 * what the environment itself must decide.
 */
final class SumoOptions {
    /** Other spellings SUMO accepts; an option given twice is an error to it. */
    private static final Map<String, String> SYNONYMS =
            Map.ofEntries(
                    Map.entry("-n", "--net-file"),
                    Map.entry("--net", "--net-file"),
                    Map.entry("-r", "--route-files"),
                    Map.entry("--routes", "--route-files"),
                    Map.entry("-a", "--additional-files"),
                    Map.entry("--additional", "--additional-files"),
                    Map.entry("-b", "--begin"),
                    Map.entry("-e", "--end"),
                    Map.entry("-W", "--no-warnings"),
                    Map.entry("-X", "--xml-validation"),
                    Map.entry("--no-duration-log", "--duration-log.disable"),
                    Map.entry("--tripinfo", "--tripinfo-output"),
                    Map.entry("--srand", "--seed"));

    /** Would end the run, open other ports or take the seed from the clock. */
    private static final Set<String> DROPPED =
            Set.of("--end", "--random", "--remote-port", "--num-clients", "--save-configuration");

    private SumoOptions() {}

    /**
     * {@return the command line, without program and port}
     *
     * @throws IllegalArgumentException if a path holds a comma, which to SUMO ends a path
     * @param programs additional file with the controlled signals' programs, or null
     * @param trips where SUMO writes its trip output
     */
    static List<String> of(
            final SumoConfig config, final Path programs, final Path trips, final int seed) {
        final Map<String, String> options = new LinkedHashMap<>();
        options.put("--max-depart-delay", "-1");
        options.put("--waiting-time-memory", "1000");
        options.put("--time-to-teleport", "-1");
        options.put("--no-warnings", "true");
        options.put("--no-step-log", "true");
        options.put("--duration-log.disable", "true");
        for (int i = 0; i + 1 < config.options().size(); i += 2) {
            options.put(canonical(config.options().get(i)), config.options().get(i + 1));
        }
        DROPPED.forEach(options::remove);
        putFiles(options, "--net-file", List.of(config.network()));
        putFiles(options, "--route-files", config.routes());
        final List<Path> additional = new ArrayList<>(config.additional());
        if (programs != null) {
            additional.add(programs); // last: the program loaded last is the one that runs
        }
        putFiles(options, "--additional-files", additional);
        if (config.begin() > 0) {
            options.put("--begin", Double.toString(config.begin()));
        }
        options.put("--seed", Integer.toString(seed));
        options.put("--tripinfo-output", trips.toString());
        options.put("--tripinfo-output.write-unfinished", "true");
        options.put("--tripinfo-output.write-undeparted", "true");
        final List<String> line = new ArrayList<>();
        options.forEach((name, value) -> line.addAll(List.of(name, value)));
        return line;
    }

    /** {@return an option's name as it is spelled here} */
    static String canonical(final String name) {
        return SYNONYMS.getOrDefault(name, name);
    }

    private static void putFiles(
            final Map<String, String> options, final String name, final List<Path> files) {
        for (final Path file : files) {
            if (file.toString().indexOf(',') >= 0) {
                throw new IllegalArgumentException(
                        "sumo: %s=%s, expected a path without comma: SUMO takes it for two files"
                                .formatted(name, file));
            }
        }
        if (files.isEmpty()) {
            options.remove(name);
        } else {
            options.put(name, files.stream().map(Path::toString).collect(Collectors.joining(",")));
        }
    }
}

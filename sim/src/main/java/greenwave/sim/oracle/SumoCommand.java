package greenwave.sim.oracle;

import com.fasterxml.jackson.databind.JsonNode;

import greenwave.sim.SumoConfig;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** A recorded SUMO command line: the same files and options, under a folder of this machine. */
final class SumoCommand {
    private static final Map<String, String> LONG =
            Map.of(
                    "-n", "--net-file",
                    "-r", "--route-files",
                    "-a", "--additional-files",
                    "-b", "--begin",
                    "-e", "--end");
    private static final Set<String> WINDOW = Set.of("--start", "--quit-on-end", "--window-size");

    private final Map<String, String> options = new LinkedHashMap<>();

    private SumoCommand() {}

    /** Reads the words of {@code header.sumo_cmd}; one word may hold option and value. */
    static SumoCommand of(final JsonNode words) {
        final SumoCommand command = new SumoCommand();
        final List<String> all =
                Fields.texts(words).stream()
                        .skip(1) // the program
                        .flatMap(
                                word ->
                                        word.startsWith("-")
                                                ? Stream.of(word.split("\\s+"))
                                                : Stream.of(word))
                        .toList();
        for (int i = 0; i < all.size(); i++) {
            final String name = all.get(i);
            final boolean flag = i + 1 == all.size() || isOption(all.get(i + 1));
            command.put(name, flag ? "true" : all.get(++i));
        }
        return command;
    }

    private static boolean isOption(final String word) {
        return word.startsWith("-") && !word.matches("-[0-9.]+");
    }

    /** {@return the recorded command, or where none is recorded that of the constructor's arguments} */
    static SumoCommand ofHeader(final JsonNode header) {
        if (header.has("sumo_cmd")) {
            return of(header.get("sumo_cmd"));
        }
        final JsonNode env = Fields.need(header, "env");
        return ofArguments(env, Fields.need(env, "sumo_seed").asInt());
    }

    /** {@return the command that sumo-rl would give for the arguments of its constructor} */
    static SumoCommand ofArguments(final JsonNode env, final int seed) {
        final SumoCommand command = new SumoCommand();
        command.put("-n", Fields.need(env, "net_file").asText());
        command.put("-r", Fields.need(env, "route_file").asText());
        command.put("--max-depart-delay", env.path("max_depart_delay").asText("-1"));
        command.put("--waiting-time-memory", env.path("waiting_time_memory").asText("1000"));
        command.put("--time-to-teleport", env.path("time_to_teleport").asText("-1"));
        command.put("--begin", env.path("begin_time").asText("0"));
        command.put("--seed", Integer.toString(seed));
        return command;
    }

    private void put(final String name, final String value) {
        final String full = LONG.getOrDefault(name, name);
        if (!WINDOW.contains(full)) {
            options.put(full, value);
        }
    }

    /**
     * {@return SUMO's seed}
     *
     * @throws IllegalArgumentException if there is none: it was drawn at random
     */
    int seed() {
        final String seed = options.get("--seed");
        if (seed == null || !seed.matches("\\d{1,9}")) {
            throw new IllegalArgumentException(
                    "sumo_cmd: --seed=%s, expected a number: a random seed cannot be repeated"
                            .formatted(seed));
        }
        return Integer.parseInt(seed);
    }

    /** {@return the first simulated second} */
    double begin() {
        return Double.parseDouble(options.getOrDefault("--begin", "0"));
    }

    /**
     * {@return what SUMO simulates}
     *
     * @param root folder that the command was given in
     * @param end second at which the episode ends
     * @param more an additional file of our own
     * @throws IllegalArgumentException if the command names no network, or a file that is not there
     */
    SumoConfig config(final Path root, final double end, final Path more) {
        final Map<String, String> rest = new LinkedHashMap<>(options);
        final List<Path> network = files(root, rest.remove("--net-file"));
        final List<Path> routes = files(root, rest.remove("--route-files"));
        final List<Path> additional =
                new ArrayList<>(files(root, rest.remove("--additional-files")));
        additional.add(more);
        rest.remove("--begin");
        rest.remove("--seed");
        if (network.size() != 1) {
            throw new IllegalArgumentException(
                    "sumo_cmd: networks=%d, expected -n FILE".formatted(network.size()));
        }
        final List<String> words = new ArrayList<>();
        rest.forEach((name, value) -> words.addAll(List.of(name, value)));
        return new SumoConfig(
                "recording", network.getFirst(), routes, additional, begin(), end, words);
    }

    private static List<Path> files(final Path root, final String list) {
        final List<Path> files = new ArrayList<>();
        for (final String name : list == null ? new String[0] : list.split(",")) {
            final Path file = root.resolve(name);
            if (!Files.isReadable(file)) {
                throw new IllegalArgumentException(
                        "no readable file %s, expected the recording's scenario under --root DIR"
                                .formatted(file));
            }
            files.add(file);
        }
        return files;
    }

    /** {@return the first of the files that the command reads, as it names it} */
    String firstFile() {
        return options.getOrDefault("--net-file", "").split(",")[0];
    }
}

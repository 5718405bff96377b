package greenwave.sim;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;

/** What sumo-rl did on a network with scripted actions, format {@code sumorl-oracle-1}. */
record Recording(Path root, JsonNode header, List<JsonNode> rows) {
    /** Reads {@code recordings/NAME.jsonl.gz} under {@code root}. */
    static Recording read(final Path root, final String name) {
        final ObjectMapper json = new ObjectMapper();
        final Path file = root.resolve("recordings/" + name + ".jsonl.gz");
        try (BufferedReader lines =
                new BufferedReader(
                        new InputStreamReader(
                                new GZIPInputStream(Files.newInputStream(file)),
                                StandardCharsets.UTF_8))) {
            final JsonNode header = json.readTree(lines.readLine());
            final List<JsonNode> rows = new ArrayList<>();
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                rows.add(json.readTree(line));
            }
            return new Recording(root, header, rows);
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** {@return the recordings among this module's test resources} */
    static Recording resource(final String name) {
        return read(Path.of("src/test/resources/oracle").toAbsolutePath(), name);
    }

    private JsonNode env() {
        return header.get("env");
    }

    List<String> signals() {
        final List<String> ids = new ArrayList<>();
        header.get("ts_ids").forEach(id -> ids.add(id.asText()));
        return ids;
    }

    int seed() {
        return env().get("sumo_seed").asInt();
    }

    boolean fixedTime() {
        return env().path("fixed_ts").asBoolean(false);
    }

    SignalTiming timing() {
        return new SignalTiming(
                env().path("delta_time").asInt(5),
                env().path("yellow_time").asInt(2),
                env().path("min_green").asInt(5),
                env().path("max_green").asInt(50),
                env().path("enforce_max_green").asBoolean(false));
    }

    SumoConfig config() {
        final double begin = env().path("begin_time").asDouble(0);
        final List<String> options = new ArrayList<>();
        for (final String name :
                List.of("max_depart_delay", "waiting_time_memory", "time_to_teleport")) {
            if (env().has(name)) {
                options.add("--" + name.replace('_', '-'));
                options.add(env().get(name).asText());
            }
        }
        return new SumoConfig(
                header.get("name").asText(),
                root.resolve(env().get("net_file").asText()),
                List.of(root.resolve(env().get("route_file").asText())),
                List.of(),
                begin,
                begin + env().get("num_seconds").asDouble(),
                options);
    }

    /**
     * {@return the action that {@code signal} was given after row {@code row}} A single agent acts on
     * the first signal; the others stay in their first green.
     */
    int action(final int row, final String signal) {
        final JsonNode action = rows.get(row + 1).get("a");
        if (!action.isInt()) {
            return action.path(signal).asInt(0);
        }
        return signal.equals(signals().getFirst()) ? action.asInt() : 0;
    }
}

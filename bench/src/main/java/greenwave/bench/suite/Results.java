package greenwave.bench.suite;

import com.fasterxml.jackson.databind.JsonNode;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a suite has measured: the JSON of each of its parts, by name such as {@code train-cross-1}.
 *
 * @param machine where
 * @param quick whether rounds were few
 * @param parts what was measured
 * @param problems what could not be, by part, and why
 * @param tables what the README shows, by name: rows of cells, the first of which is the head
 */
record Results(
        MachineInfo machine,
        boolean quick,
        Map<String, JsonNode> parts,
        Map<String, String> problems,
        Map<String, List<List<String>>> tables) {
    /** {@return the same with the tables that follow from the parts} */
    Results tabulated() {
        return new Results(machine, quick, parts, problems, Tables.of(this));
    }

    /** {@return a part, if it was measured} */
    Optional<JsonNode> part(final String name) {
        return Optional.ofNullable(parts.get(name));
    }

    /** {@return the parts whose names begin so, by the rest of their names} */
    Map<String, JsonNode> partsOf(final String prefix) {
        final Map<String, JsonNode> found = new LinkedHashMap<>();
        parts.forEach(
                (name, part) -> {
                    if (name.startsWith(prefix)) {
                        found.put(name.substring(prefix.length()), part);
                    }
                });
        return found;
    }

    /** {@return the name and figure of a member in each of {@code nodes}, where there is one} */
    static List<Map.Entry<String, Double>> figures(
            final Map<String, JsonNode> nodes, final String member) {
        final List<Map.Entry<String, Double>> figures = new ArrayList<>();
        nodes.forEach(
                (name, node) -> {
                    if (node.hasNonNull(member)) {
                        figures.add(Map.entry(name, node.get(member).asDouble()));
                    }
                });
        return figures;
    }
}

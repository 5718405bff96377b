package greenwave.bench.suite;

import com.fasterxml.jackson.databind.JsonNode;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The tables that the README shows, from what was measured. A table with nothing in it is left out. */
final class Tables {
    private static final Map<String, String> NETS =
            Map.of(
                    "mlp", "MLP 4-128-128-2",
                    "conv", "3×40×90, three convolutions with batch normalisation",
                    "two", "1×84×84 and 16 numbers, 512 units");
    private static final Map<String, String> TREES =
            Map.of(
                    "GREENWAVE", "ours",
                    "LOCKED", "one lock",
                    "CAS_FLOAT", "compare-and-set on floats",
                    "NUMPY", "level by level, as in NumPy");

    private Tables() {}

    static Map<String, List<List<String>>> of(final Results results) {
        final Map<String, List<List<String>>> tables = new LinkedHashMap<>();
        put(tables, "steps", steps(results));
        put(tables, "actions", actions(results));
        put(tables, "replay", replay(results));
        put(tables, "sumo", sumo(results));
        put(tables, "train", train(results));
        put(tables, "guard", guard(results));
        return tables;
    }

    private static void put(
            final Map<String, List<List<String>>> tables,
            final String name,
            final List<List<String>> table) {
        if (table.size() > 1) {
            tables.put(name, table);
        }
    }

    private static List<List<String>> steps(final Results results) {
        final List<List<String>> table = new ArrayList<>();
        table.add(List.of("step", "ours", "libtorch", "ratio", "of the core's peak"));
        results.partsOf("peers-")
                .forEach(
                        (name, part) ->
                                table.add(
                                        List.of(
                                                step(name),
                                                micros(part.get("ours_us").asDouble()),
                                                micros(part.get("theirs_us").asDouble()),
                                                ratio(part.get("ratio").asDouble()),
                                                percent(part.get("peak_share").asDouble()))));
        return table;
    }

    private static String step(final String name) {
        final String[] parts = name.split("-");
        return NETS.get(parts[0]) + ", batch " + parts[1];
    }

    private static List<List<String>> actions(final Results results) {
        final List<List<String>> table = new ArrayList<>();
        table.add(List.of("greedy actions", "ours", "libtorch", "ratio"));
        results.partsOf("peers-")
                .forEach(
                        (name, part) -> {
                            if (name.endsWith("-128")) {
                                for (final JsonNode row : part.get("inference")) {
                                    table.add(
                                            List.of(
                                                    action(name, row.get("batch").asInt()),
                                                    micros(row.get("ours_us").asDouble()),
                                                    micros(row.get("theirs_us").asDouble()),
                                                    ratio(row.get("ratio").asDouble())));
                                }
                            }
                        });
        return table;
    }

    private static String action(final String name, final int rows) {
        return "%s, %d row%s".formatted(NETS.get(name.split("-")[0]), rows, rows == 1 ? "" : "s");
    }

    private static List<List<String>> replay(final Results results) {
        final List<List<String>> table = new ArrayList<>();
        table.add(List.of("tree", "alone", "beside 1 writer (inserts)", "beside 3 writers"));
        results.part("replay")
                .ifPresent(
                        part ->
                                part.get("designs")
                                        .properties()
                                        .forEach(
                                                design ->
                                                        table.add(
                                                                tree(
                                                                        design.getKey(),
                                                                        design.getValue()))));
        results.part("replay")
                .ifPresent(
                        part ->
                                table.add(
                                        List.of(
                                                "ours, with 576 bytes gathered",
                                                millions(part.get("gathered_per_s")),
                                                "",
                                                "")));
        return table;
    }

    private static List<String> tree(final String name, final JsonNode design) {
        return List.of(
                TREES.get(name),
                millions(design.get("lone")),
                "%s (%s)"
                        .formatted(
                                millions(design.get("pairsBesideOne")),
                                millions(design.get("insertsOfOne"))),
                "%s (%s)"
                        .formatted(
                                millions(design.get("pairsBesideThree")),
                                millions(design.get("insertsOfThree"))));
    }

    private static List<List<String>> sumo(final Results results) {
        final List<List<String>> table = new ArrayList<>();
        table.add(
                List.of(
                        "decisions a second",
                        "SUMO alone",
                        "with our malloc",
                        "ours",
                        "over libtraci",
                        "Python traci"));
        results.partsOf("sumo-")
                .forEach(
                        (name, part) ->
                                table.add(
                                        List.of(
                                                worlds(name),
                                                whole(part.get("raw")),
                                                whole(part.get("raw_our_environment")),
                                                ofRaw(part, "ours"),
                                                ofRaw(part, "libtraci"),
                                                whole(part.get("python_traci")))));
        return table;
    }

    private static String ofRaw(final JsonNode part, final String name) {
        return "%s (%s)"
                .formatted(whole(part.get(name)), ratio(part.get(name + "_over_raw").asDouble()));
    }

    private static List<List<String>> train(final Results results) {
        final List<List<String>> table = new ArrayList<>();
        table.add(
                List.of(
                        "training, 1 update per decision",
                        "ours",
                        "Python",
                        "times faster",
                        "until MaxPressure's delay: ours",
                        "Python",
                        "times shorter"));
        results.partsOf("train-")
                .forEach(
                        (name, part) -> {
                            if (part.hasNonNull("theirs")) {
                                table.add(train(name, part));
                            }
                        });
        return table;
    }

    private static List<String> train(final String name, final JsonNode part) {
        final JsonNode ours = part.get("ours");
        final JsonNode theirs = part.get("theirs");
        return List.of(
                worlds(name),
                whole(ours.get("decisions_per_s")) + "/s",
                whole(theirs.get("decisions_per_s")) + "/s",
                tenths(part.get("rate_ratio").get("median").asDouble()),
                reached(ours),
                reached(theirs),
                part.hasNonNull("time_ratio") ? tenths(part.get("time_ratio").asDouble()) : "–");
    }

    private static String reached(final JsonNode side) {
        return side.hasNonNull("reached")
                ? tenths(side.get("reached").get("seconds").asDouble()) + " s"
                : "–";
    }

    private static List<List<String>> guard(final Results results) {
        final List<List<String>> table = new ArrayList<>();
        table.add(List.of("hot path", "CPU time", "of its floor", "on record", "B/op", ""));
        results.part("guard")
                .ifPresent(
                        findings -> {
                            for (final JsonNode finding : findings) {
                                table.add(finding(finding));
                            }
                        });
        return table;
    }

    private static List<String> finding(final JsonNode finding) {
        return List.of(
                finding.get("path").asText(),
                micros(finding.get("us_per_op").asDouble()),
                ratio(finding.get("ratio").asDouble()),
                finding.get("baseline").isNumber()
                        ? ratio(finding.get("baseline").asDouble())
                        : "–",
                finding.get("bytes_per_op").asText(),
                finding.get("slower").asBoolean() || finding.get("allocates").asBoolean()
                        ? "FAILS"
                        : "ok");
    }

    private static String worlds(final String name) {
        final String[] parts = name.split("-");
        return "%s, %s world%s".formatted(parts[0], parts[1], parts[1].equals("1") ? "" : "s");
    }

    private static String format(final String format, final double value) {
        return String.format(Locale.ROOT, format, value);
    }

    private static String ratio(final double value) {
        return format("%.2f", value);
    }

    private static String tenths(final double value) {
        return format("%.1f", value);
    }

    private static String percent(final double share) {
        return format("%.0f %%", 100 * share);
    }

    private static String whole(final JsonNode value) {
        return value == null || value.isNull() ? "–" : format("%.0f", value.asDouble());
    }

    private static String millions(final JsonNode value) {
        return format("%.1f", value.asDouble() / 1e6);
    }

    /** Three digits that count. */
    private static String micros(final double micros) {
        if (micros >= 1000) {
            return format(
                            micros >= 100_000 ? "%.0f" : micros >= 10_000 ? "%.1f" : "%.2f",
                            micros / 1e3)
                    + " ms";
        }
        return format(micros >= 100 ? "%.0f" : micros >= 10 ? "%.1f" : "%.2f", micros) + " µs";
    }
}

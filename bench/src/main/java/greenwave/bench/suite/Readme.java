package greenwave.bench.suite;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The tables of a Markdown file that come from a suite. A line {@code <!-- results: NAME -->} stands before each; the table is
 * what follows, up to the first line that does not begin with {@code |}.
 */
final class Readme {
    private static final Pattern MARK = Pattern.compile("<!-- results: ([a-z]+) -->");

    private Readme() {}

    /** {@return the lines of the marked tables, by name} */
    static Map<String, List<String>> tables(final String markdown) {
        final Map<String, List<String>> tables = new LinkedHashMap<>();
        List<String> open = null;
        for (final String line : markdown.lines().toList()) {
            final Matcher mark = MARK.matcher(line.strip());
            if (mark.matches()) {
                open = new ArrayList<>();
                tables.put(mark.group(1), open);
            } else if (open != null && line.startsWith("|")) {
                open.add(line);
            } else {
                open = null;
            }
        }
        return tables;
    }

    /** {@return the lines of a table} */
    static List<String> lines(final List<List<String>> table) {
        final List<String> lines = new ArrayList<>();
        for (final List<String> row : table) {
            lines.add("| " + String.join(" | ", row) + " |");
            if (lines.size() == 1) {
                lines.add("|---".repeat(row.size()) + "|");
            }
        }
        return lines;
    }

    /**
     * {@return {@code markdown} with its marked tables as {@code tables} have them}
     *
     * @throws IllegalArgumentException if one that is marked is not among these
     */
    static String updated(final String markdown, final Map<String, List<List<String>>> tables) {
        final StringBuilder text = new StringBuilder();
        boolean replaced = false;
        for (final String line : markdown.lines().toList()) {
            final Matcher mark = MARK.matcher(line.strip());
            if (mark.matches()) {
                final List<List<String>> table = tables.get(mark.group(1));
                if (table == null) {
                    throw new IllegalArgumentException(
                            "readme: table=%s, expected one of %s"
                                    .formatted(mark.group(1), tables.keySet()));
                }
                text.append(line).append('\n');
                lines(table).forEach(row -> text.append(row).append('\n'));
                replaced = true;
            } else if (!replaced || !line.startsWith("|")) {
                replaced = false;
                text.append(line).append('\n');
            }
        }
        return text.toString();
    }
}

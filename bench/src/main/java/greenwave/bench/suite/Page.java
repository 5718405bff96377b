package greenwave.bench.suite;

import com.fasterxml.jackson.databind.JsonNode;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The results as one HTML file that asks for no other. */
final class Page {
    private static final String TEMPLATE = "page.html";
    private static final Map<String, String> TITLES =
            Map.of(
                    "steps", "A gradient step beside libtorch",
                    "actions", "Greedy actions beside libtorch",
                    "replay",
                            "Prioritized replay: millions of pairs of a draw and an update a second",
                    "sumo", "Decisions with random actions; in brackets, of SUMO alone",
                    "train", "Training beside the Python peer",
                    "guard", "Hot paths beside their floors and their record");

    private Page() {}

    /** {@return the page of {@code results} with {@code charts}, PNG by name} */
    static String of(final Results results, final Map<String, byte[]> charts) throws IOException {
        final String template;
        try (InputStream resource = Page.class.getResourceAsStream(TEMPLATE)) {
            template = new String(resource.readAllBytes(), StandardCharsets.UTF_8);
        }
        return template.replace("@HEAD@", head(results.machine(), results.quick()))
                .replace("@CARDS@", cards(results))
                .replace("@PROBLEMS@", problems(results))
                .replace("@CHARTS@", charts(charts))
                .replace("@TABLES@", tables(results));
    }

    private static String head(final MachineInfo machine, final boolean quick) {
        return "%s · %d cores, %s · %s · %s · %s · commit %s · load before %s · %s"
                .formatted(
                        escaped(machine.cpu()),
                        machine.cores(),
                        escaped(machine.memory()),
                        escaped(machine.os()),
                        "JDK " + escaped(machine.jdk()),
                        escaped(machine.sumo()),
                        escaped(machine.commit()),
                        escaped(machine.load()),
                        escaped(machine.date()) + (quick ? " · quick form" : ""));
    }

    private static String cards(final Results results) {
        final List<String> cards = new ArrayList<>();
        results.partsOf("train-")
                .forEach(
                        (name, part) -> {
                            final String where = name.replace("-", " ×");
                            if (part.hasNonNull("rate_ratio")) {
                                cards.add(
                                        card(
                                                part.get("rate_ratio").get("median").asDouble(),
                                                "decisions a second, training on " + where));
                            }
                            if (part.hasNonNull("time_ratio")) {
                                cards.add(
                                        card(
                                                part.get("time_ratio").asDouble(),
                                                "sooner at MaxPressure's delay, " + where));
                            }
                        });
        results.part("peers-mlp-128")
                .ifPresent(part -> cards.add(step(part, "gradient steps, MLP, batch 128")));
        results.part("peers-two-128")
                .ifPresent(part -> cards.add(step(part, "gradient steps with images, batch 128")));
        return String.join("\n", cards);
    }

    private static String step(final JsonNode part, final String what) {
        return card(1 / part.get("ratio").asDouble(), what);
    }

    private static String card(final double times, final String what) {
        return String.format(
                Locale.ROOT,
                "<div class=\"card\"><b>%.1f×</b><span>%s</span></div>",
                times,
                escaped(what));
    }

    private static String problems(final Results results) {
        final StringBuilder html = new StringBuilder();
        results.problems()
                .forEach(
                        (part, why) ->
                                html.append(
                                        "<p class=\"problem\"><b>%s</b> %s</p>%n"
                                                .formatted(escaped(part), escaped(why))));
        return html.toString();
    }

    private static String charts(final Map<String, byte[]> charts) {
        final StringBuilder html = new StringBuilder();
        charts.forEach(
                (name, png) ->
                        html.append(
                                "<figure><img alt=\"%s\" src=\"data:image/png;base64,%s\"></figure>%n"
                                        .formatted(
                                                escaped(name),
                                                Base64.getEncoder().encodeToString(png))));
        return html.toString();
    }

    private static String tables(final Results results) {
        final StringBuilder html = new StringBuilder();
        results.tables()
                .forEach(
                        (name, rows) -> {
                            html.append(
                                    "<section><h2>%s</h2><div class=\"scroll\"><table>%n"
                                            .formatted(escaped(TITLES.get(name))));
                            for (int row = 0; row < rows.size(); row++) {
                                final String cell = row == 0 ? "th" : "td";
                                html.append("<tr>");
                                rows.get(row)
                                        .forEach(
                                                text ->
                                                        html.append(
                                                                "<%s>%s</%s>"
                                                                        .formatted(
                                                                                cell,
                                                                                escaped(text),
                                                                                cell)));
                                html.append("</tr>\n");
                            }
                            html.append("</table></div></section>\n");
                        });
        return html.toString();
    }

    private static String escaped(final String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace("\"", "&quot;");
    }
}

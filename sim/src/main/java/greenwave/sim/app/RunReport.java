package greenwave.sim.app;

import greenwave.sim.TripMetrics;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/**
 * {@code report.html}: what there is to know of a run on one page, without a network, a script or a file
 * beside it. What comes from files or the command line is escaped.
 *
 * @param title of the page
 * @param figures which figure of an episode counts
 * @param episodes of training that came to their end
 * @param validation judgements while training
 * @param maxPressure when these were as good as MaxPressure; if there were any
 * @param judged how controllers did on seeds that training never drew; none for a cart
 * @param phases which green each signal showed in the first of these episodes
 * @param config the resolved settings
 */
record RunReport(
        String title,
        ProgressCsv.Figures figures,
        List<ProgressCsv.Row> episodes,
        List<Validation.Point> validation,
        Optional<MaxPressureReached> maxPressure,
        List<EvalReport> judged,
        Map<String, List<PhaseLog.Stretch>> phases,
        String config) {
    private static final String STYLE =
            """
            :root { color-scheme: light dark; --ink: #1c1c1c; --paper: #fff; --line: #d8d8d8;
              --strong: #14602e; --faint: #9cc7a6; --other: #b34a00; }
            @media (prefers-color-scheme: dark) { :root { --ink: #e4e4e4; --paper: #161616; --line: #3c3c3c;
              --strong: #6fd08c; --faint: #3d6b4a; --other: #ff9d57; } }
            body { font: 15px/1.45 system-ui, sans-serif; color: var(--ink); background: var(--paper);
              max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
            h1 { font-size: 1.4rem; } h2 { font-size: 1.1rem; margin-top: 2rem; }
            svg { width: 100%; height: auto; } svg text { font-size: 11px; fill: var(--ink); }
            svg text.title { font-weight: 600; } svg text.end { text-anchor: end; }
            svg text.middle { text-anchor: middle; } .grid { stroke: var(--line); }
            .curve { fill: none; stroke-width: 1.6; } .curve.faint { stroke: var(--faint); }
            .curve.strong { stroke: var(--strong); } .curve.other { stroke: var(--other); }
            circle.other { fill: var(--other); } svg text.strong { fill: var(--strong); }
            svg text.other { fill: var(--other); } svg text.faint { fill: var(--faint); }
            table { border-collapse: collapse; } th, td { padding: .15rem .7rem; text-align: right;
              border-bottom: 1px solid var(--line); } th:first-child, td:first-child { text-align: left; }
            pre { overflow-x: auto; padding: .7rem; border: 1px solid var(--line); font-size: 13px; }
            """;

    /** {@return the page} */
    String toHtml() {
        final StringBuilder page = new StringBuilder();
        page.append("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n")
                .append("<meta name=\"viewport\" content=\"width=device-width\">\n<title>")
                .append(Html.escaped(title))
                .append("</title>\n<style>\n")
                .append(STYLE)
                .append("</style>\n</head>\n<body>\n<h1>")
                .append(Html.escaped(title))
                .append("</h1>\n");
        addJudged(page);
        addCurves(page);
        if (!phases.isEmpty()) {
            page.append("<h2>Greens that the learned policy showed</h2>\n")
                    .append(new PhaseTimeline(phases).toSvg());
        }
        return page.append("<h2>Configuration</h2>\n<pre>")
                .append(Html.escaped(config))
                .append("</pre>\n</body>\n</html>\n")
                .toString();
    }

    private void addJudged(final StringBuilder page) {
        if (judged.isEmpty()) {
            return;
        }
        page.append("<h2>On seeds that training never drew</h2>\n<table>\n<tr><th>controller</th>")
                .append("<th>seed</th><th>delay, s</th><th>waiting, s</th><th>time loss, s</th>")
                .append("<th>duration, s</th><th>finished</th><th>scheduled</th></tr>\n");
        for (final EvalReport report : judged) {
            report.runs()
                    .forEach(
                            run -> addRow(page, report.controller(), "" + run.seed(), run.trips()));
            addRow(page, report.controller(), "median", report.median());
        }
        page.append("</table>\n");
    }

    private static void addRow(
            final StringBuilder page,
            final String controller,
            final String seed,
            final TripMetrics trips) {
        page.append(
                String.format(
                        Locale.ROOT,
                        "<tr><td>%s</td><td>%s</td><td>%.2f</td><td>%.2f</td><td>%.2f</td><td>%.2f</td><td>%d</td><td>%d</td></tr>%n",
                        Html.escaped(controller),
                        seed,
                        trips.delay(),
                        trips.waiting(),
                        trips.timeLoss(),
                        trips.duration(),
                        trips.finished(),
                        trips.scheduled()));
    }

    private void addCurves(final StringBuilder page) {
        if (episodes.isEmpty()) {
            return;
        }
        final double[] number = new double[episodes.size()];
        for (int i = 0; i < number.length; i++) {
            number[i] = i + 1;
        }
        final double[] figure = all(ProgressCsv.Row::figure);
        page.append("<h2>Training</h2>\n");
        maxPressure.ifPresent(reached -> page.append("<p>%s.</p>\n".formatted(reached)));
        page.append(
                        new SvgChart(figures.label(), "episode")
                                .line("each episode", "faint", number, figure)
                                .line(
                                        "mean of " + figures.window(),
                                        "strong",
                                        number,
                                        LearningCurve.runningMean(figure, figures.window()))
                                .dots(
                                        "greedy, validation seeds",
                                        "other",
                                        validation.stream()
                                                .mapToDouble(Validation.Point::episode)
                                                .toArray(),
                                        validation.stream()
                                                .mapToDouble(Validation.Point::delay)
                                                .toArray())
                                .toSvg())
                .append(chart("total reward", number, ProgressCsv.Row::reward))
                .append(chart("mean loss", number, ProgressCsv.Row::loss))
                .append(chart("epsilon", number, ProgressCsv.Row::epsilon));
    }

    private String chart(
            final String name,
            final double[] number,
            final ToDoubleFunction<ProgressCsv.Row> figure) {
        return new SvgChart(name, "episode").line(name, "strong", number, all(figure)).toSvg();
    }

    private double[] all(final ToDoubleFunction<ProgressCsv.Row> figure) {
        return episodes.stream().mapToDouble(figure).toArray();
    }
}

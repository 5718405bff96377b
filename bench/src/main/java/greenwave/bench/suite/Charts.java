package greenwave.bench.suite;

import com.fasterxml.jackson.databind.JsonNode;

import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.internal.chartpart.Chart;
import org.knowm.xchart.style.AxesChartStyler;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.markers.SeriesMarkers;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import javax.imageio.ImageIO;

/** Pictures of what was measured, as PNG by name; those that would be empty are left out. */
final class Charts {
    private static final int WIDTH = 1100; // twice what the page shows, for fine screens
    private static final int HEIGHT = 680;
    private static final Color INK = new Color(0x1f2933);
    private static final Color GRID = new Color(0xe4e7eb);
    private static final Color OURS = new Color(0x0b7a5e);
    private static final Color THEIRS = new Color(0xd9822b);
    private static final Color FLOOR = new Color(0x7b8794);
    private static final Color OTHER = new Color(0x5b6ee1);
    private static final Map<String, String> NETS =
            Map.of("mlp", "MLP", "conv", "conv", "two", "image + numbers");

    private Charts() {}

    /** {@return PNG files by name, in the order of the page} */
    static Map<String, byte[]> of(final Results results) throws IOException {
        final Map<String, byte[]> charts = new LinkedHashMap<>();
        put(charts, "peers", peers(results));
        put(charts, "worlds", worlds(results));
        put(charts, "batch", batches(results));
        for (final Map.Entry<String, JsonNode> run : results.partsOf("train-").entrySet()) {
            put(charts, "learning-" + run.getKey(), learning(run.getKey(), run.getValue()));
        }
        return charts;
    }

    private static void put(
            final Map<String, byte[]> charts, final String name, final Chart<?, ?> chart)
            throws IOException {
        if (!chart.getSeriesCollection().isEmpty()) {
            final ByteArrayOutputStream png = new ByteArrayOutputStream();
            ImageIO.write(BitmapEncoder.getBufferedImage(chart), "png", png);
            charts.put(name, png.toByteArray());
        }
    }

    private static CategoryChart peers(final Results results) {
        final CategoryChart chart =
                new CategoryChartBuilder()
                        .width(WIDTH)
                        .height(HEIGHT)
                        .title("Times faster than the peer; whiskers: quartiles of the rounds")
                        .yAxisTitle("peer's time / ours")
                        .build();
        final List<String> names = new ArrayList<>();
        final List<Double> ratios = new ArrayList<>();
        final List<Double> spreads = new ArrayList<>();
        results.partsOf("peers-")
                .forEach(
                        (name, part) -> {
                            final String[] words = name.split("-");
                            names.add("step " + NETS.get(words[0]) + "/" + words[1]);
                            ratios.add(1 / part.get("ratio").asDouble());
                            spreads.add(
                                    (1 / part.get("ratio_low").asDouble()
                                                    - 1 / part.get("ratio_high").asDouble())
                                            / 2);
                        });
        results.partsOf("train-")
                .forEach(
                        (name, part) -> {
                            if (part.hasNonNull("rate_ratio")) {
                                final JsonNode ratio = part.get("rate_ratio");
                                names.add("train " + name.replace("-", " ×"));
                                ratios.add(ratio.get("median").asDouble());
                                spreads.add(
                                        (ratio.get("high").asDouble() - ratio.get("low").asDouble())
                                                / 2);
                            }
                        });
        if (!names.isEmpty()) {
            chart.addSeries("ours", names, ratios, spreads);
        }
        style(chart.getStyler());
        chart.getStyler().setLegendVisible(false);
        chart.getStyler().setSeriesColors(new Color[] {OURS});
        chart.getStyler().setAvailableSpaceFill(0.55);
        chart.getStyler().setErrorBarsColor(INK);
        chart.getStyler().setLabelsVisible(true);
        chart.getStyler().setLabelsPosition(0.5);
        chart.getStyler().setLabelsFont(font(Font.BOLD, 24));
        chart.getStyler().setLabelsFontColor(Color.WHITE);
        chart.getStyler().setXAxisLabelRotation(names.size() > 5 ? 20 : 0);
        chart.getStyler().setYAxisDecimalPattern("#,##0.#");
        return chart;
    }

    private static XYChart lines(final String title, final String x, final String y) {
        final XYChart chart =
                new XYChartBuilder()
                        .width(WIDTH)
                        .height(HEIGHT)
                        .title(title)
                        .xAxisTitle(x)
                        .yAxisTitle(y)
                        .build();
        style(chart.getStyler());
        chart.getStyler().setLegendPosition(Styler.LegendPosition.OutsideS);
        chart.getStyler().setLegendLayout(Styler.LegendLayout.Horizontal);
        chart.getStyler().setMarkerSize(14);
        return chart;
    }

    private static void add(
            final XYChart chart,
            final String name,
            final List<Double> x,
            final List<Double> y,
            final Color color) {
        if (!x.isEmpty()) {
            final XYSeries series = chart.addSeries(name, x, y);
            series.setLineColor(color);
            series.setMarkerColor(color);
            series.setMarker(SeriesMarkers.CIRCLE);
            series.setLineStyle(new BasicStroke(4));
        }
    }

    private static XYChart worlds(final Results results) {
        final XYChart chart =
                lines("Decisions a second on cross, by worlds at once", "worlds", "decisions/s");
        addParts(chart, results, "sumo-cross-", "SUMO alone", "raw", FLOOR);
        addParts(chart, results, "sumo-cross-", "ours", "ours", OURS);
        addParts(chart, results, "sumo-cross-", "over libtraci", "libtraci", OTHER);
        addParts(chart, results, "sumo-cross-", "Python traci", "python_traci", THEIRS);
        chart.getStyler().setXAxisDecimalPattern("0");
        chart.getStyler().setYAxisMin(0.0);
        chart.getStyler().setYAxisDecimalPattern("#,##0");
        return chart;
    }

    /** Adds a line of what {@code parts}, which end in a number, say of one member. */
    private static void addParts(
            final XYChart chart,
            final Results results,
            final String parts,
            final String name,
            final String member,
            final Color color) {
        final List<Double> x = new ArrayList<>();
        final List<Double> y = new ArrayList<>();
        Results.figures(results.partsOf(parts), member)
                .forEach(
                        figure -> {
                            x.add(Double.parseDouble(figure.getKey()));
                            y.add(figure.getValue());
                        });
        add(chart, name, x, y, color);
    }

    private static XYChart batches(final Results results) {
        final XYChart chart =
                lines(
                        "A gradient step of the MLP 4-128-128-2, by batch size",
                        "transitions",
                        "µs per step");
        addParts(chart, results, "peers-mlp-", "libtorch", "theirs_us", THEIRS);
        addParts(chart, results, "peers-mlp-", "ours", "ours_us", OURS);
        chart.getStyler().setXAxisLogarithmic(true);
        chart.getStyler().setYAxisLogarithmic(true);
        chart.getStyler().setXAxisDecimalPattern("0");
        chart.getStyler().setYAxisDecimalPattern("#,##0");
        return chart;
    }

    private static XYChart learning(final String name, final JsonNode run) {
        final XYChart chart =
                lines(
                        "Delay of the greedy policy while training on " + name.replace("-", " ×"),
                        "seconds of training",
                        "s per vehicle, logarithmic");
        final double target = run.get("target_delay").asDouble();
        double last = 0;
        double least = target;
        for (final String side : List.of("ours", "theirs")) {
            final List<Double> x = new ArrayList<>();
            final List<Double> y = new ArrayList<>();
            if (run.hasNonNull(side)) {
                for (final JsonNode point : run.get(side).get("points")) {
                    x.add(point.get("seconds").asDouble());
                    y.add(point.get("delay").asDouble());
                    least = Math.min(least, y.getLast());
                }
            }
            if (!x.isEmpty()) {
                last = Math.max(last, x.getLast());
            }
            final boolean ours = side.equals("ours");
            add(chart, ours ? "ours" : "Python peer", x, y, ours ? OURS : THEIRS);
        }
        if (last > 0) {
            final XYSeries goal =
                    chart.addSeries("MaxPressure", List.of(0.0, last), List.of(target, target));
            goal.setMarker(SeriesMarkers.NONE);
            goal.setLineColor(FLOOR);
            goal.setLineStyle(
                    new BasicStroke(
                            3,
                            BasicStroke.CAP_BUTT,
                            BasicStroke.JOIN_BEVEL,
                            1,
                            new float[] {12, 8},
                            0));
        }
        chart.getStyler().setYAxisLogarithmic(true);
        chart.getStyler().setYAxisMin(Math.pow(10, Math.floor(Math.log10(least))));
        chart.getStyler().setXAxisMin(0.0);
        chart.getStyler().setXAxisDecimalPattern("#,##0");
        chart.getStyler().setYAxisDecimalPattern("#,##0");
        return chart;
    }

    private static Font font(final int weight, final int size) {
        return new Font(Font.SANS_SERIF, weight, size);
    }

    private static void style(final AxesChartStyler styler) {
        styler.setBaseFont(font(Font.PLAIN, 24));
        styler.setChartTitleFont(font(Font.BOLD, 28));
        styler.setChartTitleBoxVisible(false);
        styler.setChartBackgroundColor(Color.WHITE);
        styler.setPlotBackgroundColor(Color.WHITE);
        styler.setPlotBorderVisible(false);
        styler.setPlotGridLinesColor(GRID);
        styler.setPlotGridVerticalLinesVisible(false);
        styler.setAxisTitleFont(font(Font.PLAIN, 24));
        styler.setAxisTickLabelsFont(font(Font.PLAIN, 22));
        styler.setAxisTickMarksColor(GRID);
        styler.setAxisTickLabelsColor(INK);
        styler.setChartFontColor(INK);
        styler.setLegendFont(font(Font.PLAIN, 22));
        styler.setLegendBorderColor(Color.WHITE);
        styler.setChartPadding(20);
    }
}

package greenwave.sim.app;

import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.markers.SeriesMarkers;

import java.awt.Color;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.DoubleStream;

import javax.imageio.ImageIO;

/** A figure per training episode, with its running mean, as a picture. */
final class LearningCurve {
    private final String label;
    private final int window;
    private final List<Double> episodes = new ArrayList<>();
    private final List<Double> figures = new ArrayList<>();

    /** A figure that {@code label} names, and its mean over the last {@code window} episodes. */
    LearningCurve(final String label, final int window) {
        this.label = label;
        this.window = window;
    }

    /** Adds the figure of the next episode; one that was cut off has none, NaN. */
    void add(final double figure) {
        if (!Double.isNaN(figure)) {
            episodes.add((double) episodes.size() + 1);
            figures.add(figure);
        }
    }

    /** {@return the figures so far} */
    List<Double> figures() {
        return List.copyOf(figures);
    }

    /** Writes a PNG; does nothing if no episode has ended. */
    void write(final Path file, final String title) throws IOException {
        if (episodes.isEmpty()) {
            return;
        }
        final XYChart chart = chart(title, label);
        chart.addSeries("episode", episodes, figures)
                .setMarker(SeriesMarkers.NONE)
                .setLineColor(new Color(170, 200, 170));
        chart.addSeries("mean of the last " + window, episodes, means())
                .setMarker(SeriesMarkers.NONE)
                .setLineColor(new Color(20, 110, 50));
        ImageIO.write(BitmapEncoder.getBufferedImage(chart), "png", file.toFile());
    }

    private List<Double> means() {
        final double[] plain = figures.stream().mapToDouble(Double::doubleValue).toArray();
        return DoubleStream.of(runningMean(plain, window)).boxed().toList();
    }

    /** {@return an empty chart of something over episodes} */
    static XYChart chart(final String title, final String label) {
        final XYChart chart =
                new XYChartBuilder()
                        .width(900)
                        .height(500)
                        .title(title)
                        .xAxisTitle("episode")
                        .yAxisTitle(label)
                        .build();
        chart.getStyler().setLegendPosition(LegendPosition.InsideNE);
        chart.getStyler().setChartBackgroundColor(Color.WHITE);
        chart.getStyler().setYAxisMin(0.0);
        return chart;
    }

    /** {@return the mean of each figure and those before it, {@code window} of them or fewer} */
    static double[] runningMean(final double[] figures, final int window) {
        final double[] means = new double[figures.length];
        double sum = 0;
        for (int i = 0; i < figures.length; i++) {
            sum += figures[i] - (i >= window ? figures[i - window] : 0);
            means[i] = sum / Math.min(i + 1, window);
        }
        return means;
    }
}

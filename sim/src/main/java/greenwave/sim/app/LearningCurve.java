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

import javax.imageio.ImageIO;

/** Delay per training episode, with its running mean, as a picture. */
final class LearningCurve {
    private static final int WINDOW = 10;

    private final List<Double> episodes = new ArrayList<>();
    private final List<Double> delays = new ArrayList<>();

    /** Adds the delay of the next episode, s per vehicle. */
    void add(final double delay) {
        episodes.add((double) episodes.size() + 1);
        delays.add(delay);
    }

    /** Writes a PNG; does nothing if no episode has ended. */
    void write(final Path file, final String title) throws IOException {
        if (episodes.isEmpty()) {
            return;
        }
        final XYChart chart =
                new XYChartBuilder()
                        .width(900)
                        .height(500)
                        .title(title)
                        .xAxisTitle("episode")
                        .yAxisTitle("delay, s per vehicle")
                        .build();
        chart.getStyler().setLegendPosition(LegendPosition.InsideNE);
        chart.getStyler().setChartBackgroundColor(Color.WHITE);
        chart.getStyler().setYAxisMin(0.0);
        chart.addSeries("episode", episodes, delays)
                .setMarker(SeriesMarkers.NONE)
                .setLineColor(new Color(170, 200, 170));
        chart.addSeries("mean of the last " + WINDOW, episodes, runningMean())
                .setMarker(SeriesMarkers.NONE)
                .setLineColor(new Color(20, 110, 50));
        ImageIO.write(BitmapEncoder.getBufferedImage(chart), "png", file.toFile());
    }

    private List<Double> runningMean() {
        final List<Double> means = new ArrayList<>();
        double sum = 0;
        for (int i = 0; i < delays.size(); i++) {
            sum += delays.get(i) - (i >= WINDOW ? delays.get(i - WINDOW) : 0);
            means.add(sum / Math.min(i + 1, WINDOW));
        }
        return means;
    }
}

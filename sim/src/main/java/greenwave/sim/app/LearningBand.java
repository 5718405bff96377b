package greenwave.sim.app;

import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.XYSeries.XYSeriesRenderStyle;
import org.knowm.xchart.style.markers.SeriesMarkers;

import java.awt.Color;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

import javax.imageio.ImageIO;

/** The learning curves of several seeds as a picture: their mean, in a band from the least to the most. */
final class LearningBand {
    private LearningBand() {}

    /** Writes a PNG; does nothing if no episode has ended. An episode counts where a seed got as far. */
    static void write(
            final Path file, final String title, final String label, final List<Outcome> outcomes)
            throws IOException {
        final int length = outcomes.stream().mapToInt(o -> o.curve().size()).max().orElse(0);
        if (length == 0) {
            return;
        }
        final List<Double> episodes = new ArrayList<>();
        final List<Double> means = new ArrayList<>();
        final List<Double> least = new ArrayList<>();
        final List<Double> most = new ArrayList<>();
        for (int i = 0; i < length; i++) {
            final int episode = i;
            final double[] figures =
                    outcomes.stream()
                            .filter(o -> episode < o.curve().size())
                            .mapToDouble(o -> o.curve().get(episode))
                            .sorted()
                            .toArray();
            double sum = 0;
            for (final double figure : figures) {
                sum += figure;
            }
            episodes.add(i + 1.0);
            means.add(sum / figures.length);
            least.add(figures[0]);
            most.add(figures[figures.length - 1]);
        }
        final XYChart chart = LearningCurve.chart(title, label);
        final XYSeries band =
                chart.addSeries("all seeds", around(episodes, episodes), around(most, least));
        band.setXYSeriesRenderStyle(XYSeriesRenderStyle.PolygonArea);
        band.setFillColor(new Color(170, 200, 170, 120));
        band.setLineColor(new Color(170, 200, 170));
        band.setMarker(SeriesMarkers.NONE);
        chart.addSeries("mean of %d seeds".formatted(outcomes.size()), episodes, means)
                .setMarker(SeriesMarkers.NONE)
                .setLineColor(new Color(20, 110, 50));
        ImageIO.write(BitmapEncoder.getBufferedImage(chart), "png", file.toFile());
    }

    /** {@return one way there, the other way back} */
    private static List<Double> around(final List<Double> there, final List<Double> back) {
        final List<Double> outline = new ArrayList<>(there);
        final List<Double> reversed = new ArrayList<>(back);
        Collections.reverse(reversed);
        outline.addAll(reversed);
        return outline;
    }
}

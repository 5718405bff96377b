package greenwave.sim.app;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;

/**
 * How training with several seeds went, in the shape of {@code seeds.json}.
 *
 * @param metric what is told of each: {@code delay} or {@code steps}
 * @param mean over the seeds
 * @param deviation standard deviation of the seeds, with n - 1; 0 for one
 * @param least smallest figure
 * @param most largest figure
 * @param runs one per seed
 */
@JsonPropertyOrder({"metric", "mean", "deviation", "least", "most", "runs"})
record SeedsReport(
        String metric, double mean, double deviation, double least, double most, List<Run> runs) {
    /**
     * One of them.
     *
     * @param seed training seed
     * @param figure what its policy reached
     * @param folder of the run, below this file's
     */
    @JsonPropertyOrder({"seed", "figure", "folder"})
    record Run(long seed, double figure, String folder) {}

    /** {@return the report on {@code outcomes}, of which there is at least one} */
    static SeedsReport of(final String metric, final List<Outcome> outcomes) {
        final double[] figures = outcomes.stream().mapToDouble(Outcome::figure).sorted().toArray();
        double sum = 0;
        for (final double figure : figures) {
            sum += figure;
        }
        final double mean = sum / figures.length;
        double squares = 0;
        for (final double figure : figures) {
            squares += (figure - mean) * (figure - mean);
        }
        return new SeedsReport(
                metric,
                mean,
                figures.length == 1 ? 0 : Math.sqrt(squares / (figures.length - 1)),
                figures[0],
                figures[figures.length - 1],
                outcomes.stream()
                        .map(o -> new Run(o.seed(), o.figure(), folder(o.seed())))
                        .toList());
    }

    /** {@return the name of the folder of a seed's run} */
    static String folder(final long seed) {
        return "seed" + seed;
    }

    /** Writes the report and the picture of all curves into {@code folder}, and prints the figures. */
    static void write(
            final Path folder,
            final String title,
            final String metric,
            final String label,
            final List<Outcome> outcomes,
            final PrintWriter console)
            throws IOException {
        final SeedsReport report = of(metric, outcomes);
        Json.write(folder.resolve("seeds.json"), report);
        LearningBand.write(folder.resolve("learning-curve.png"), title, label, outcomes);
        report.runs.forEach(
                run -> console.printf("seed %d: %s %.2f%n", run.seed, metric, run.figure));
        console.printf(
                "%d seeds: %s %.2f, standard deviation %.2f, from %.2f to %.2f%n",
                report.runs.size(),
                metric,
                report.mean,
                report.deviation,
                report.least,
                report.most);
    }
}

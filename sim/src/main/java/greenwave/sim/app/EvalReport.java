package greenwave.sim.app;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.annotation.JsonUnwrapped;

import greenwave.sim.TripInfo;
import greenwave.sim.TripMetrics;

import java.io.PrintWriter;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * How one controller did on several seeds, in the shape of the JSON file.
 *
 * @param controller its name
 * @param runs one per seed, in the order of the seeds
 * @param median of each figure by itself, not the figures of a median run
 */
@JsonPropertyOrder({"controller", "runs", "median"})
record EvalReport(String controller, List<Run> runs, TripMetrics median) {
    private static final String HEAD = "%-10s %9s %9s %9s %9s %9s %9s%n";
    private static final String ROW = "%-10s %9.2f %9.2f %9.2f %9.2f %9d %9d%s%n";

    /**
     * The figures of one seed.
     *
     * @param seed SUMO's
     * @param trips what came of it
     */
    record Run(int seed, @JsonUnwrapped TripMetrics trips) {}

    /** A report over at least one run. */
    EvalReport(final String controller, final List<Run> runs) {
        this(controller, runs, TripInfo.median(runs.stream().map(Run::trips).toList()));
    }

    /** {@return the mean of a figure over the seeds} */
    double mean(final ToDoubleFunction<TripMetrics> figure) {
        return runs.stream().map(Run::trips).mapToDouble(figure).average().orElseThrow();
    }

    /** Prints a table: a line per seed and one of medians. */
    void print(final PrintWriter out) {
        out.printf(
                HEAD,
                controller,
                "delay",
                "waiting",
                "timeLoss",
                "duration",
                "finished",
                "scheduled");
        runs.forEach(run -> print(out, "seed " + run.seed, run.trips));
        print(out, "median", median);
    }

    private static void print(final PrintWriter out, final String name, final TripMetrics trips) {
        out.printf(
                ROW,
                name,
                trips.delay(),
                trips.waiting(),
                trips.timeLoss(),
                trips.duration(),
                trips.finished(),
                trips.scheduled(),
                trips.gridlock() ? "  gridlocked" : "");
    }
}

package greenwave.bench.train;

import com.fasterxml.jackson.annotation.JsonProperty;

import greenwave.bench.Quartiles;

import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * What {@code greenwave-bench train} found.
 *
 * @param targetDelay that was to be reached, seconds per vehicle
 * @param theirs the Python peer; null where it can't run
 * @param missing why not
 * @param rateRatio ours / theirs of decisions a second, turn by turn; null without a peer
 * @param timeRatio theirs / ours of the training time until the delay; null unless both got there
 */
record TrainReport(
        String scenario,
        int worlds,
        @JsonProperty("updates_per_decision") int updatesPerDecision,
        @JsonProperty("target_delay") double targetDelay,
        Trainee.Figures ours,
        Trainee.Figures theirs,
        String missing,
        @JsonProperty("rate_ratio") Quartiles rateRatio,
        @JsonProperty("time_ratio") Double timeRatio) {
    static TrainReport of(
            final Course course,
            final double target,
            final Trainee ours,
            final Trainee theirs,
            final String missing) {
        final Trainee.Figures our = ours.figures(median(ours.rates()), target);
        if (theirs == null) {
            return new TrainReport(
                    course.scenario(),
                    course.worlds(),
                    course.settings().updatesPerStep(),
                    target,
                    our,
                    null,
                    missing,
                    null,
                    null);
        }
        final int pairs = Math.min(ours.rates().size(), theirs.rates().size());
        final Trainee.Figures their = theirs.figures(median(theirs.rates()), target);
        return new TrainReport(
                course.scenario(),
                course.worlds(),
                course.settings().updatesPerStep(),
                target,
                our,
                their,
                null,
                Quartiles.of(
                        IntStream.range(first(pairs), pairs)
                                .mapToDouble(i -> ours.rates().get(i) / theirs.rates().get(i))),
                our.reached() == null || their.reached() == null
                        ? null
                        : their.reached().seconds() / our.reached().seconds());
    }

    /** A first turn fills the replay and compiles. */
    private static int first(final int turns) {
        return turns > 1 ? 1 : 0;
    }

    private static double median(final List<Double> rates) {
        return Quartiles.of(
                        rates.stream().skip(first(rates.size())).mapToDouble(Double::doubleValue))
                .median();
    }

    void print(final PrintWriter out) {
        out.printf(
                Locale.ROOT,
                "%s, worlds=%d, updates per decision=%d; until a delay of %.2f s per vehicle%n%n",
                scenario,
                worlds,
                updatesPerDecision,
                targetDelay);
        out.println("        decisions/s   reached after    decisions   start, s");
        print(out, "ours", ours);
        if (theirs == null) {
            out.println("Python  " + missing);
            return;
        }
        print(out, "Python", theirs);
        out.printf(
                Locale.ROOT,
                "%nours / Python, decisions a second: %.1f [%.1f, %.1f]%n",
                rateRatio.median(),
                rateRatio.low(),
                rateRatio.high());
        if (timeRatio != null) {
            out.printf(Locale.ROOT, "Python / ours, time to that delay: %.1f%n", timeRatio);
        }
    }

    private static void print(
            final PrintWriter out, final String name, final Trainee.Figures figures) {
        final Trainee.Point last = figures.points().isEmpty() ? null : figures.points().getLast();
        final String reached =
                figures.reached() != null
                        ? String.format(
                                Locale.ROOT,
                                "%11.1f s %12d",
                                figures.reached().seconds(),
                                figures.reached().decisions())
                        : last == null
                                ? "   not judged             "
                                : String.format(
                                        Locale.ROOT,
                                        "     not yet: %.2f s after %d",
                                        last.delay(),
                                        last.decisions());
        out.printf(
                Locale.ROOT,
                "%-7s %11.1f   %s   %8.1f%n",
                name,
                figures.rate(),
                reached,
                figures.startup());
    }
}

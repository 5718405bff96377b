package greenwave.bench.replay;

import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What {@code greenwave-bench replay} measured: operations a second, the median of the rounds. */
final class ReplayReport {
    /** What is measured of a design, by the label of the benchmark method. */
    private static final List<String> LABELS =
            List.of("lone", "pairsBesideOne", "insertsOfOne", "pairsBesideThree", "insertsOfThree");

    private final Map<Design, Map<String, List<Double>>> trees = new EnumMap<>(Design.class);
    private final List<Double> gathered = new ArrayList<>();
    private final boolean quick;

    private ReplayReport(final boolean quick) {
        this.quick = quick;
    }

    /** Runs every design once a round, so that a slow spell of the machine meets them all. */
    static ReplayReport measure(final int rounds, final boolean quick) throws RunnerException {
        final ReplayReport report = new ReplayReport(quick);
        for (int round = 0; round < rounds; round++) {
            for (final Design design : Design.values()) {
                report.runTree(design);
            }
            for (final RunResult run : report.run(GatherBenchmark.class.getSimpleName(), null)) {
                report.gathered.add(run.getPrimaryResult().getScore());
            }
        }
        return report;
    }

    private void runTree(final Design design) throws RunnerException {
        final Map<String, List<Double>> of =
                trees.computeIfAbsent(design, _ -> new LinkedHashMap<>());
        for (final RunResult run : run(SumTreeBenchmark.class.getSimpleName(), design)) {
            add(of, run.getPrimaryResult());
            run.getSecondaryResults().values().forEach(result -> add(of, result));
        }
    }

    private static void add(final Map<String, List<Double>> of, final Result<?> result) {
        if (LABELS.contains(result.getLabel())) { // the sum of a group's unlike operations is not
            of.computeIfAbsent(result.getLabel(), _ -> new ArrayList<>()).add(result.getScore());
        }
    }

    private Iterable<RunResult> run(final String benchmark, final Design design)
            throws RunnerException {
        final ChainedOptionsBuilder options =
                new OptionsBuilder()
                        .include("\\." + benchmark + "\\.")
                        .forks(1)
                        .warmupIterations(quick ? 2 : 5)
                        .warmupTime(TimeValue.seconds(1))
                        .measurementIterations(quick ? 2 : 3)
                        .measurementTime(TimeValue.seconds(1))
                        .jvmArgsAppend(
                                "--enable-native-access=ALL-UNNAMED",
                                "--sun-misc-unsafe-memory-access=allow") // by JMH
                        .verbosity(VerboseMode.SILENT);
        if (design != null) {
            options.param("design", design.name());
        }
        return new Runner(options.build()).run();
    }

    private static double median(final List<Double> values) {
        final List<Double> sorted = new ArrayList<>(values);
        Collections.sort(sorted);
        final int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1
                ? sorted.get(middle)
                : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }

    private double of(final Design design, final String label) {
        return median(trees.get(design).get(label));
    }

    /** {@return the figures by the names under which they are published} */
    Map<String, Double> figures() {
        final Map<String, Double> figures = new LinkedHashMap<>();
        figures.put("pairs_per_s", of(Design.GREENWAVE, "lone"));
        figures.put("pairs_per_s_1_writer", of(Design.GREENWAVE, "pairsBesideOne"));
        figures.put("inserts_per_s_1_writer", of(Design.GREENWAVE, "insertsOfOne"));
        figures.put("pairs_per_s_3_writers", of(Design.GREENWAVE, "pairsBesideThree"));
        figures.put("inserts_per_s_3_writers", of(Design.GREENWAVE, "insertsOfThree"));
        figures.put("gathered_per_s", median(gathered));
        figures.put("best_alternative_pairs_per_s", bestAlternative());
        return figures;
    }

    /** {@return the same, and what each design does by itself} */
    Map<String, Object> published() {
        final Map<String, Object> published = new LinkedHashMap<>(figures());
        final Map<String, Map<String, Double>> designs = new LinkedHashMap<>();
        trees.forEach(
                (design, of) -> {
                    final Map<String, Double> medians = new LinkedHashMap<>();
                    of.forEach((label, values) -> medians.put(label, median(values)));
                    designs.put(design.name(), medians);
                });
        published.put("designs", designs);
        return published;
    }

    private double bestAlternative() {
        double best = 0;
        for (final Design design : trees.keySet()) {
            best = design == Design.GREENWAVE ? best : Math.max(best, of(design, "lone"));
        }
        return best;
    }

    void print(final PrintWriter out) {
        out.println("millions a second; a pair is one draw and one update");
        out.printf("%-34s %8s %18s %18s%n", "tree", "alone", "beside 1 writer", "beside 3 writers");
        out.printf(
                "%-34s %8s %9s %8s %9s %8s%n", "", "pairs", "pairs", "inserts", "pairs", "inserts");
        for (final Design design : trees.keySet()) {
            out.printf("%-34s", design.description());
            for (final String label : LABELS) {
                final int width = label.startsWith("pairs") ? 9 : 8;
                out.printf(Locale.ROOT, " %" + width + ".2f", of(design, label) / 1e6);
            }
            out.println();
        }
        out.printf(
                Locale.ROOT,
                "ours / best other, alone: %.1f%n",
                of(Design.GREENWAVE, "lone") / bestAlternative());
        out.printf(
                Locale.ROOT,
                "drawn, gathered (576 bytes) and updated: %.2f%n",
                median(gathered) / 1e6);
    }
}

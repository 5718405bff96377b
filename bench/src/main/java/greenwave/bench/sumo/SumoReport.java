package greenwave.bench.sumo;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** What {@code greenwave-bench sumo} measured: decisions a second over all worlds, medians of the rounds. */
final class SumoReport {
    /** Of the sum, which both sides round to the hundredth per vehicle. */
    private static final double SAME = 1e-4;

    private final String scenario;
    private final int worlds;
    private final int decisions;
    private final List<Contender> contenders;
    private final Map<String, List<Double>> rates = new LinkedHashMap<>();
    private final Map<String, String> missing = new LinkedHashMap<>();
    private boolean sameTraffic = true;

    SumoReport(
            final String scenario,
            final int worlds,
            final int decisions,
            final List<Contender> contenders) {
        this.scenario = scenario;
        this.worlds = worlds;
        this.decisions = decisions;
        this.contenders = contenders;
    }

    /** Runs all in turns, so that a slow spell of the machine meets them all; the first round warms up. */
    void measure(final int rounds) throws IOException {
        for (final Contender contender : contenders) {
            final Optional<String> reason = contender.missing();
            reason.ifPresent(text -> missing.put(contender.name(), text));
        }
        for (int round = 0; round <= rounds; round++) {
            for (final Contender contender : contenders) {
                final boolean skipped =
                        missing.containsKey(contender.name())
                                || round == 0 && contender instanceof PythonSumo;
                if (!skipped) {
                    final double rate = contender.run();
                    if (round > 0) {
                        rates.computeIfAbsent(contender.name(), _ -> new ArrayList<>()).add(rate);
                    }
                }
            }
        }
    }

    /** Takes note of what all vehicles of a world lost, with us and with SUMO alone. */
    void compareTraffic(final double ours, final double raw) {
        sameTraffic &= Math.abs(ours - raw) <= SAME * Math.max(1, ours);
    }

    private Double median(final String name) {
        final List<Double> all = rates.get(name);
        if (all == null) {
            return null;
        }
        final List<Double> sorted = all.stream().sorted().toList();
        final int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1
                ? sorted.get(middle)
                : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }

    private Double ratio(final String name, final String of) {
        return median(name) == null || median(of) == null ? null : median(name) / median(of);
    }

    /** {@return the figures by the names under which they are published} */
    Map<String, Object> figures() {
        final Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("scenario", scenario);
        figures.put("worlds", worlds);
        figures.put("decisions", decisions);
        figures.put("same_traffic", sameTraffic);
        for (final Contender contender : contenders) {
            figures.put(contender.name(), median(contender.name()));
            if (contender instanceof final Ours ours && ours.name().equals("ours")) {
                figures.put("transport", ours.used().label());
            }
            if (contender instanceof final Learning learning) {
                figures.put("engine", learning.engine());
            }
        }
        figures.put("ours_over_raw", ratio("ours", "raw"));
        figures.put("ours_over_raw_our_environment", ratio("ours", "raw_our_environment"));
        figures.put("learner_over_random", ratio("learner", "ours"));
        figures.put("learner_lock_step_over_random", ratio("learner_lock_step", "ours"));
        figures.put("wire_over_raw", ratio("wire", "raw"));
        figures.put("libtraci_over_raw", ratio("libtraci", "raw"));
        figures.put("ours_over_raw_own_program", ratio("ours", "raw_own_program"));
        figures.put("ours_over_python_traci", ratio("ours", "python_traci"));
        figures.put("ours_over_python_libsumo", ratio("ours", "python_libsumo"));
        figures.put("missing", missing);
        return figures;
    }

    void print(final PrintWriter out) {
        out.printf(
                "%s, worlds=%d, decisions=%d each; decisions a second over all worlds%n",
                scenario, worlds, decisions);
        for (final Contender contender : contenders) {
            final String name = contender.name();
            if (missing.containsKey(name)) {
                out.printf("%-20s %s%n", name, missing.get(name));
            } else {
                out.printf(
                        Locale.ROOT,
                        "%-20s %9.1f  %5.2f of raw%n",
                        name,
                        median(name),
                        ratio(name, "raw"));
            }
        }
        out.println(
                sameTraffic
                        ? "raw simulated the same traffic as ours"
                        : "raw simulated OTHER traffic than ours: the ratio compares unlike work");
    }
}

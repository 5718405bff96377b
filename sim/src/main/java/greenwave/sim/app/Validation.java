package greenwave.sim.app;

import greenwave.sim.TripMetrics;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Judges the greedy policy every few episodes on seeds of its own, apart from the training curve, and keeps the
 * best weights: {@code evaluation.csv} holds a line per judgement, the last column of which is wall-clock time that
 * decides nothing. What is compared is the mean delay over the seeds. One thread.
 *
 * <p>The file is the state: opened for a run that goes on, it forgets what came later than where that run starts.
 */
final class Validation implements AutoCloseable {
    private static final String HEADER =
            "episode,env_steps,updates,delay_mean,delay_median,delay_least,delay_most,waiting_mean,best,wall_seconds";

    /** Keeps weights for later. */
    @FunctionalInterface
    interface Keeper {
        /** Keeps the present ones in place of those kept before. */
        void keep() throws IOException;
    }

    /**
     * One judgement.
     *
     * @param episode training episodes before it
     * @param delay mean over the seeds, s per vehicle
     * @param seconds of wall clock, with earlier judgements
     */
    record Point(long episode, double delay, double seconds) {}

    private final ValidationConfig config;
    private final Supplier<EvalReport> judge;
    private final Keeper keeper;
    private final BufferedWriter out;
    private final List<Point> points = new ArrayList<>();
    private double best = Double.POSITIVE_INFINITY;

    /**
     * Opens {@code file}.
     *
     * @param done episodes that the run has behind it; 0 for a new one
     * @param judge plays the greedy policy on the validation seeds
     * @param keeper of the best weights
     */
    Validation(
            final Path file,
            final long done,
            final ValidationConfig config,
            final Supplier<EvalReport> judge,
            final Keeper keeper)
            throws IOException {
        this.config = config;
        this.judge = judge;
        this.keeper = keeper;
        final List<String> kept = new ArrayList<>(List.of(HEADER));
        if (done > 0 && Files.exists(file)) {
            Files.readAllLines(file).stream()
                    .skip(1)
                    .filter(line -> Long.parseLong(line.split(",")[0]) <= done)
                    .forEach(kept::add);
        }
        Files.write(file, kept);
        kept.stream().skip(1).map(line -> line.split(",")).forEach(this::remember);
        this.out = Files.newBufferedWriter(file, StandardOpenOption.APPEND);
    }

    private void remember(final String[] fields) {
        final Point point =
                new Point(
                        Long.parseLong(fields[0]),
                        Double.parseDouble(fields[3]),
                        Double.parseDouble(fields[9]));
        points.add(point);
        best = Math.min(best, point.delay);
    }

    /** {@return the judgements so far} */
    List<Point> points() {
        return List.copyOf(points);
    }

    /** {@return the lowest delay so far; infinite without a judgement} */
    double best() {
        return best;
    }

    /** {@return whether the run may stop because its policy is as good as was asked for} */
    boolean targetReached() {
        return best <= config.targetDelay();
    }

    /** {@return whether there is a judgement after {@code episodes}} */
    boolean isDue(final long episodes) {
        return config.every() > 0 && episodes % config.every() == 0;
    }

    /** {@return whether the policy after {@code episodes} has not been judged, though some should be} */
    boolean isMissing(final long episodes) {
        return config.every() > 0 && (points.isEmpty() || points.getLast().episode() != episodes);
    }

    /** {@return the first judgement that was as good as {@code delay}} */
    Optional<Point> reached(final double delay) {
        return points.stream().filter(point -> point.delay <= delay).findFirst();
    }

    /** Judges the policy as it is now, {@code seconds} of wall clock after the run's beginning. */
    EvalReport judge(
            final long episodes, final long envSteps, final long updates, final double seconds) {
        final EvalReport report = judge.get();
        final double[] delays =
                report.runs().stream().mapToDouble(run -> run.trips().delay()).sorted().toArray();
        final double mean = report.mean(TripMetrics::delay);
        final boolean better = mean < best;
        try {
            if (better) {
                keeper.keep();
            }
            final String line =
                    String.format(
                            Locale.ROOT,
                            "%d,%d,%d,%.6f,%.6f,%.6f,%.6f,%.6f,%d,%.3f",
                            episodes,
                            envSteps,
                            updates,
                            mean,
                            report.median().delay(),
                            delays[0],
                            delays[delays.length - 1],
                            report.mean(TripMetrics::waiting),
                            better ? 1 : 0,
                            seconds);
            out.write(line);
            out.newLine();
            out.flush();
            remember(line.split(","));
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
        return report;
    }

    @Override
    public void close() throws IOException {
        out.close();
    }
}

package greenwave.bench.train;

import com.fasterxml.jackson.annotation.JsonProperty;

import greenwave.bench.Dialogue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One side of the contest: trains when asked, and only then is its clock running. */
final class Trainee implements AutoCloseable {
    /**
     * A judgement of what was learned so far.
     *
     * @param seconds of training
     * @param delay mean over the judge's seeds, seconds per vehicle
     */
    record Point(long decisions, long updates, double seconds, double delay) {}

    private final Dialogue process;
    private final Path weights;
    private final double startup;
    private final List<Double> rates = new ArrayList<>();
    private final List<Point> points = new ArrayList<>();
    private long decisions;
    private long updates;
    private double seconds;

    /** Starts a side. */
    interface Starter {
        Dialogue start() throws IOException;
    }

    Trainee(final Starter starter, final Path weights) throws IOException {
        final long begin = System.nanoTime();
        this.process = starter.start();
        this.startup = (System.nanoTime() - begin) / 1e9;
        this.weights = weights;
    }

    /** Trains until so many episodes more have ended. */
    void train(final int episodes) throws IOException {
        final String[] answer = process.ask("train " + episodes).split(" ");
        final double took = Double.parseDouble(answer[0]);
        final long taken = Long.parseLong(answer[1]);
        rates.add(taken / took);
        seconds += took;
        decisions += taken;
        updates += Long.parseLong(answer[2]);
    }

    /** Lets {@code judge} look at its networks. */
    void judged(final Judge judge) throws IOException {
        process.ask("save " + weights);
        points.add(new Point(decisions, updates, seconds, judge.delay(weights)));
    }

    /** {@return the first judgement that is at most {@code delay}} */
    Optional<Point> reached(final double delay) {
        return points.stream().filter(point -> point.delay() <= delay).findFirst();
    }

    /** {@return decisions a second, by turn} */
    List<Double> rates() {
        return rates;
    }

    /**
     * What is published of it.
     *
     * @param startup seconds until the process was ready
     * @param reached where the delay asked for was reached first; null if it was not
     */
    record Figures(
            String engine,
            @JsonProperty("startup_s") double startup,
            @JsonProperty("decisions_per_s") double rate,
            Point reached,
            List<Point> points) {}

    /** {@return what is published} */
    Figures figures(final double rate, final double delay) {
        return new Figures(
                process.describe(),
                startup,
                rate,
                reached(delay).orElse(null),
                List.copyOf(points));
    }

    @Override
    public void close() {
        process.close();
    }
}

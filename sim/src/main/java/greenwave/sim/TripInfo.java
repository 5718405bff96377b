package greenwave.sim;

import greenwave.sim.net.XmlInput;

import java.nio.file.Path;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * Reads SUMO's trip output, as written with {@code --tripinfo-output.write-unfinished} and {@code
 * --tripinfo-output.write-undeparted}. Persons and containers are not counted.
 *
 * <p>What SUMO 1.15 writes, by experiment:
 *
 * <ol>
 *   <li>An unfinished vehicle has {@code arrival="-1.00"}; duration, waiting time and time loss are
 *       those up to the end.
 *   <li>A vehicle that was never inserted has {@code depart="-1"}, zeros, and as {@code
 *       departDelay} the time from its scheduled departure to the end. One that is due exactly at the
 *       end is written too, with a delay of 0; later ones are not written.
 *   <li>A vehicle taken out before its destination (by a teleport, TraCI or a calibrator) has an
 *       arrival time and says in {@code vaporized} what took it. The same attribute says {@code end}
 *       for some of those in notes 1 and 2.
 * </ol>
 */
public final class TripInfo {
    /** Without an arrival for this long, traffic stands, s: three to five cycles of a signal. */
    private static final double STANDSTILL = 300;

    /** SUMO writes times with two decimals. */
    private static final double ROUNDING = 0.005;

    private TripInfo() {}

    /**
     * {@return how the vehicles scheduled in [begin, end) fared; all 0 if there were none}
     *
     * @param tripinfoXml the finished file, plain or gzipped
     * @param begin start of the window, s
     * @param end when the simulation ended, s: undeparted vehicles are dated back from it
     * @throws SumoException if the file is missing, incomplete (SUMO was killed, or the disk was
     *     full) or not a trip output
     */
    public static TripMetrics read(final Path tripinfoXml, final double begin, final double end) {
        double delay = 0;
        double waiting = 0;
        double timeLoss = 0;
        double duration = 0;
        int scheduled = 0;
        int finished = 0;
        double lastArrival = Double.NEGATIVE_INFINITY;
        double firstStillDriving = Double.POSITIVE_INFINITY;
        try (XmlInput xml = XmlInput.open(tripinfoXml, SumoException::new)) {
            xml.root("tripinfos");
            while (xml.next()) {
                if (xml.depth() != 2 || !xml.name().equals("tripinfo")) {
                    continue;
                }
                final double depart = number(xml, "depart");
                final double departDelay = number(xml, "departDelay");
                final double arrival = number(xml, "arrival");
                final boolean arrived = arrival >= 0 && reachedItsDestination(xml);
                if (arrived) {
                    lastArrival = Math.max(lastArrival, arrival);
                } else if (arrival < 0 && depart >= 0) {
                    firstStillDriving = Math.min(firstStillDriving, depart);
                }
                final double due = (depart < 0 ? end : depart) - departDelay;
                if (due < begin - ROUNDING || due > end - ROUNDING) {
                    continue;
                }
                scheduled++;
                finished += arrived ? 1 : 0;
                delay += number(xml, "timeLoss") + departDelay;
                waiting += number(xml, "waitingTime");
                timeLoss += number(xml, "timeLoss");
                duration += number(xml, "duration");
            }
        }
        final boolean gridlock =
                lastArrival < end - STANDSTILL && firstStillDriving <= end - STANDSTILL;
        final int n = Math.max(scheduled, 1);
        return new TripMetrics(
                delay / n, waiting / n, timeLoss / n, duration / n, finished, scheduled, gridlock);
    }

    /**
     * {@return the median of each figure by itself; of an even number of runs the mean of the middle
     * two, counts rounded up. Gridlocked if more than half of the runs are}
     *
     * @throws IllegalArgumentException if there are no runs
     */
    public static TripMetrics median(final List<TripMetrics> runs) {
        if (runs.isEmpty()) {
            throw new IllegalArgumentException("median: runs=0, expected at least 1");
        }
        return new TripMetrics(
                median(runs, TripMetrics::delay),
                median(runs, TripMetrics::waiting),
                median(runs, TripMetrics::timeLoss),
                median(runs, TripMetrics::duration),
                (int) Math.ceil(median(runs, TripMetrics::finished)),
                (int) Math.ceil(median(runs, TripMetrics::scheduled)),
                2 * runs.stream().filter(TripMetrics::gridlock).count() > runs.size());
    }

    private static double median(
            final List<TripMetrics> runs, final ToDoubleFunction<TripMetrics> figure) {
        final double[] sorted = runs.stream().mapToDouble(figure).sorted().toArray();
        final int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    private static boolean reachedItsDestination(final XmlInput xml) {
        final String vaporized = xml.attribute("vaporized");
        return vaporized == null || vaporized.isEmpty();
    }

    private static double number(final XmlInput xml, final String attribute) {
        final String text = xml.attribute(attribute);
        if (text != null) {
            try {
                return Double.parseDouble(text);
            } catch (final NumberFormatException e) {
                throw xml.error("%s=%s, expected a number".formatted(attribute, text));
            }
        }
        throw xml.error("<tripinfo> without %s, expected a number".formatted(attribute));
    }
}

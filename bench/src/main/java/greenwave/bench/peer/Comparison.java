package greenwave.bench.peer;

import greenwave.bench.Quartiles;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Two workers doing the same task in turns, so that what else the machine does meets both alike. A pair of rounds in
 * which one had to wait for its processor is repeated.
 */
final class Comparison {
    private static final double WARM_SECONDS = 2;
    private static final double ROUND_SECONDS =
            0.01; // fits between two turns of a busy machine's scheduler
    private static final int MOST_PAIRS = 4; // for each that is wanted
    private static final int ENOUGH_PAIRS = 5;
    private static final double MOST_SECONDS = 120;
    private static final double LEAST_CPU_SHARE = 0.985;

    /**
     * Microseconds per run.
     *
     * @param ours quartiles of our rounds
     * @param theirs of theirs
     * @param ratio of ours / theirs, pair by pair
     * @param clean pairs that these are taken from; all {@code pairs} if fewer than five were clean
     */
    record Result(Quartiles ours, Quartiles theirs, Quartiles ratio, int clean, int pairs) {}

    private record Pair(double ours, double theirs, boolean clean) {}

    private Comparison() {}

    /** {@return the comparison over {@code wanted} undisturbed pairs, if so many can be had} */
    static Result of(final Child ours, final Child theirs, final Task task, final int wanted)
            throws IOException {
        final long ourCount = warm(ours, task);
        final long theirCount = warm(theirs, task);
        final List<Pair> pairs = new ArrayList<>();
        int clean = 0;
        double seconds = 0;
        while (clean < wanted
                && pairs.size() < MOST_PAIRS * wanted
                && (seconds < MOST_SECONDS || pairs.size() < ENOUGH_PAIRS)) {
            final Child.Round our = ours.run(task, ourCount);
            final Child.Round their = theirs.run(task, theirCount);
            final Pair pair =
                    new Pair(
                            micros(our, ourCount),
                            micros(their, theirCount),
                            undisturbed(our) && undisturbed(their));
            clean += pair.clean() ? 1 : 0;
            pairs.add(pair);
            seconds += (our.wallNanos() + their.wallNanos()) / 1e9;
        }
        final boolean cleanOnly = clean >= ENOUGH_PAIRS;
        final List<Pair> counted = pairs.stream().filter(p -> p.clean() || !cleanOnly).toList();
        return new Result(
                Quartiles.of(counted.stream().mapToDouble(Pair::ours)),
                Quartiles.of(counted.stream().mapToDouble(Pair::theirs)),
                Quartiles.of(counted.stream().mapToDouble(p -> p.ours() / p.theirs())),
                clean,
                pairs.size());
    }

    /** {@return how often the task runs in a round; found by running it until the code is compiled} */
    private static long warm(final Child child, final Task task) throws IOException {
        long count = 1;
        double worked = 0;
        while (true) {
            final Child.Round round = child.run(task, count);
            worked +=
                    round.cpuNanos() / 1e9; // not the clock's: a busy machine compiles late as well
            final double seconds = round.wallNanos() / 1e9;
            final long perRound = Math.max(1, Math.round(count * ROUND_SECONDS / seconds));
            if (worked > WARM_SECONDS) {
                return perRound;
            }
            count = Math.min(2 * count, perRound);
        }
    }

    private static double micros(final Child.Round round, final long count) {
        return round.wallNanos() / 1e3 / count;
    }

    private static boolean undisturbed(final Child.Round round) {
        return round.cpuNanos() >= LEAST_CPU_SHARE * round.wallNanos();
    }
}

package greenwave.bench.guard;

import greenwave.bench.Quartiles;

import java.util.Arrays;

/**
 * Runs a path and its floor in short rounds by turns: floor, path, floor, path... What the machine does to one it does to its
 * neighbours, so that each round of the path is divided by the mean of the floors before and after it. The median of these
 * ratios is robust against rounds that something else disturbed.
 */
final class Meter {
    private static final double ROUND_NANOS = 3e6; // about a turn of a busy machine's scheduler

    private static final double STEADY = 0.97; // of the half before: no faster any more
    private static final int TREADING = 10_000;
    private static final int WINDOW = 20; // operations over which allocation is looked at
    private static final double MOST_NANOS =
            5e9; // of warming up, and of looking for a window without more than is expected

    private static int trodden; // so that the work below is not optimised away

    static {
        tread();
    }

    private final Duel duel;
    private final double warmNanos;
    private final int pairs;

    /**
     * What was measured.
     *
     * @param ratio quartiles of path / floor
     * @param pathMicros median processor time of one operation, µs
     * @param bytesPerOp what one operation allocates
     */
    record Reading(Quartiles ratio, double pathMicros, long bytesPerOp) {}

    /** A meter that runs the path for so long until its code is compiled, then for so many pairs of rounds. */
    Meter(final Duel duel, final double warmSeconds, final int pairs) {
        this.duel = duel;
        this.warmNanos = warmSeconds * 1e9;
        this.pairs = pairs;
    }

    /**
     * {@return what was measured}
     *
     * @param expectedBytes what one operation may allocate: it is not looked at for longer once it does no more
     */
    Reading measure(final long expectedBytes) {
        final int paths = warm(duel.path());
        final int floors = warm(duel.floor());
        final double[] ratios = new double[pairs];
        final double[] nanos = new double[pairs];
        double before = perRun(duel.floor(), floors);
        for (int i = 0; i < pairs; i++) {
            nanos[i] = perRun(duel.path(), paths);
            final double after = perRun(duel.floor(), floors);
            ratios[i] = nanos[i] / ((before + after) / 2 * duel.floorsPerPath());
            before = after;
        }
        return new Reading(
                Quartiles.of(Arrays.stream(ratios)),
                Quartiles.of(Arrays.stream(nanos)).median() / 1e3,
                bytes(expectedBytes));
    }

    /**
     * The least of many windows: code that the compiler comes to late allocates until then, and tables grow now and then. What
     * every operation allocates, it allocates in every window.
     */
    private long bytes(final long expected) {
        long least = Long.MAX_VALUE;
        final long begin = duel.clock().nanos();
        while (least > expected && duel.clock().nanos() - begin < MOST_NANOS) {
            final long allocated = duel.allocation().bytes();
            for (int i = 0; i < WINDOW; i++) {
                duel.allocating().run();
            }
            least = Math.min(least, (duel.allocation().bytes() - allocated) / WINDOW);
        }
        return least;
    }

    /**
     * {@return how many runs make a round} Goes on until half the given time's rounds are no faster than the half before: a busy machine
     * compiles late.
     */
    private int warm(final Runnable work) {
        int count = 1;
        double before = Double.POSITIVE_INFINITY;
        for (double warmed = 0; warmed < MOST_NANOS; ) {
            double worked = 0;
            double least = Double.POSITIVE_INFINITY;
            while (worked < warmNanos / 2) {
                final double perRun = Math.max(1, perRun(work, count));
                least = Math.min(least, perRun);
                worked += perRun * count;
                count = Math.min(2 * count, (int) Math.max(1, Math.round(ROUND_NANOS / perRun)));
            }
            warmed += worked;
            if (least > STEADY * before) {
                break;
            }
            before = least;
        }
        return count;
    }

    /**
     * Shows the loop below more kinds of work than the compiler inlines: else it would compile a path or a floor into the loop,
     * better or worse than alone, now so and now otherwise.
     */
    private static void tread() {
        final Runnable[] kinds = {
            () -> trodden++, () -> trodden += 2, () -> trodden += 3, () -> trodden += 4
        };
        for (int i = 0; i < TREADING; i++) {
            for (final Runnable kind : kinds) {
                perRun(System::nanoTime, kind, 1);
            }
        }
    }

    private double perRun(final Runnable work, final int count) {
        return perRun(duel.clock(), work, count);
    }

    private static double perRun(final Clock clock, final Runnable work, final int count) {
        final long begin = clock.nanos();
        for (int i = 0; i < count; i++) {
            work.run();
        }
        return (double) (clock.nanos() - begin) / count;
    }
}

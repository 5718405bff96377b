package greenwave.bench;

import java.util.stream.DoubleStream;

/** The middle of some numbers, and where their middle half begins and ends. */
public record Quartiles(double low, double median, double high) {
    /** {@return the quartiles of at least one number} */
    public static Quartiles of(final DoubleStream values) {
        final double[] sorted = values.sorted().toArray();
        return new Quartiles(at(sorted, 0.25), at(sorted, 0.5), at(sorted, 0.75));
    }

    /** Linear between neighbours. */
    private static double at(final double[] sorted, final double fraction) {
        final double place = fraction * (sorted.length - 1);
        final int below = (int) place;
        final int above = Math.min(below + 1, sorted.length - 1);
        return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
    }

    /** {@return half the width of the middle half, in percent of the median} */
    public double spreadPercent() {
        return 50 * (high - low) / median;
    }
}

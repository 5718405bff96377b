package greenwave.bench.guard;

import com.fasterxml.jackson.annotation.JsonProperty;

import java.util.Locale;

/**
 * How one path compares with its record.
 *
 * @param baseline the ratio on record; NaN if there is none for this machine
 * @param limit that the ratio must not exceed
 * @param expectedBytes that an operation may allocate
 * @param attempts in JVMs of their own; the best counts
 */
record Finding(
        String path,
        double ratio,
        @JsonProperty("ratio_low") double low,
        @JsonProperty("ratio_high") double high,
        double baseline,
        double limit,
        @JsonProperty("us_per_op") double micros,
        @JsonProperty("bytes_per_op") long bytes,
        @JsonProperty("expected_bytes_per_op") long expectedBytes,
        int attempts) {
    static Finding of(
            final HotPath path,
            final Meter.Reading reading,
            final Baseline.Match match,
            final int attempts) {
        final Baseline.Entry entry = match.baseline().paths().get(path.label());
        final double limit = match.limit(path);
        return new Finding(
                path.label(),
                reading.ratio().median(),
                reading.ratio().low(),
                reading.ratio().high(),
                entry == null || Double.isInfinite(limit) ? Double.NaN : entry.ratio(),
                limit,
                reading.pathMicros(),
                reading.bytesPerOp(),
                match.bytes(path),
                attempts);
    }

    /** {@return whether it is slower than it may be} */
    @JsonProperty("slower")
    boolean isSlower() {
        return !(ratio <= limit);
    }

    /** {@return whether it allocates more than it did} */
    @JsonProperty("allocates")
    boolean isAllocating() {
        return bytes > expectedBytes;
    }

    /** {@return whether nothing is wrong} */
    boolean passes() {
        return !isSlower() && !isAllocating();
    }

    /** {@return the better of two attempts at the same path} */
    Finding orBetter(final Finding other) {
        return new Finding(
                path,
                Math.min(ratio, other.ratio),
                ratio <= other.ratio ? low : other.low,
                ratio <= other.ratio ? high : other.high,
                baseline,
                limit,
                Math.min(micros, other.micros),
                Math.min(bytes, other.bytes),
                expectedBytes,
                other.attempts);
    }

    /** {@return one line of the table} */
    String line() {
        return String.format(
                Locale.ROOT,
                "%-14s %11.2f %8.3f [%7.3f, %7.3f] %8.3f %8.3f %6d   %s",
                path,
                micros,
                ratio,
                low,
                high,
                baseline,
                limit,
                bytes,
                verdict());
    }

    private String verdict() {
        if (isSlower()) {
            return "SLOWER, " + attempts + " times";
        }
        return isAllocating()
                ? "ALLOCATES, expected %d B".formatted(expectedBytes)
                : attempts > 1 ? "ok at attempt " + attempts : "ok";
    }
}

package greenwave.sim.oracle;

import com.fasterxml.jackson.databind.JsonNode;

import java.util.List;
import java.util.function.IntToDoubleFunction;

/** Counts values compared and mismatches, and keeps the first difference. One thread. */
final class Tally {
    /** Sums may be taken in another order. */
    private static final double RELATIVE = 1e-9;

    private String place = "";
    private long values;
    private long mismatches;
    private String firstDifference = "";

    /** Says where the next values stand. */
    void at(final String where) {
        place = where;
    }

    /** Compares what must be equal: numbers of things, names, states, flags. */
    void same(final String name, final Object expected, final Object actual) {
        note(expected.equals(actual), name, expected, actual);
    }

    /** Compares a double, within 1e-9 of itself. */
    void close(final String name, final double expected, final double actual) {
        note(Math.abs(expected - actual) <= RELATIVE * Math.abs(expected), name, expected, actual);
    }

    /** Compares with a double that was written with {@code digits} decimals. */
    void rounded(final String name, final double expected, final double actual, final int digits) {
        final double half = 0.5 * Math.pow(10, -digits);
        note(
                Math.abs(expected - actual) <= half + RELATIVE * Math.abs(expected),
                name,
                expected,
                actual);
    }

    /** Compares an integer or a double with its JSON value, each by its own rule. */
    void number(final String name, final JsonNode expected, final Number actual) {
        if (actual == null || !expected.isNumber()) {
            note(false, name, expected, actual);
        } else if (expected.isIntegralNumber() && actual instanceof final Integer count) {
            same(name, expected.asLong(), count.longValue());
        } else {
            close(name, expected.asDouble(), actual.doubleValue());
        }
    }

    /** Compares a list of numbers, integers exactly and doubles within 1e-9. */
    void numbers(
            final String name,
            final JsonNode expected,
            final int size,
            final IntToDoubleFunction actual) {
        if (!sized(name, expected, size)) {
            return;
        }
        for (int i = 0; i < size; i++) {
            close(name + '[' + i + ']', expected.get(i).asDouble(), actual.applyAsDouble(i));
        }
    }

    /** Compares a list of float32 by their bits. */
    void floats(final String name, final JsonNode expected, final float[] actual) {
        if (!sized(name, expected, actual.length)) {
            return;
        }
        for (int i = 0; i < actual.length; i++) {
            same(name + '[' + i + ']', Float.parseFloat(expected.get(i).asText()), actual[i]);
        }
    }

    /** Compares a list of texts as one value. */
    void texts(final String name, final JsonNode expected, final List<String> actual) {
        same(name, Fields.texts(expected), actual);
    }

    private boolean sized(final String name, final JsonNode expected, final int size) {
        if (expected.isArray() && expected.size() == size) {
            return true;
        }
        note(false, name + ".size", expected.size(), size);
        return false;
    }

    private void note(
            final boolean equal, final String name, final Object expected, final Object actual) {
        values++;
        if (!equal) {
            if (mismatches == 0) {
                firstDifference =
                        "%s %s: expected %s, got %s".formatted(place, name, expected, actual);
            }
            mismatches++;
        }
    }

    /** {@return how many values were compared} */
    long values() {
        return values;
    }

    /** {@return how many of them differ} */
    long mismatches() {
        return mismatches;
    }

    /** {@return where the first difference is and what it is; empty if there is none} */
    String firstDifference() {
        return firstDifference;
    }
}

package greenwave.sim.app;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

import java.util.ArrayList;
import java.util.List;

/**
 * SUMO seeds to evaluate on, written {@code 1-5}, {@code 7} or {@code 1-3,9}.
 *
 * @param values in the order given, at least one
 */
record Seeds(List<Integer> values) {
    /** What {@code --seeds} says by default; training never draws seeds this small. */
    static final String DEFAULT = "1-5";

    private static final int MOST = 10_000;

    @Override
    public String toString() {
        return String.join(",", values.stream().map(String::valueOf).toList());
    }

    /** Reads the notation above. */
    static final class Converter implements ITypeConverter<Seeds> {
        @Override
        public Seeds convert(final String text) {
            final List<Integer> values = new ArrayList<>();
            for (final String part : text.split(",", -1)) {
                if (!part.matches("\\d{1,9}(-\\d{1,9})?")) {
                    throw refused(text);
                }
                final String[] ends = part.split("-");
                final int first = Integer.parseInt(ends[0]);
                final int last = Integer.parseInt(ends[ends.length - 1]);
                if (last < first || (long) last - first + values.size() >= MOST) {
                    throw refused(text);
                }
                for (int seed = first; seed <= last; seed++) {
                    values.add(seed);
                }
            }
            return new Seeds(List.copyOf(values));
        }

        private static TypeConversionException refused(final String text) {
            return new TypeConversionException(
                    "seeds=%s, expected numbers and rising ranges such as 1-5 or 1-3,9, at most %d in all"
                            .formatted(text, MOST));
        }
    }
}

package greenwave.engine.nn;

import greenwave.engine.tensor.Shape;

import java.util.ArrayList;
import java.util.List;

/** Names, shapes and first values of parameters, and where each lies in one of two slabs: trained, or running statistics. */
public final class ParameterLayout {
    private static final int ALIGNMENT = 16; // f32 in 64 bytes: no parameter shares a cache line

    /**
     * One parameter. First values are standard normal, or uniform in [centre - bound, centre + bound), or all centre if bound
     * is 0.
     *
     * @param statistic whether it is no weight but a running statistic, which no optimizer touches
     * @param offset of its first element in its slab
     */
    record Entry(
            String name,
            Shape shape,
            boolean statistic,
            long offset,
            boolean normal,
            double centre,
            double bound) {}

    private final List<Entry> entries = new ArrayList<>();
    private long length;
    private long statisticsLength;

    ParameterLayout() {}

    /** Adds a weight whose first values are uniform in [-bound, bound). */
    public void uniform(final String name, final Shape shape, final double bound) {
        entries.add(new Entry(name, shape, false, length, false, 0, bound));
        length += aligned(shape);
    }

    /** Adds a weight whose first values are standard normal. */
    public void normal(final String name, final Shape shape) {
        entries.add(new Entry(name, shape, false, length, true, 0, 0));
        length += aligned(shape);
    }

    /** Adds a weight whose first values are all {@code value}. */
    public void constant(final String name, final Shape shape, final double value) {
        entries.add(new Entry(name, shape, false, length, false, value, 0));
        length += aligned(shape);
    }

    /** Adds a running statistic whose first values are all {@code value}: stored and copied with the weights, not trained. */
    public void statistic(final String name, final Shape shape, final double value) {
        entries.add(new Entry(name, shape, true, statisticsLength, false, value, 0));
        statisticsLength += aligned(shape);
    }

    private static long aligned(final Shape shape) {
        return Math.ceilDiv(shape.size(), ALIGNMENT) * ALIGNMENT;
    }

    List<Entry> entries() {
        return entries;
    }

    /** {@return the elements of the slab of weights, the gaps between parameters included} */
    long length() {
        return length;
    }

    /** {@return the elements of the slab of running statistics; 0 if there are none} */
    long statisticsLength() {
        return statisticsLength;
    }
}

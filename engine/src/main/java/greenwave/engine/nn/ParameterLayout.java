package greenwave.engine.nn;

import greenwave.engine.tensor.Shape;

import java.util.ArrayList;
import java.util.List;

/** Names, shapes and first values of parameters, and where each lies in one slab. */
public final class ParameterLayout {
    private static final int ALIGNMENT = 16; // f32 in 64 bytes: no parameter shares a cache line

    /**
     * One parameter.
     *
     * @param offset of its first element in the slab
     * @param bound first values are uniform in [-bound, bound)
     */
    record Entry(String name, Shape shape, long offset, double bound) {}

    private final List<Entry> entries = new ArrayList<>();
    private long length;

    ParameterLayout() {}

    /** Adds a parameter whose first values are uniform in [-bound, bound). */
    public void uniform(final String name, final Shape shape, final double bound) {
        entries.add(new Entry(name, shape, length, bound));
        length += Math.ceilDiv(shape.size(), ALIGNMENT) * ALIGNMENT;
    }

    List<Entry> entries() {
        return entries;
    }

    /** {@return the elements of the slab, the gaps between parameters included} */
    long length() {
        return length;
    }
}

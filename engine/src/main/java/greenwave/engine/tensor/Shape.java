package greenwave.engine.tensor;

import java.util.Arrays;

/** Dimensions of a tensor, outermost first; a scalar has none. Immutable. */
public final class Shape {
    private final int[] dims;
    private final long size;

    private Shape(final int[] dims) {
        this.dims = dims;
        long product = 1;
        for (final int dim : dims) {
            if (dim < 1) {
                throw new IllegalArgumentException(
                        "Shape: dims=%s, expected positive dimensions"
                                .formatted(Arrays.toString(dims)));
            }
            product = Math.multiplyExact(product, dim);
        }
        this.size = product;
    }

    /**
     * {@return the shape of these dimensions}
     *
     * @throws IllegalArgumentException unless all are positive
     */
    public static Shape of(final int... dims) {
        return new Shape(dims.clone());
    }

    /** {@return the number of dimensions} */
    public int rank() {
        return dims.length;
    }

    /** {@return dimension {@code index}} */
    public int dim(final int index) {
        return dims[index];
    }

    /** {@return the number of elements; 1 for a scalar} */
    public long size() {
        return size;
    }

    /** {@return a copy of the dimensions} */
    public int[] dims() {
        return dims.clone();
    }

    @Override
    public boolean equals(final Object other) {
        return other instanceof final Shape that && Arrays.equals(dims, that.dims);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(dims);
    }

    /** {@return for example {@code [128, 4]}} */
    @Override
    public String toString() {
        return Arrays.toString(dims);
    }
}

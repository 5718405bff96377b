package greenwave.kernels;

/** The part of {@link Kernels} that reads and writes f32 buffers through {@link View}s. */
public interface ViewKernels {
    /**
     * y at {@code to} = x at {@code from}, element by element.
     *
     * @param to of the same dimensions as {@code from}, without an element twice
     */
    void copyView(Buffer x, View from, Buffer y, View to);

    /** y at {@code to} += alpha · x at {@code from}; as {@link #copyView}. */
    void addView(float alpha, Buffer x, View from, Buffer y, View to);

    /**
     * y[i, ...] += scale · (the sum over j, ... of x at (i, ..., j, ...)).
     *
     * @param view its first {@code kept} dimensions are those of y, the others are summed over
     * @param y as long as the product of the first {@code kept} dimensions
     */
    void addSums(Buffer x, View view, int kept, float scale, Buffer y);
}

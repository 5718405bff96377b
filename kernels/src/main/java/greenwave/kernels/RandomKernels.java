package greenwave.kernels;

/** The part of {@link Kernels} that draws random numbers: what is drawn depends on the state alone, on every backend. */
public interface RandomKernels {
    /**
     * y[i] = 1 / keep with probability {@code keep}, else 0; the state moves on.
     *
     * @param state i32 [3]: two words of a seed, then the number of draws before this one, increased by one
     * @param keep in (0, 1]
     */
    void dropoutMask(Buffer state, float keep, Buffer y);

    /** y[i] from the standard normal distribution (Box and Muller 1958); state as {@link #dropoutMask}. */
    void normal(Buffer state, Buffer y);
}

package greenwave.kernels.cpu;

/**
 * Masks that tell C2 what an address or a distance can be at most. A sum of one masked address and a few masked distances is
 * then below the bound that each access to {@link VectorArithmetic#MEMORY} is checked against, so that C2 drops the check,
 * and folds the sum into the instruction: that is two fifths of the time of a loop of multiply-adds. No number that they are
 * applied to is changed by them.
 */
final class Reach {
    /** Of an address in bytes: no processor's user space has more. */
    static final long ADDRESS = (1L << 62) - 1;

    /** Of a distance in bytes, not negative. */
    static final long DISTANCE = Integer.MAX_VALUE;

    private Reach() {}
}

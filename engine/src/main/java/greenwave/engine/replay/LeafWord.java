package greenwave.engine.replay;

/**
 * The 64 bits of a leaf of {@link SumTree}: {@code [generation 23 | busy 1 | weight 40]}. One atomic access sees or
 * changes the priority of a slot, who holds it and whether it is being overwritten, together.
 */
final class LeafWord {
    /** Bits of a weight; with 2^22 leaves their sum stays within 2^62. */
    static final int WEIGHT_BITS = 40;

    /** Selects the weight, a whole number of units. */
    static final long WEIGHT = (1L << WEIGHT_BITS) - 1;

    /** Fixed-point units in a priority of 1. */
    static final double UNITS = 1 << 20;

    private static final long BUSY = 1L << WEIGHT_BITS;
    private static final long NEXT_GENERATION = BUSY << 1;

    private LeafWord() {}

    /** {@return how often the slot was overwritten, modulo 2^23} */
    static int generation(final long leaf) {
        return (int) (leaf >>> WEIGHT_BITS + 1);
    }

    static boolean busy(final long leaf) {
        return (leaf & BUSY) != 0;
    }

    static long weight(final long leaf) {
        return leaf & WEIGHT;
    }

    /** {@return whether the slot may be drawn: it is not being overwritten and its weight is positive} */
    static boolean drawable(final long leaf) {
        return !busy(leaf) && weight(leaf) != 0;
    }

    /** {@return the leaf once its overwrite has begun: the next generation, busy, of the same weight} */
    static long begun(final long leaf) {
        return leaf + NEXT_GENERATION
                | BUSY; // past the last generation the carry is lost: the first
    }

    /** {@return the leaf with that weight, not busy} */
    static long holding(final long leaf, final long weight) {
        return leaf & ~(BUSY | WEIGHT) | weight;
    }

    /** {@return the priority in whole units, at least one unless it is zero: a small priority can still be drawn} */
    static long units(final double priority) {
        return priority == 0 ? 0 : Math.max(1, Math.round(priority * UNITS));
    }
}

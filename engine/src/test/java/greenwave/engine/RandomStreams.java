package greenwave.engine;

/** Runs {@link RandomStream} backwards. */
public final class RandomStreams {
    private static final long GOLDEN_GAMMA = 0x9e3779b97f4a7c15L;

    private RandomStreams() {}

    /** {@return the state of a stream whose number {@code count}, counted from 1, is {@code output}} */
    public static long stateBefore(final long output, final int count) {
        long z = unshift(output, 31);
        z = unshift(z * inverse(0x94d049bb133111ebL), 27);
        z = unshift(z * inverse(0xbf58476d1ce4e5b9L), 30);
        return z - count * GOLDEN_GAMMA;
    }

    /** The z for which z ^ z >>> shift is {@code mixed}. */
    private static long unshift(final long mixed, final int shift) {
        long z = mixed;
        for (int known = shift; known < Long.SIZE; known += shift) {
            z = mixed ^ z >>> shift;
        }
        return z;
    }

    /** The inverse of an odd number modulo 2^64, by Newton's iteration. */
    private static long inverse(final long odd) {
        long x = odd;
        for (int i = 0; i < 6; i++) {
            x *= 2 - odd * x;
        }
        return x;
    }
}

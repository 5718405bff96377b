package greenwave.engine;

import java.util.random.RandomGenerator;

/**
 * SplitMix64 (Steele, Lea and Flood 2014, Fast Splittable Pseudorandom Number Generators): its state is one number, so
 * that a run can be stored and resumed. For one thread.
 */
public final class RandomStream implements RandomGenerator {
    private static final long GOLDEN_GAMMA = 0x9e3779b97f4a7c15L;

    private long state;

    /** Starts a stream; equal states give equal numbers. */
    public RandomStream(final long state) {
        this.state = state;
    }

    /** {@return the state: a stream made from it continues as this one does} */
    public long state() {
        return state;
    }

    /** Goes on as a stream in {@code state} does. */
    public void restore(final long state) {
        this.state = state;
    }

    /** Goes on as if so many numbers had been drawn. */
    public void skip(final long numbers) {
        state += numbers * GOLDEN_GAMMA;
    }

    @Override
    public long nextLong() {
        state += GOLDEN_GAMMA;
        return mix(state);
    }

    /** The finaliser of SplitMix64 (Stafford's variant 13): every bit of the input moves every bit of the result. */
    static long mix(final long input) {
        long z = input;
        z = (z ^ z >>> 30) * 0xbf58476d1ce4e5b9L;
        z = (z ^ z >>> 27) * 0x94d049bb133111ebL;
        return z ^ z >>> 31;
    }
}

package greenwave.sim;

/** Which SUMO seed an episode gets when nobody chooses. */
final class EpisodeSeeds {
    /** Seeds below are never drawn: a policy can be evaluated on them unseen. */
    static final int FIRST = 100_000;

    private EpisodeSeeds() {}

    /** {@return a seed in [100000, 2^31), a hash of the three arguments} */
    static int derive(final long seed, final int world, final int episode) {
        final long hash = mix(mix(mix(seed) + world) + episode);
        return FIRST + (int) Long.remainderUnsigned(hash, (1L << 31) - FIRST);
    }

    /** The finalizer of SplitMix64 (Steele, Lea, Flood 2014) after one step of its sequence. */
    private static long mix(final long state) {
        long z = state + 0x9e3779b97f4a7c15L;
        z = (z ^ z >>> 30) * 0xbf58476d1ce4e5b9L;
        z = (z ^ z >>> 27) * 0x94d049bb133111ebL;
        return z ^ z >>> 31;
    }
}

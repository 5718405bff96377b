package greenwave.engine.nn;

/** A size, step or padding in both directions of an image. */
public record Pair(int height, int width) {
    /** {@return the same in both directions} */
    public static Pair of(final int both) {
        return new Pair(both, both);
    }
}

package greenwave.kernels.cpu;

/**
 * Where tiles lie at the points, so many at a time: the input's, [point][tile][depth], and the output's, [point][tile][out].
 * The points of a column are equally far apart, and their tiles too, though the last may have less depth. Distances are in
 * bytes.
 */
final class WinogradTiles {
    private static final int SLACK =
            32; // floats; keeps the points from the same lines of a cache, and blocks read a few
    // more

    private final WinogradShape shape;
    private final long source;
    private final long target;
    private final long[] sourceRow; // by column
    private final long[] sourceColumn;
    private final long[] down;
    private final long targetRow;
    private final long targetPoint;

    WinogradTiles(final WinogradShape shape, final int tiles, final OneDnnObjects objects) {
        final int columns = shape.columns().points();
        this.shape = shape;
        this.sourceRow = new long[columns];
        this.sourceColumn = new long[columns];
        this.down = new long[columns];
        long length = 0;
        for (int b = 0; b < columns; b++) {
            sourceRow[b] = bytes(shape.depth(shape.point(0, b)));
            sourceColumn[b] = length;
            down[b] = tiles * sourceRow[b] + bytes(SLACK);
            length += shape.rows().points() * down[b];
        }
        this.targetRow = bytes(shape.out());
        this.targetPoint = tiles * targetRow + bytes(SLACK);
        this.source = objects.memory(length).address();
        this.target = objects.memory(shape.points() * targetPoint).address();
    }

    /** {@return bytes that so many tiles take} */
    static long bytes(final WinogradShape shape, final int tiles) {
        long depths = 0;
        for (int b = 0; b < shape.columns().points(); b++) {
            depths += (long) shape.rows().points() * shape.depth(shape.point(0, b));
        }
        return tiles * (depths + (long) shape.points() * shape.out()) * Float.BYTES;
    }

    private static long bytes(final int floats) {
        return (long) floats * Float.BYTES;
    }

    /** {@return the address of a tile of the input at point (a, b)} */
    long source(final int a, final int b, final int tile) {
        return source + sourceColumn[b] + a * down[b] + tile * sourceRow[b];
    }

    /** {@return from point (a, b) to (a + 1, b) of the input} */
    long down(final int b) {
        return down[b];
    }

    /** {@return from tile to tile of the input} */
    long sourceRow(final int b) {
        return sourceRow[b];
    }

    /** {@return the address of a tile of the output at the first point} */
    long target(final int tile) {
        return target + tile * targetRow;
    }

    /** {@return from point to point of the output} */
    long targetPoint() {
        return targetPoint;
    }

    /** {@return from tile to tile of the output} */
    long targetRow() {
        return targetRow;
    }

    /** {@return the first tile of the input at a point by number} */
    long sourceAt(final int point) {
        return source(point % shape.rows().points(), point / shape.rows().points(), 0);
    }

    /** {@return from tile to tile there} */
    long sourceRowAt(final int point) {
        return sourceRow(point / shape.rows().points());
    }

    /** {@return the first tile of the output at a point by number} */
    long targetAt(final int point) {
        return target + point * targetPoint;
    }
}

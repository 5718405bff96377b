package greenwave.kernels.cpu;

import static greenwave.kernels.cpu.ChannelVectors.VECTOR;

/**
 * Runs of tiles between the pixels of a phase and the points: {@link #rows}, {@link #phase},
 * then runs. Kept as an object because a run has more to know than a call should take. One thread at a time.
 */
final class WinogradSourcePoints {
    private static final int LAST =
            WinogradSide.FEWEST; // the column of points that not all phases have

    private final WinogradShape shape;
    private final WinogradTiles tiles;
    private final long column; // from a point to the next column's, but the last one
    private final long down; // from a point to the next row's, but in the last column
    private final long row; // from tile to tile, but in the last column
    private final long lastDown; // in the last column
    private final long lastRow;
    private final int vectors; // of channels
    private long r0;
    private long r1;
    private long r2;
    private long r3;
    private boolean tall; // whether the phase has four points in a column
    private boolean wide; // whether it has four in a row
    private long first; // bytes to where the phase lies in the depth of points
    private long lastFirst; // and in the last column's

    WinogradSourcePoints(final WinogradShape shape, final WinogradTiles tiles) {
        final boolean four = shape.columns().points() > LAST;
        this.shape = shape;
        this.tiles = tiles;
        this.vectors = shape.in() / VectorArithmetic.STEP;
        this.column = tiles.source(0, 1, 0) - tiles.source(0, 0, 0);
        this.down = tiles.down(0);
        this.row = tiles.sourceRow(0);
        this.lastDown = four ? tiles.down(LAST) : 0;
        this.lastRow = four ? tiles.sourceRow(LAST) : 0;
    }

    private static long bytes(final int floats) {
        return (long) floats * Float.BYTES;
    }

    /** The rows of pixels that a tile sees, the last only if {@code tall}. */
    void rows(final long r0, final long r1, final long r2, final long r3, final boolean tall) {
        this.r0 = r0;
        this.r1 = r1;
        this.r2 = r2;
        this.r3 = r3;
        this.tall = tall;
    }

    /** {@return one of the rows} */
    long row(final int i) {
        return switch (i) {
            case 0 -> r0;
            case 1 -> r1;
            case 2 -> r2;
            default -> r3;
        };
    }

    /** The phase that the rows belong to, and that of the columns. */
    void phase(final int rowPhase, final int columnPhase) {
        wide = shape.columns().points(columnPhase) > LAST;
        first = bytes(shape.phase(0, rowPhase, columnPhase));
        lastFirst = wide ? bytes(shape.phase(LAST, rowPhase, columnPhase)) : 0;
    }

    /**
     * Tiles {@code begin} to {@code end}, whose pixels are all there.
     *
     * @param from of the first tile's first pixel in the rows
     * @param pixel from pixel to pixel of the phase
     * @param step from tile to tile
     * @param channels from vector to vector of channels
     * @param back whether to add gradients to the pixels, instead of reading them
     */
    void run(
            final long from,
            final long pixel,
            final long step,
            final long channels,
            final int begin,
            final int end,
            final boolean back) {
        tiles(r0 + from, r1 + from, r2 + from, r3 + from, pixel, step, channels, begin, end, back);
    }

    /** One tile whose pixels lie at {@code edge}, all channels side by side, rows and pixels so far apart. */
    void edge(
            final long edge,
            final long line,
            final long pixel,
            final int tile,
            final boolean back) {
        tiles(
                edge,
                edge + line,
                edge + 2 * line,
                edge + 3 * line,
                pixel,
                0,
                VECTOR,
                tile,
                tile + 1,
                back);
    }

    private void tiles(
            final long p0,
            final long p1,
            final long p2,
            final long p3,
            final long pixel,
            final long step,
            final long channels,
            final int begin,
            final int end,
            final boolean back) {
        final long to = tiles.source(0, 0, begin) + first;
        final long toLast = wide ? tiles.source(0, LAST, begin) + lastFirst : to;
        final int n = end - begin;
        if (back) {
            WinogradSourceGradient.outer(
                    p0, pixel, step, 1, to, column, row, toLast, lastRow, n, vectors, channels,
                    wide);
            WinogradSourceGradient.inner(
                    p1, p2, pixel, step, to, down, column, row, toLast, lastDown, lastRow, n,
                    vectors, channels, tall, wide);
            if (tall) {
                WinogradSourceGradient.outer(
                        p3,
                        pixel,
                        step,
                        -1,
                        to + 3 * down,
                        column,
                        row,
                        toLast + 3 * lastDown,
                        lastRow,
                        n,
                        vectors,
                        channels,
                        wide);
            }
            return;
        }
        WinogradSourceValues.difference(
                p0, p1, p2, p3, 0, 2 * pixel, step, to, down, row, n, vectors, channels, tall);
        WinogradSourceValues.sumAndDifference(
                p0,
                p1,
                p2,
                p3,
                pixel,
                2 * pixel,
                step,
                to + column,
                column,
                down,
                row,
                n,
                vectors,
                channels,
                tall);
        if (wide) {
            WinogradSourceValues.difference(
                    p0, p1, p2, p3, pixel, 3 * pixel, step, toLast, lastDown, lastRow, n, vectors,
                    channels, tall);
        }
    }
}

package greenwave.kernels.cpu;

import static greenwave.kernels.cpu.ChannelVectors.VECTOR;
import static greenwave.kernels.cpu.VectorArithmetic.STEP;

/**
 * The output's side of {@link WinogradConvolution}: brings rows of tiles from the points to y, and gradients to the points. One
 * thread at a time.
 */
final class WinogradTarget {
    private static final int TILE = WinogradSide.TILE;

    private final WinogradShape shape;
    private final ChannelVectors layout;
    private final WinogradTiles tiles;
    private final boolean tall;
    private final boolean wide;
    private final long row; // bytes of a tile at the points
    private final long point; // from point to point
    private final long column; // from a column of points to the next
    private final long zeros; // a row of pixels
    private final long ignored; // takes a row of pixels
    private final int vectors; // of channels
    private final long pixel; // bytes, all channels side by side
    private final long edge; // a tile that is partly outside
    private final long sums; // of all that was seen, by channel
    private final long check; // NaN once there was a number that is not finite

    WinogradTarget(
            final WinogradShape shape,
            final ChannelVectors layout,
            final WinogradTiles tiles,
            final OneDnnObjects objects) {
        final long pixels = layout.reach(shape.columns().out(), shape.out() / STEP);
        this.shape = shape;
        this.vectors = shape.out() / STEP;
        this.pixel = vectors * VECTOR;
        this.layout = layout;
        this.tall = shape.rows().points() > WinogradSide.FEWEST;
        this.wide = shape.columns().points() > WinogradSide.FEWEST;
        this.tiles = tiles;
        this.row = tiles.targetRow();
        this.point = tiles.targetPoint();
        this.column = point * shape.rows().points();
        this.zeros = objects.memory(pixels).address();
        this.ignored = objects.memory(pixels).address();
        this.edge = objects.memory(TILE * TILE * pixel).address();
        this.sums = objects.memory((long) shape.out() * Float.BYTES).address();
        this.check = objects.memory(VECTOR).address();
    }

    /** Forgets sums, and what was not finite. */
    void begin() {
        VectorCopies.clear(check);
        VectorCopies.clear(sums, vectors);
    }

    /** {@return whether all that {@link #outputs} wrote since {@link #begin} is finite} */
    boolean sound() {
        return VectorCopies.finite(check, 1);
    }

    /** {@return where the sums by channel are of what {@link #points} read since {@link #begin}} */
    long sums() {
        return sums;
    }

    /** Writes a row of tiles of an image, tile {@code first} and those after at the points, plus the bias by channel. */
    void outputs(
            final int first, final long bias, final long y, final int image, final int tileRow) {
        final int whole = shape.columns().out() / TILE;
        final long upper = y + image * layout.sample() + TILE * tileRow * layout.row();
        final long lower = second(tileRow, ignored, upper);
        outputs(first, whole, bias, upper, lower, layout.pixel(), layout.channels());
        if (whole < shape.columns().tiles()) {
            final long second = edge + TILE * pixel;
            outputs(first + whole, 1, bias, edge, second, pixel, VECTOR);
            final long last = TILE * whole * layout.pixel();
            VectorCopies.copy(edge, VECTOR, upper + last, layout.channels(), vectors);
            VectorCopies.copy(second, VECTOR, lower + last, layout.channels(), vectors);
        }
    }

    private long second(final int tileRow, final long outside, final long upper) {
        return TILE * tileRow + 1 < shape.rows().out() ? upper + layout.row() : outside;
    }

    private void outputs(
            final int first,
            final int count,
            final long bias,
            final long upper,
            final long lower,
            final long pixel,
            final long channels) {
        WinogradTargetValues.outputs(
                tiles.target(first),
                point,
                column,
                row,
                count,
                tall,
                wide,
                bias,
                check,
                upper,
                lower,
                pixel,
                vectors,
                channels);
    }

    /** Writes the gradients at the points of a row of tiles of an image, which becomes tile {@code first} and those after. */
    void points(final long dy, final int image, final int tileRow, final int first) {
        final int whole = shape.columns().out() / TILE;
        final long upper = dy + image * layout.sample() + TILE * tileRow * layout.row();
        final long lower = second(tileRow, zeros, upper);
        points(upper, lower, layout.pixel(), layout.channels(), first, whole);
        if (whole < shape.columns().tiles()) {
            final long last = TILE * whole * layout.pixel();
            final long second = edge + TILE * pixel;
            VectorCopies.copy(upper + last, layout.channels(), edge, VECTOR, vectors);
            VectorCopies.clear(edge + pixel, vectors);
            VectorCopies.copy(lower + last, layout.channels(), second, VECTOR, vectors);
            VectorCopies.clear(second + pixel, vectors);
            points(edge, second, pixel, VECTOR, first + whole, 1);
        }
    }

    private void points(
            final long upper,
            final long lower,
            final long pixel,
            final long channels,
            final int first,
            final int count) {
        WinogradTargetValues.points(
                upper,
                lower,
                pixel,
                vectors,
                channels,
                count,
                tall,
                wide,
                sums,
                tiles.target(first),
                point,
                column,
                row);
    }
}

package greenwave.kernels.cpu;

import static greenwave.kernels.cpu.ChannelVectors.VECTOR;
import static greenwave.kernels.cpu.VectorArithmetic.STEP;

/**
 * The input's side of {@link WinogradConvolution}: brings rows of tiles of x to the points, and takes gradients from there. One
 * thread at a time.
 */
final class WinogradSource {
    private static final int PLACES = WinogradSide.FEWEST + 1; // that a tile sees in a phase

    private final WinogradShape shape;
    private final WinogradSide columns;
    private final ChannelVectors layout;
    private final int[] firstWhole; // by phase of the columns
    private final int[] endOfWhole;
    private final WinogradSourcePoints points;
    private final long zeros; // a row of pixels
    private final long ignored; // takes a row of pixels
    private final int vectors; // of channels
    private final long pixel; // bytes, all channels side by side
    private final long edge; // what a tile sees that is partly outside

    WinogradSource(
            final WinogradShape shape,
            final ChannelVectors layout,
            final WinogradTiles tiles,
            final OneDnnObjects objects) {
        final long pixels = layout.reach(shape.columns().size(), shape.in() / STEP);
        this.shape = shape;
        this.vectors = shape.in() / STEP;
        this.pixel = vectors * VECTOR;
        this.columns = shape.columns();
        this.layout = layout;
        this.firstWhole = new int[columns.phases()];
        this.endOfWhole = new int[columns.phases()];
        for (int phase = 0; phase < columns.phases(); phase++) {
            firstWhole[phase] = columns.firstWhole(phase);
            endOfWhole[phase] = columns.endOfWhole(phase);
        }
        this.points = new WinogradSourcePoints(shape, tiles);
        this.zeros = objects.memory(pixels).address();
        this.ignored = objects.memory(pixels).address();
        this.edge = objects.memory(PLACES * PLACES * pixel).address();
    }

    /** Writes the points of a row of tiles of an image, which becomes tile {@code first} and those after. */
    void transform(final long x, final int image, final int tileRow, final int first) {
        sweep(x, image, tileRow, first, false);
    }

    /** Adds to dx what the gradients at the points of a row of tiles come to. */
    void addGradient(final int first, final long dx, final int image, final int tileRow) {
        sweep(dx, image, tileRow, first, true);
    }

    private void sweep(
            final long x, final int image, final int tileRow, final int first, final boolean back) {
        final WinogradSide rows = shape.rows();
        final long pixels = x + image * layout.sample();
        for (int phase = 0; phase < rows.phases(); phase++) {
            points.rows(
                    line(pixels, rows.place(tileRow, phase, 0), back),
                    line(pixels, rows.place(tileRow, phase, 1), back),
                    line(pixels, rows.place(tileRow, phase, 2), back),
                    line(pixels, rows.place(tileRow, phase, PLACES - 1), back),
                    rows.points(phase) == PLACES);
            for (int q = 0; q < columns.phases(); q++) {
                points.phase(phase, q);
                tiles(q, first, back);
            }
        }
    }

    private long line(final long pixels, final int place, final boolean back) {
        if (shape.rows().inside(place)) {
            return pixels + place * layout.row();
        }
        return back ? ignored : zeros;
    }

    private void tiles(final int phase, final int before, final boolean back) {
        final int first = firstWhole[phase];
        final int end = endOfWhole[phase];
        for (int tile = 0; tile < first; tile++) {
            edge(tile, phase, before, back);
        }
        if (first < end) {
            final long from = columns.place(first, phase, 0) * layout.pixel();
            final long step = WinogradSide.TILE * columns.stride() * layout.pixel();
            points.run(
                    from,
                    columns.stride() * layout.pixel(),
                    step,
                    layout.channels(),
                    before + first,
                    before + end,
                    back);
        }
        for (int tile = end; tile < columns.tiles(); tile++) {
            edge(tile, phase, before, back);
        }
    }

    private void edge(final int tile, final int phase, final int before, final boolean back) {
        for (int j = 0; j < PLACES; j++) {
            final int place = columns.place(tile, phase, j);
            for (int i = 0; i < PLACES; i++) {
                final long at = edge + (i * PLACES + j) * pixel;
                if (back || !columns.inside(place)) {
                    VectorCopies.clear(at, vectors);
                } else {
                    final long from = points.row(i) + place * layout.pixel();
                    VectorCopies.copy(from, layout.channels(), at, VECTOR, vectors);
                }
            }
        }
        points.edge(edge, PLACES * pixel, pixel, before + tile, back);
        for (int j = 0; back && j < PLACES; j++) {
            final int place = columns.place(tile, phase, j);
            for (int i = 0; i < PLACES && columns.inside(place); i++) {
                final long at = edge + (i * PLACES + j) * pixel;
                final long to = points.row(i) + place * layout.pixel();
                VectorCopies.add(at, VECTOR, to, layout.channels(), vectors);
            }
        }
    }
}

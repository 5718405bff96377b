package greenwave.kernels.cpu;

import static greenwave.kernels.cpu.ChannelVectors.VECTOR;

/**
 * A thread's part of {@link WinogradConvolution}: some of the images, so many rows of tiles at a time that what they come to
 * at the points stays in a core's own caches.
 */
final class WinogradWorker {
    private static final long CACHED_BYTES =
            400_000; // from 250 to 800 kB it is the same, below slower

    private final WinogradShape shape;
    private final WinogradFilter filter;
    private final WinogradSource source;
    private final WinogradTarget target;
    private final int firstImage;
    private final int endOfImages;
    private final int tilesWide;
    private final int tilesHigh;
    private final int tileRows; // at a time
    private final long image; // bytes
    private final WinogradTiles tiles;
    private final long[] weightGradients; // by point; null unless training

    WinogradWorker(
            final WinogradShape shape,
            final WinogradFilter filter,
            final ChannelVectors x,
            final ChannelVectors y,
            final int firstImage,
            final int endOfImages,
            final boolean training,
            final OneDnnObjects objects) {
        this.shape = shape;
        this.filter = filter;
        this.firstImage = firstImage;
        this.endOfImages = endOfImages;
        this.tilesWide = shape.columns().tiles();
        this.tilesHigh = shape.rows().tiles();
        this.tileRows = tileRows();
        this.image = shape.convolution().inSize() / shape.convolution().batch() * Float.BYTES;
        this.tiles =
                new WinogradTiles(shape, MatrixBlocks.wholeRows(tileRows * tilesWide), objects);
        this.source = new WinogradSource(shape, x, tiles, objects);
        this.target = new WinogradTarget(shape, y, tiles, objects);
        this.weightGradients = training ? new long[shape.points()] : null;
        for (int point = 0; training && point < shape.points(); point++) {
            final long floats = (long) MatrixBlocks.wholeRows(shape.depth(point)) * shape.out();
            weightGradients[point] = objects.memory(floats * Float.BYTES).address();
        }
    }

    /** As many as stay in the cache, whole blocks of the products if possible. */
    private int tileRows() {
        final int fit = (int) Math.max(1, CACHED_BYTES / WinogradTiles.bytes(shape, tilesWide));
        int block = 1;
        while (block * tilesWide % MatrixBlocks.ROWS != 0) {
            block++;
        }
        final int most = (endOfImages - firstImage) * tilesHigh;
        return Math.min(most, fit < block ? fit : fit / block * block);
    }

    /** y = the convolution of x with the weights that are at the points, plus the bias by channel. */
    void forward(final long x, final long bias, final long y) {
        target.begin();
        final int end = endOfImages * tilesHigh;
        for (int at = firstImage * tilesHigh; at < end; at += tileRows) {
            final int n = Math.min(tileRows, end - at);
            transform(x, at, n);
            final int rows = MatrixBlocks.wholeRows(n * tilesWide);
            for (int point = 0; point < shape.points(); point++) {
                MatrixBlocks.multiply(
                        tiles.sourceAt(point),
                        tiles.sourceRowAt(point),
                        Float.BYTES,
                        filter.point(point),
                        (long) shape.out() * Float.BYTES,
                        rows,
                        shape.out(),
                        shape.depth(point),
                        false,
                        tiles.targetAt(point),
                        tiles.targetRow());
            }
            for (int i = 0; i < n; i++) {
                target.outputs(i * tilesWide, bias, y, (at + i) / tilesHigh, (at + i) % tilesHigh);
            }
        }
    }

    private void transform(final long x, final int at, final int n) {
        for (int i = 0; i < n; i++) {
            source.transform(x, (at + i) / tilesHigh, (at + i) % tilesHigh, i * tilesWide);
        }
    }

    /**
     * Gathers the gradients by weights and bias, and writes that by x.
     *
     * @param dx 0 for none; else the transposed weights are at the points
     */
    void gradients(final long x, final long dy, final long dx) {
        target.begin();
        final int begin = firstImage * tilesHigh;
        final int end = endOfImages * tilesHigh;
        for (int at = begin; at < end; at += tileRows) {
            final int n = Math.min(tileRows, end - at);
            transform(x, at, n);
            for (int i = 0; i < n; i++) {
                target.points(dy, (at + i) / tilesHigh, (at + i) % tilesHigh, i * tilesWide);
            }
            weightGradients(n * tilesWide, at > begin);
            if (dx != 0) {
                dataGradients(dx, at, n);
            }
        }
    }

    private void weightGradients(final int count, final boolean add) {
        for (int point = 0; point < shape.points(); point++) {
            MatrixBlocks.multiply(
                    tiles.sourceAt(point),
                    Float.BYTES,
                    tiles.sourceRowAt(point),
                    tiles.targetAt(point),
                    tiles.targetRow(),
                    MatrixBlocks.wholeRows(shape.depth(point)),
                    shape.out(),
                    count,
                    add,
                    weightGradients[point],
                    (long) shape.out() * Float.BYTES);
        }
    }

    private void dataGradients(final long dx, final int at, final int n) {
        final int rows = MatrixBlocks.wholeRows(n * tilesWide);
        for (int point = 0; point < shape.points(); point++) {
            final int depth = shape.depth(point);
            MatrixBlocks.multiply(
                    tiles.targetAt(point),
                    tiles.targetRow(),
                    Float.BYTES,
                    filter.point(point),
                    (long) depth * Float.BYTES,
                    rows,
                    depth,
                    shape.out(),
                    false,
                    tiles.sourceAt(point),
                    tiles.sourceRowAt(point));
        }
        for (int i = 0; i < n; i++) {
            final int number = (at + i) / tilesHigh;
            if ((at + i) % tilesHigh == 0) {
                VectorCopies.clear(dx + number * image, (int) (image / VECTOR));
            }
            source.addGradient(i * tilesWide, dx, number, (at + i) % tilesHigh);
        }
    }

    /** {@return where the gradients by the weights at each point are, after {@link #gradients}} */
    long[] weightGradients() {
        return weightGradients;
    }

    /** {@return the output's side, which knows sums and whether all is finite} */
    WinogradTarget target() {
        return target;
    }

    /** Adds another part's gradients to its own. */
    void addGradients(final WinogradWorker other) {
        for (int point = 0; point < shape.points(); point++) {
            final int floats = shape.depth(point) * shape.out();
            VectorCopies.add(
                    other.weightGradients[point],
                    VECTOR,
                    weightGradients[point],
                    VECTOR,
                    (int) (floats * Float.BYTES / VECTOR));
        }
        VectorCopies.add(
                other.target.sums(),
                VECTOR,
                target.sums(),
                VECTOR,
                (int) (shape.out() * Float.BYTES / VECTOR));
    }
}

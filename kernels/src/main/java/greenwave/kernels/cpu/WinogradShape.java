package greenwave.kernels.cpu;

import static greenwave.kernels.cpu.VectorArithmetic.STEP;

import greenwave.kernels.Convolution;
import greenwave.kernels.Window;

/**
 * What lies where in the memory of {@link WinogradConvolution}, in floats. At point (a, b), a of the rows and b of the columns,
 * matrices are multiplied whose inner dimension, the depth, runs over the phases multiplied there, rows of phases first, then
 * the channels of the input. Points lie column by column, so that the distance from a to a + 1 is the same for every phase.
 */
final class WinogradShape {
    private final Convolution c;
    private final WinogradSide rows;
    private final WinogradSide columns;
    private final int[] depthUpTo; // by point

    WinogradShape(final Convolution c) {
        final Window w = c.window();
        this.c = c;
        this.rows =
                new WinogradSide(
                        w.height(),
                        w.outHeight(),
                        w.kernelHeight(),
                        w.strideHeight(),
                        w.padHeight());
        this.columns =
                new WinogradSide(
                        w.width(), w.outWidth(), w.kernelWidth(), w.strideWidth(), w.padWidth());
        this.depthUpTo = new int[points() + 1];
        for (int point = 0; point < points(); point++) {
            final int sharing =
                    rows.sharing(point % rows.points()) * columns.sharing(point / rows.points());
            depthUpTo[point + 1] = depthUpTo[point] + sharing * c.inChannels();
        }
    }

    /** {@return whether a convolution can be computed so at all} */
    static boolean covers(final Convolution c) {
        final WinogradShape shape = new WinogradShape(c);
        final int block = 2 * STEP;
        return c.groups() == 1
                && c.window().dilationHeight() == 1
                && c.window().dilationWidth() == 1
                && shape.rows.taps(0) <= WinogradSide.TAPS
                && shape.columns.taps(0) <= WinogradSide.TAPS
                && c.inChannels() % block == 0
                && c.outChannels() % block == 0;
    }

    Convolution convolution() {
        return c;
    }

    WinogradSide rows() {
        return rows;
    }

    WinogradSide columns() {
        return columns;
    }

    int in() {
        return c.inChannels();
    }

    int out() {
        return c.outChannels();
    }

    /** {@return tiles of one image} */
    int tiles() {
        return rows.tiles() * columns.tiles();
    }

    /** {@return points that are multiplied at} */
    int points() {
        return rows.points() * columns.points();
    }

    /** {@return the number of a point} */
    int point(final int a, final int b) {
        return b * rows.points() + a;
    }

    /** {@return the inner dimension at a point} */
    int depth(final int point) {
        return depthUpTo[point + 1] - depthUpTo[point];
    }

    /** {@return the depths of all points before} */
    int depthBefore(final int point) {
        return depthUpTo[point];
    }

    /** {@return the depths of all points} */
    int depths() {
        return depthUpTo[points()];
    }

    /** {@return where in the depth of a point of column b a pair of phases begins} */
    int phase(final int b, final int rowPhase, final int columnPhase) {
        return (rowPhase * columns.sharing(b) + columnPhase) * in();
    }

    /** {@return multiplications for one by the definition} */
    double multiplications() {
        final double each = (double) rows.products() * columns.products() * tiles();
        final Window w = c.window();
        final double direct =
                (double) w.kernelHeight() * w.kernelWidth() * w.outHeight() * w.outWidth();
        return each / direct;
    }
}

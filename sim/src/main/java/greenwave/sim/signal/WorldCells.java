package greenwave.sim.signal;

import greenwave.sim.net.Bounds;

/**
 * A network as a grid of square cells, north on top.
 *
 * @param bounds what it covers
 * @param size metres
 */
public record WorldCells(Bounds bounds, double size) {
    /** Checks the size. */
    public WorldCells {
        if (!(size > 0)) {
            throw new IllegalArgumentException(
                    "world grid: size=%s m, expected above 0".formatted(size));
        }
    }

    /** {@return the number of rows} */
    public int rows() {
        return Math.max(1, (int) Math.ceil((bounds.top() - bounds.bottom()) / size));
    }

    /** {@return the number of columns} */
    public int columns() {
        return Math.max(1, (int) Math.ceil((bounds.right() - bounds.left()) / size));
    }

    /** {@return the row of a place {@code y} metres to the north; one outside counts to the border} */
    public int row(final double y) {
        return rows() - 1 - within((y - bounds.bottom()) / size, rows());
    }

    /** {@return the column of a place {@code x} metres to the east; one outside counts to the border} */
    public int column(final double x) {
        return within((x - bounds.left()) / size, columns());
    }

    private static int within(final double cell, final int number) {
        return (int) Math.max(0, Math.min(number - 1, Math.floor(cell)));
    }
}

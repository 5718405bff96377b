package greenwave.sim.signal;

import java.util.Arrays;

/**
 * Lanes before a stop line as rows of cells, the first at the line: which hold the front of a vehicle, and
 * how fast that vehicle goes. One thread.
 */
public final class LaneCells {
    private static final double EMPTY = -1;

    private final int cells;
    private final double size;
    private final double[] speeds; // share of the limit, of the vehicle nearest to the line
    private final double[] distances;

    /** Empty rows of {@code cells} cells of {@code size} metres for each of {@code lanes}. */
    public LaneCells(final int lanes, final int cells, final double size) {
        this.cells = cells;
        this.size = size;
        this.speeds = new double[lanes * cells];
        this.distances = new double[lanes * cells];
        clear();
    }

    /** Takes all vehicles away. */
    public void clear() {
        Arrays.fill(speeds, EMPTY);
    }

    /**
     * Puts a vehicle in its cell, unless that lies too far from the line, or another vehicle is nearer.
     *
     * @param distance metres from the vehicle's front to the stop line
     * @param speed m/s
     * @param limit the lane's, m/s
     */
    public void add(final int lane, final double distance, final double speed, final double limit) {
        final int cell = (int) Math.floor(Math.max(0, distance) / size);
        if (cell >= cells) {
            return;
        }
        final int place = lane * cells + cell;
        if (speeds[place] == EMPTY || distance < distances[place]) {
            speeds[place] = limit > 0 ? Math.min(1, speed / limit) : 0;
            distances[place] = distance;
        }
    }

    /** {@return whether a cell holds a vehicle} */
    public boolean isTaken(final int lane, final int cell) {
        return speeds[lane * cells + cell] != EMPTY;
    }

    /** {@return speed over the limit, at most 1, of the vehicle nearest to the line; 0 in an empty cell} */
    public double speed(final int lane, final int cell) {
        return Math.max(0, speeds[lane * cells + cell]);
    }
}

package greenwave.sim.signal;

import java.util.Arrays;

/**
 * How much of a vehicle's accumulated waiting time belongs to each lane it was seen on: sumo-rl's
 * book-keeping for one vehicle. A lane gets what the others have not been charged with. A sample: a
 * wait after the last sample on a lane goes to the next lane it is seen on, and an amount becomes
 * negative when SUMO forgets a wait that another lane was charged with.
 */
public final class WaitingBook {
    private int[] lanes = new int[2];
    private double[] seconds = new double[2];
    private int size;

    /** A book without entries. */
    public WaitingBook() {}

    /**
     * Enters a sample.
     *
     * @param lane where the vehicle is
     * @param accumulated seconds it has waited within SUMO's waiting-time memory
     * @return seconds charged to {@code lane}
     */
    public double charge(final int lane, final double accumulated) {
        double elsewhere = 0;
        int place = size;
        for (int i = 0; i < size; i++) {
            if (lanes[i] == lane) {
                place = i;
            } else {
                elsewhere += seconds[i];
            }
        }
        if (place == size) {
            add(lane);
        }
        seconds[place] = accumulated - elsewhere;
        return seconds[place];
    }

    /** Forgets all entries, so that another vehicle can have the book. */
    public void clear() {
        size = 0;
    }

    private void add(final int lane) {
        if (size == lanes.length) {
            lanes = Arrays.copyOf(lanes, 2 * size);
            seconds = Arrays.copyOf(seconds, 2 * size);
        }
        lanes[size++] = lane;
    }
}

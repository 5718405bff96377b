package greenwave.sim.signal;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What was read of all observed lanes of one world at one instant. Written by the world, read through
 * {@link SignalReadings}.
 */
public final class LaneTable {
    final int[] vehicles;
    final int[] halting;
    final double[] meanLength;
    final double[] waiting;
    final double[] speedSum;
    private final Map<String, Integer> index = new HashMap<>();
    private final Map<String, String> states = new HashMap<>();

    /** A table of zeros with a row for each of {@code lanes}. */
    public LaneTable(final List<String> lanes) {
        for (final String lane : lanes) {
            index.put(lane, index.size());
        }
        vehicles = new int[lanes.size()];
        halting = new int[lanes.size()];
        meanLength = new double[lanes.size()];
        waiting = new double[lanes.size()];
        speedSum = new double[lanes.size()];
    }

    /** {@return the row of {@code lane}} */
    public int row(final String lane) {
        return index.get(lane);
    }

    /** Notes the number of vehicles on a lane. */
    public void setVehicles(final int row, final int number) {
        vehicles[row] = number;
    }

    /**
     * Notes more of an incoming lane.
     *
     * @param slow vehicles below 0.1 m/s
     * @param length mean vehicle length in metres; 0 on an empty lane
     */
    public void setTraffic(final int row, final int slow, final double length) {
        halting[row] = slow;
        meanLength[row] = length;
    }

    /** Notes the accumulated waiting time of a lane's vehicles, in seconds; {@link Reading#WAITING}. */
    public void setWaiting(final int row, final double seconds) {
        waiting[row] = seconds;
    }

    /** Notes the sum of speed over allowed speed of a lane's vehicles; {@link Reading#SPEED}. */
    public void setSpeedSum(final int row, final double sum) {
        speedSum[row] = sum;
    }

    /** Notes what a signal shows; {@link Reading#STATE}. */
    public void setState(final String signal, final String state) {
        states.put(signal, state);
    }

    String state(final String signal) {
        return states.get(signal);
    }
}

package greenwave.sim.signal;

/**
 * What is known of one signal at a decision: the input of observations and rewards. Lanes are
 * numbered as in {@link Signal#lanes} and {@link Signal#outgoingLanes}. Values change with the next
 * decision; those that are not read (see {@link Reading}) are 0 or null.
 */
public final class SignalReadings {
    /** Gap between standing vehicles that sumo-rl reckons with, metres. */
    private static final double MIN_GAP = 2.5;

    private final Signal signal;
    private final SignalController controller;
    private final LaneTable table;
    private final int[] lanes;
    private final int[] outgoing;

    /** A view of the part of {@code table} that concerns {@code signal}. */
    public SignalReadings(
            final Signal signal,
            final SignalController controller,
            final LaneTable table,
            final boolean withOutgoing) {
        this.signal = signal;
        this.controller = controller;
        this.table = table;
        this.lanes = signal.lanes().stream().mapToInt(table::row).toArray();
        this.outgoing =
                withOutgoing
                        ? signal.outgoingLanes().stream().mapToInt(table::row).toArray()
                        : new int[0];
    }

    /** {@return the signal} */
    public Signal signal() {
        return signal;
    }

    /** {@return the green that is shown or comes next, and for how long, and whether it may go} */
    public SignalController controller() {
        return controller;
    }

    /** {@return vehicles on an incoming lane} */
    public int vehicles(final int lane) {
        return table.vehicles[lanes[lane]];
    }

    /** {@return vehicles on an incoming lane that are slower than 0.1 m/s} */
    public int halting(final int lane) {
        return table.halting[lanes[lane]];
    }

    /** {@return mean vehicle length on an incoming lane in metres, 0 when empty} */
    public double meanLength(final int lane) {
        return table.meanLength[lanes[lane]];
    }

    /** {@return accumulated waiting time on an incoming lane, seconds; {@link Reading#WAITING}} */
    public double waiting(final int lane) {
        return table.waiting[lanes[lane]];
    }

    /** {@return vehicles on an outgoing lane; {@link Reading#OUTGOING}} */
    public int outgoingVehicles(final int lane) {
        return table.vehicles[outgoing[lane]];
    }

    /** {@return the state in force, a letter per link index; {@link Reading#STATE}} */
    public String state() {
        return table.state(signal.id());
    }

    /** {@return vehicles over the number that would fill the lane, at most 1} */
    public double density(final int lane) {
        return Math.min(1, vehicles(lane) / capacity(lane));
    }

    /** {@return halting vehicles over the number that would fill the lane, at most 1} */
    public double queue(final int lane) {
        return Math.min(1, halting(lane) / capacity(lane));
    }

    private double capacity(final int lane) {
        return signal.laneLengths().get(lane) / (MIN_GAP + meanLength(lane));
    }

    /** {@return halting vehicles on all incoming lanes} */
    public int totalQueued() {
        int sum = 0;
        for (final int row : lanes) {
            sum += table.halting[row];
        }
        return sum;
    }

    /** {@return accumulated waiting time on all incoming lanes, seconds; {@link Reading#WAITING}} */
    public double totalWaiting() {
        double sum = 0;
        for (final int row : lanes) {
            sum += table.waiting[row];
        }
        return sum;
    }

    /** {@return vehicles going minus vehicles coming; {@link Reading#OUTGOING}} */
    public int pressure() {
        int sum = 0;
        for (final int row : outgoing) {
            sum += table.vehicles[row];
        }
        for (final int row : lanes) {
            sum -= table.vehicles[row];
        }
        return sum;
    }

    /**
     * {@return mean of speed over allowed speed of the vehicles on the incoming lanes, 1 without
     * vehicles; {@link Reading#SPEED}}
     */
    public double averageSpeed() {
        double sum = 0;
        int number = 0;
        for (final int row : lanes) {
            sum += table.speedSum[row];
            number += table.vehicles[row];
        }
        return number == 0 ? 1 : sum / number;
    }
}

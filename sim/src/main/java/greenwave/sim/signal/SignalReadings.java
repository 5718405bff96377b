package greenwave.sim.signal;

import java.util.List;

/**
 * What is known of one signal at a decision: the input of observations and rewards. Lanes are
 * numbered as in {@link Signal#lanes} and {@link Signal#outgoingLanes}. Values change with the next
 * decision; those that are not read (see {@link Reading}) are 0 or null.
 */
public final class SignalReadings {
    private final Signal signal;
    private final SignalController controller;
    private final LaneTable table;
    private final LaneReading[] lanes;
    private final LaneReading[] outgoing;

    /** A view of the part of {@code table} that concerns {@code signal}. */
    public SignalReadings(
            final Signal signal,
            final SignalController controller,
            final LaneTable table,
            final boolean withOutgoing) {
        this.signal = signal;
        this.controller = controller;
        this.table = table;
        this.lanes = signal.lanes().stream().map(table::lane).toArray(LaneReading[]::new);
        this.outgoing =
                withOutgoing
                        ? signal.outgoingLanes().stream()
                                .map(table::lane)
                                .toArray(LaneReading[]::new)
                        : new LaneReading[0];
    }

    /** {@return the signal} */
    public Signal signal() {
        return signal;
    }

    /** {@return the green that is shown or comes next, and for how long, and whether it may go} */
    public SignalController controller() {
        return controller;
    }

    /** {@return an incoming lane} */
    public LaneReading lane(final int lane) {
        return lanes[lane];
    }

    /**
     * {@return any lane that is read, by its ID; to be asked for once per episode}
     *
     * @throws IllegalArgumentException if it is none
     */
    public LaneReading lane(final String id) {
        return table.lane(id);
    }

    /** {@return the incoming lanes of all signals of the world} */
    public List<LaneReading> incomingOfAll() {
        return table.incoming();
    }

    /** {@return vehicles on an incoming lane} */
    public int vehicles(final int lane) {
        return lanes[lane].vehicles();
    }

    /** {@return vehicles on an incoming lane that are slower than 0.1 m/s} */
    public int halting(final int lane) {
        return lanes[lane].halting();
    }

    /** {@return mean vehicle length on an incoming lane in metres, 0 when empty} */
    public double meanLength(final int lane) {
        return lanes[lane].meanLength();
    }

    /** {@return accumulated waiting time on an incoming lane, seconds; {@link Reading#WAITING}} */
    public double waiting(final int lane) {
        return lanes[lane].waiting();
    }

    /** {@return vehicles on an outgoing lane; {@link Reading#OUTGOING}} */
    public int outgoingVehicles(final int lane) {
        return outgoing[lane].vehicles();
    }

    /** {@return the state in force, a letter per link index; {@link Reading#STATE}} */
    public String state() {
        return table.state(signal.id());
    }

    /** {@return vehicles over the number that would fill an incoming lane, at most 1} */
    public double density(final int lane) {
        return lanes[lane].density();
    }

    /** {@return halting vehicles over the number that would fill an incoming lane, at most 1} */
    public double queue(final int lane) {
        return lanes[lane].queue();
    }

    /** {@return halting vehicles on all incoming lanes} */
    public int totalQueued() {
        int sum = 0;
        for (final LaneReading lane : lanes) {
            sum += lane.halting();
        }
        return sum;
    }

    /** {@return accumulated waiting time on all incoming lanes, seconds; {@link Reading#WAITING}} */
    public double totalWaiting() {
        double sum = 0;
        for (final LaneReading lane : lanes) {
            sum += lane.waiting();
        }
        return sum;
    }

    /** {@return CO2 that vehicles on the incoming lanes emit, mg/s; {@link Reading#CO2}} */
    public double totalCo2() {
        double sum = 0;
        for (final LaneReading lane : lanes) {
            sum += lane.co2();
        }
        return sum;
    }

    /** {@return vehicles going minus vehicles coming; {@link Reading#OUTGOING}} */
    public int pressure() {
        int sum = 0;
        for (final LaneReading lane : outgoing) {
            sum += lane.vehicles();
        }
        for (final LaneReading lane : lanes) {
            sum -= lane.vehicles();
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
        for (final LaneReading lane : lanes) {
            sum += lane.speedSum();
            number += lane.vehicles();
        }
        return number == 0 ? 1 : sum / number;
    }
}

package greenwave.sim.signal;

import greenwave.sim.signal.Approaches.Approach;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * Where traffic is before each stop line, over 200 m and over edges where roads are split, in units that do not
 * depend on how long a lane happens to be: the green as one-hot, whether it may change, for how long it has
 * been shown in minutes (at most 2); then for each incoming lane the vehicles in zones that begin 0, 25, 50 and
 * 100 m before the line, those that stand, and the time that all lose, each in tenths of vehicles. A
 * vehicle that goes at a share s of the limit loses 1 - s. Size: greens + 2 + 6 lanes.
 */
public final class ApproachObservation implements Observation {
    /** How far a signal sees, metres: 15 s of driving at 50 km/h. */
    static final double METRES = 200;

    private static final double[] ZONES = {0, 25, 50, 100};
    private static final int PER_LANE = ZONES.length + 2;
    private static final double HALTING = 0.1; // m/s
    private static final double VEHICLE = 0.1; // what one counts
    private static final double MINUTE = 60;
    private static final double MOST_MINUTES = 2;

    private final Approaches approaches = new Approaches(METRES);

    /** The only configuration there is. */
    public ApproachObservation() {}

    @Override
    public int size(final Signal signal) {
        return signal.greens().size() + 2 + PER_LANE * signal.lanes().size();
    }

    @Override
    public Set<Reading> readings() {
        return Set.of(Reading.VEHICLES);
    }

    @Override
    public List<String> lanes(final Signal signal) {
        return approaches.lanes(signal);
    }

    @Override
    public Eye eye(final SignalReadings now) {
        final Approach[] lanes = approaches.of(now);
        final Zones zones = new Zones();
        return (out, first) -> {
            long place = DefaultObservation.writeHead(now, out, first);
            final double minutes = now.controller().sinceChange() / MINUTE;
            put(out, place++, Math.min(MOST_MINUTES, minutes));
            for (final Approach lane : lanes) {
                zones.clear();
                lane.visit(zones);
                for (int i = 0; i < PER_LANE; i++) {
                    put(out, place++, zones.numbers[i]);
                }
            }
        };
    }

    private static void put(final MemorySegment out, final long place, final double value) {
        out.setAtIndex(ValueLayout.JAVA_FLOAT, place, (float) value);
    }

    /** What is written of a lane. */
    private static final class Zones implements Approaches.Visitor {
        private final double[] numbers = new double[PER_LANE];

        void clear() {
            Arrays.fill(numbers, 0);
        }

        @Override
        public void see(final Vehicle vehicle, final double distance, final double limit) {
            int zone = ZONES.length - 1;
            while (distance < ZONES[zone] && zone > 0) {
                zone--;
            }
            numbers[zone] += VEHICLE;
            numbers[ZONES.length] += vehicle.speed() < HALTING ? VEHICLE : 0;
            numbers[ZONES.length + 1] += VEHICLE * TimeLoss.share(vehicle.speed(), limit);
        }
    }
}

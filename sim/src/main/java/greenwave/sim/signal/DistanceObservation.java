package greenwave.sim.signal;

import greenwave.sim.signal.Approaches.Approach;

import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Set;

/**
 * As {@link DefaultObservation}, but of everything within a distance of the stop line, also where that lies
 * on other edges: networks of real cities split roads, and the last lane before a signal may be a few metres
 * long. A lane's region goes upstream over every lane that leads here, until the distance is reached or
 * another signal is in between. A vehicle upstream of a fork counts for each lane that it may come to.
 * Density and queue are the room that vehicles take, 2.5 m of gap included, over the length of the region
 * measured along its longest way. Size: greens + 1 + 2 lanes; all in [0, 1].
 */
public final class DistanceObservation implements Observation {
    private static final double GAP = 2.5; // as LaneReading reckons
    private static final double HALTING = 0.1; // m/s

    private final Approaches approaches;

    /** Vehicles with their fronts within {@code metres} of the stop line. */
    public DistanceObservation(final double metres) {
        if (!(metres > 0 && metres < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException(
                    "distance observation: metres=%s, expected above 0".formatted(metres));
        }
        this.approaches = new Approaches(metres);
    }

    @Override
    public int size(final Signal signal) {
        return signal.greens().size() + 1 + 2 * signal.lanes().size();
    }

    @Override
    public Set<Reading> readings() {
        return Set.of(Reading.VEHICLES, Reading.LENGTHS);
    }

    @Override
    public List<String> lanes(final Signal signal) {
        return approaches.lanes(signal);
    }

    @Override
    public Eye eye(final SignalReadings now) {
        final Approach[] regions = approaches.of(now);
        final Room[] rooms = new Room[regions.length];
        for (int lane = 0; lane < rooms.length; lane++) {
            rooms[lane] = new Room();
        }
        return (out, first) -> {
            final long densities = DefaultObservation.writeHead(now, out, first);
            for (int lane = 0; lane < regions.length; lane++) {
                final Room room = rooms[lane];
                room.taken = 0;
                room.halting = 0;
                regions[lane].visit(room);
                final double length = regions[lane].length();
                out.setAtIndex(
                        ValueLayout.JAVA_FLOAT,
                        densities + lane,
                        (float) Math.min(1, room.taken / length));
                out.setAtIndex(
                        ValueLayout.JAVA_FLOAT,
                        densities + regions.length + lane,
                        (float) Math.min(1, room.halting / length));
            }
        };
    }

    /** Metres that vehicles take. */
    private static final class Room implements Approaches.Visitor {
        private double taken;
        private double halting;

        @Override
        public void see(final Vehicle vehicle, final double distance, final double limit) {
            taken += GAP + vehicle.length();
            halting += vehicle.speed() < HALTING ? GAP + vehicle.length() : 0;
        }
    }
}

package greenwave.sim.signal;

import greenwave.sim.net.Lane;

import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

/**
 * general-tls's observation: the green as one-hot, whether it may change, then for each road the density
 * of its fullest right-turning, straight and left-turning lane, then the same of queues. A lane counts in
 * each class that it serves; a road without a class has 0 there. Where traffic keeps to the left, right and
 * left change places. Size: greens + 1 + 6 roads; all in [0, 1].
 */
public final class RoadObservation implements Observation {
    private static final int CLASSES = 3;

    /** Which roads, in which order. */
    public enum Order {
        /** Incoming ones, clockwise from north. */
        INCOMING,
        /** Incoming ones, then those that only lead away, each clockwise from north. */
        ATTACH,
        /** All of them, clockwise from north, of one arm the incoming one first. */
        CLOCKWISE
    }

    private final Order order;
    private final PhaseTable table; // null: as many roads as there are

    /** Of as many roads as a signal has. */
    public RoadObservation(final Order order) {
        this(order, null);
    }

    private RoadObservation(final Order order, final PhaseTable table) {
        this.order = order;
        this.table = table;
    }

    /**
     * {@return one of the same size at every signal that {@code table} has phases for} It has room for
     * the incoming roads of the largest. A smaller signal's roads stand where the largest has those that
     * the same actions open, so that one network serves all; the others are 0.
     */
    public static RoadObservation padded(final PhaseTable table) {
        return new RoadObservation(Order.INCOMING, table);
    }

    @Override
    public int size(final Signal signal) {
        final int roads = table != null ? table.sizes().getLast() : roads(signal).size();
        return signal.greens().size() + 1 + 2 * CLASSES * roads;
    }

    @Override
    public List<String> lanes(final Signal signal) {
        final List<String> lanes = new ArrayList<>();
        for (final Road road : roads(signal)) {
            road.lanes().stream().map(Lane::id).forEach(lanes::add);
        }
        return lanes;
    }

    /** {@return the roads of {@code signal} that are observed, in order} */
    public List<Road> roads(final Signal signal) {
        return switch (order) {
            case INCOMING -> signal.incomingRoads();
            case CLOCKWISE -> signal.roads();
            case ATTACH -> {
                final List<Road> roads = new ArrayList<>(signal.incomingRoads());
                signal.roads().stream().filter(road -> !road.incoming()).forEach(roads::add);
                yield roads;
            }
        };
    }

    @Override
    public Eye eye(final SignalReadings now) {
        final List<Road> roads = roads(now.signal());
        final int blocks = table != null ? table.sizes().getLast() : roads.size();
        final LaneReading[][] classes = new LaneReading[blocks * CLASSES][0];
        for (int road = 0; road < roads.size(); road++) {
            final int slot = table != null ? table.slots(roads.size()).get(road) : road;
            for (int movement = 0; movement < CLASSES; movement++) {
                classes[slot * CLASSES + movement] = lanes(now, roads.get(road), movement);
            }
        }
        return (out, first) -> {
            final long densities = DefaultObservation.writeHead(now, out, first);
            for (int i = 0; i < classes.length; i++) {
                double density = 0;
                double queue = 0;
                for (final LaneReading lane : classes[i]) {
                    density = Math.max(density, lane.density());
                    queue = Math.max(queue, lane.queue());
                }
                out.setAtIndex(ValueLayout.JAVA_FLOAT, densities + i, (float) density);
                out.setAtIndex(
                        ValueLayout.JAVA_FLOAT, densities + classes.length + i, (float) queue);
            }
        };
    }

    /** {@return the lanes of {@code road} that serve a movement; a turn back is one to the left} */
    private static LaneReading[] lanes(
            final SignalReadings now, final Road road, final int movement) {
        final boolean mirrored = now.signal().isMirrored();
        return road.lanes().stream()
                .filter(
                        lane ->
                                lane.movements()
                                        .chars()
                                        .map(d -> PhaseTable.movement((char) d, mirrored))
                                        .anyMatch(m -> Math.min(m, 2) == movement))
                .map(lane -> now.lane(lane.id()))
                .toArray(LaneReading[]::new);
    }
}

package greenwave.sim;

import static greenwave.sim.TraciVariables.ARRIVED;
import static greenwave.sim.TraciVariables.DEPARTED;
import static greenwave.sim.TraciVariables.ID_LIST;
import static greenwave.sim.TraciVariables.LANE_POSITION;
import static greenwave.sim.TraciVariables.PENDING;
import static greenwave.sim.TraciVariables.SPEED;
import static greenwave.sim.TraciVariables.TELEPORTS_ENDED;
import static greenwave.sim.TraciVariables.WAITING;

import greenwave.sim.libtraci.TraciDomain;
import greenwave.sim.libtraci.TraciPlan;
import greenwave.sim.libtraci.TraciVariable;
import greenwave.sim.signal.SystemReadings;

import java.util.List;

/** Adds up what concerns all vehicles of a world. */
final class SystemReader {
    private static final double STOPPED = 0.1; // m/s
    private static final List<TraciVariable> COUNTS =
            List.of(DEPARTED, ARRIVED, TELEPORTS_ENDED, PENDING);

    /** What it watches: all vehicles, then the simulation. */
    static final List<TraciPlan.Watch> WATCHES =
            List.of(
                    new TraciPlan.Watch(TraciDomain.VEHICLE, "", List.of(ID_LIST)),
                    new TraciPlan.Watch(TraciDomain.SIMULATION, "", COUNTS));

    private final VehicleReader vehicles;
    private final int all; // the watch of all vehicles
    private final int[] counts = new int[COUNTS.size()];
    private final int speed;
    private final int position;
    private final int waiting;
    private int[] present = new int[64];
    private int running;
    private SystemReadings latest = SystemReadings.EMPTY;

    /**
     * Reads nothing yet.
     *
     * @param first place of the first of {@link #WATCHES}
     */
    SystemReader(final VehicleReader vehicles, final int first) {
        this.vehicles = vehicles;
        this.all = first;
        this.speed = vehicles.column(SPEED);
        this.position = vehicles.column(LANE_POSITION);
        this.waiting = vehicles.column(WAITING);
    }

    /** Begins an episode. */
    void clear() {
        latest = SystemReadings.EMPTY;
    }

    SystemReadings latest() {
        return latest;
    }

    void integer(final int watch, final int variable, final int value) {
        counts[variable] = value;
    }

    void list(final int watch, final int[] names, final int size) {
        if (watch != all) {
            counts[COUNTS.indexOf(PENDING)] = size;
            return;
        }
        if (size > present.length) {
            present = new int[2 * size];
        }
        System.arraycopy(names, 0, present, 0, size);
        running = size;
    }

    /** Asks for all vehicles. */
    void ask() {
        for (int i = 0; i < running; i++) {
            vehicles.ask(present[i]);
        }
    }

    /** SUMO counts departures, arrivals and teleports over all seconds of the step. */
    void finish() {
        int stopped = 0;
        double waited = 0;
        double speeds = 0;
        double positions = 0;
        for (int i = 0; i < running; i++) {
            final double metresPerSecond = vehicles.value(present[i], speed);
            stopped += metresPerSecond < STOPPED ? 1 : 0;
            waited += vehicles.value(present[i], waiting);
            speeds += metresPerSecond;
            positions += vehicles.value(present[i], position);
        }
        latest =
                new SystemReadings(
                        running,
                        counts[COUNTS.indexOf(PENDING)],
                        stopped,
                        latest.arrived() + counts[COUNTS.indexOf(ARRIVED)],
                        latest.departed() + counts[COUNTS.indexOf(DEPARTED)],
                        latest.teleported() + counts[COUNTS.indexOf(TELEPORTS_ENDED)],
                        waited,
                        speeds,
                        positions);
    }
}

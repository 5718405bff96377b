package greenwave.sim;

import static greenwave.sim.TraciVariables.ARRIVED;
import static greenwave.sim.TraciVariables.DEPARTED;
import static greenwave.sim.TraciVariables.LANE_POSITION;
import static greenwave.sim.TraciVariables.PENDING;
import static greenwave.sim.TraciVariables.SPEED;
import static greenwave.sim.TraciVariables.TELEPORTS_ENDED;
import static greenwave.sim.TraciVariables.WAITING;

import greenwave.sim.libtraci.TraciValues;
import greenwave.sim.signal.SystemReadings;

import java.util.HashSet;
import java.util.Set;

/** Adds up what concerns all vehicles of a world. */
final class SystemReader {
    private static final double STOPPED = 0.1; // m/s

    SystemReadings latest = SystemReadings.EMPTY;
    final Set<String> seen = new HashSet<>();
    private int stopped;
    private double waited;
    private double speeds;
    private double positions;

    void begin() {
        seen.clear();
        stopped = 0;
        waited = 0;
        speeds = 0;
        positions = 0;
    }

    void add(final String id, final TraciValues values) {
        final double metresPerSecond = values.number(SPEED);
        seen.add(id);
        stopped += metresPerSecond < STOPPED ? 1 : 0;
        waited += values.number(WAITING);
        speeds += metresPerSecond;
        positions += values.number(LANE_POSITION);
    }

    /** SUMO counts departures, arrivals and teleports over all seconds of the step. */
    void finish(final TraciValues values) {
        latest =
                new SystemReadings(
                        seen.size(),
                        values.list(PENDING).length,
                        stopped,
                        latest.arrived() + values.integer(ARRIVED),
                        latest.departed() + values.integer(DEPARTED),
                        latest.teleported() + values.integer(TELEPORTS_ENDED),
                        waited,
                        speeds,
                        positions);
    }
}

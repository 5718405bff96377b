package greenwave.sim;

import greenwave.sim.signal.SignalReadings;
import greenwave.sim.signal.SystemReadings;

import java.util.List;

/**
 * What a {@link WorldListener} sees. Readings change with the next decision.
 *
 * @param world index of the world
 * @param episode number of the episode in that world, from 0
 * @param time simulated seconds
 * @param signals by signal, in SUMO's order
 * @param rewards by signal; none at the start
 * @param system the world as a whole
 */
public record WorldView(
        int world,
        int episode,
        double time,
        List<SignalReadings> signals,
        List<Double> rewards,
        SystemReadings system) {}

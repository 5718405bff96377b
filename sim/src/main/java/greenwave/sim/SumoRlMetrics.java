package greenwave.sim;

import greenwave.sim.signal.Compat;
import greenwave.sim.signal.Reading;
import greenwave.sim.signal.SignalReadings;
import greenwave.sim.signal.SystemReadings;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * sumo-rl's info of one instant: its fields, in its order. Counts are {@link Integer}, all else {@link
 * Double}.
 *
 * @param system whether to tell of the world as a whole ({@code add_system_info})
 * @param agents whether to tell of each signal ({@code add_per_agent_info})
 */
public record SumoRlMetrics(boolean system, boolean agents) {
    /** What {@link #of} needs to be read. */
    public static final Set<Reading> READINGS =
            Set.of(Reading.SYSTEM, Reading.TRAFFIC, Reading.WAITING, Reading.SPEED);

    /** {@return the fields by name} */
    public Map<String, Number> of(final WorldView now) {
        final Map<String, Number> fields = new LinkedHashMap<>();
        fields.put("step", now.time());
        if (system) {
            putSystem(now.system(), fields);
        }
        if (agents) {
            putAgents(now.signals(), fields);
        }
        return fields;
    }

    /**
     * {@return the fields that one agent of sumo-rl's PettingZoo environment is told of: those of the world
     * and its own}
     *
     * @param compat {@link Compat#SUMO_RL} adds those of agents whose names begin like this one's
     */
    public Map<String, Number> ofAgent(
            final String agent, final WorldView now, final Compat compat) {
        final Map<String, Number> fields = of(now);
        final String own = compat == Compat.SUMO_RL ? agent : agent + '_';
        fields.keySet().removeIf(name -> !name.startsWith("system") && !name.startsWith(own));
        return fields;
    }

    private static void putSystem(final SystemReadings now, final Map<String, Number> fields) {
        fields.put("system_total_running", now.running());
        fields.put("system_total_backlogged", now.backlogged());
        fields.put("system_total_stopped", now.stopped());
        fields.put("system_total_arrived", now.arrived());
        fields.put("system_total_departed", now.departed());
        fields.put("system_total_teleported", now.teleported());
        fields.put("system_total_waiting_time", now.waiting());
        fields.put("system_mean_waiting_time", now.meanWaiting());
        fields.put("system_mean_speed", now.meanSpeed());
    }

    private static void putAgents(
            final List<SignalReadings> signals, final Map<String, Number> fields) {
        int stopped = 0;
        double waiting = 0;
        for (final SignalReadings signal : signals) {
            final String id = signal.signal().id();
            fields.put(id + "_stopped", signal.totalQueued());
            fields.put(id + "_accumulated_waiting_time", signal.totalWaiting());
            fields.put(id + "_average_speed", signal.averageSpeed());
            stopped += signal.totalQueued();
            waiting += signal.totalWaiting();
        }
        fields.put("agents_total_stopped", stopped);
        fields.put("agents_total_accumulated_waiting_time", waiting);
    }
}

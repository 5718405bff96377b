package greenwave.sim;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How one simulated window went for its travellers, from SUMO's own trip output. Means are over all
 * scheduled vehicles, so that a policy cannot look good by keeping vehicles from finishing or from
 * entering.
 *
 * @param delay mean of time loss plus departure delay, s per scheduled vehicle
 * @param waiting mean time below 0.1 m/s, s per scheduled vehicle
 * @param timeLoss mean time lost against driving at the desired speed, s per scheduled vehicle
 * @param duration mean time spent in the network, s per scheduled vehicle
 * @param finished vehicles that arrived
 * @param scheduled vehicles whose departure lay in the window: arrived, driving or never inserted
 * @param gridlock whether traffic stood still at the end: none arrived in the last 300 s, though
 *     vehicles were in the network all that time
 */
public record TripMetrics(
        double delay,
        double waiting,
        double timeLoss,
        double duration,
        int finished,
        int scheduled,
        boolean gridlock) {
    /** {@return the figures by name, as an {@code EpisodeEnd} carries them; gridlock is 0 or 1} */
    public Map<String, Double> byName() {
        final Map<String, Double> figures = new LinkedHashMap<>();
        figures.put("delay", delay);
        figures.put("waiting", waiting);
        figures.put("timeLoss", timeLoss);
        figures.put("duration", duration);
        figures.put("finished", (double) finished);
        figures.put("scheduled", (double) scheduled);
        figures.put("gridlock", gridlock ? 1.0 : 0.0);
        return figures;
    }

    /** {@return NaN by every name: SUMO was lost before it wrote its output} */
    static Map<String, Double> unknown() {
        final Map<String, Double> figures = new TripMetrics(0, 0, 0, 0, 0, 0, false).byName();
        figures.replaceAll((name, figure) -> Double.NaN);
        return figures;
    }

    /** {@return the figures that {@link #byName} has named} */
    public static TripMetrics of(final Map<String, Double> figures) {
        return new TripMetrics(
                figures.get("delay"),
                figures.get("waiting"),
                figures.get("timeLoss"),
                figures.get("duration"),
                figures.get("finished").intValue(),
                figures.get("scheduled").intValue(),
                figures.get("gridlock") != 0);
    }
}

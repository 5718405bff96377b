package greenwave.sim;

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
 * @param gridlock whether traffic stood still at the end: vehicles were left in the network and none
 *     arrived in the last 300 s
 */
public record TripMetrics(
        double delay,
        double waiting,
        double timeLoss,
        double duration,
        int finished,
        int scheduled,
        boolean gridlock) {}

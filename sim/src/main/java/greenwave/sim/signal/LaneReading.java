package greenwave.sim.signal;

import java.util.List;

/**
 * What is known of one lane at a decision. Values change with the next decision; those that are not
 * read (see {@link Reading}) are 0.
 */
public final class LaneReading {
    /** Gap between standing vehicles that sumo-rl reckons with, metres. */
    private static final double MIN_GAP = 2.5;

    private static final List<Vehicle> NONE = List.of();

    private final double length;
    private int vehicles;
    private int halting;
    private double meanLength;
    private double waiting;
    private double speedSum;
    private double co2;
    private List<Vehicle> present = NONE;

    /** An empty lane of {@code length} metres. */
    public LaneReading(final double length) {
        this.length = length;
    }

    /** Notes the number of vehicles. */
    public void setVehicles(final int number) {
        vehicles = number;
    }

    /**
     * Notes more of them.
     *
     * @param slow vehicles below 0.1 m/s
     * @param mean mean vehicle length in metres; 0 on an empty lane
     */
    public void setTraffic(final int slow, final double mean) {
        halting = slow;
        meanLength = mean;
    }

    /** Notes the accumulated waiting time of its vehicles, in seconds; {@link Reading#WAITING}. */
    public void setWaiting(final double seconds) {
        waiting = seconds;
    }

    /** Notes the sum of speed over allowed speed of its vehicles; {@link Reading#SPEED}. */
    public void setSpeedSum(final double sum) {
        speedSum = sum;
    }

    /** Notes what its vehicles emit, in mg/s; {@link Reading#CO2}. */
    public void setCo2(final double milligrams) {
        co2 = milligrams;
    }

    /** Notes its vehicles, in order of place; {@link Reading#VEHICLES}. */
    public void setPresent(final List<Vehicle> there) {
        present = there;
    }

    /** {@return metres} */
    public double length() {
        return length;
    }

    /** {@return the number of vehicles} */
    public int vehicles() {
        return vehicles;
    }

    /** {@return vehicles slower than 0.1 m/s} */
    public int halting() {
        return halting;
    }

    /** {@return mean vehicle length in metres, 0 when empty} */
    public double meanLength() {
        return meanLength;
    }

    /** {@return accumulated waiting time, seconds; {@link Reading#WAITING}} */
    public double waiting() {
        return waiting;
    }

    /** {@return sum of speed over allowed speed; {@link Reading#SPEED}} */
    public double speedSum() {
        return speedSum;
    }

    /** {@return emission in mg/s; {@link Reading#CO2}} */
    public double co2() {
        return co2;
    }

    /** {@return its vehicles; {@link Reading#VEHICLES}} */
    public List<Vehicle> present() {
        return present;
    }

    /** {@return vehicles over the number that would fill the lane, at most 1} */
    public double density() {
        return Math.min(1, vehicles / capacity());
    }

    /** {@return halting vehicles over the number that would fill the lane, at most 1} */
    public double queue() {
        return Math.min(1, halting / capacity());
    }

    private double capacity() {
        return length / (MIN_GAP + meanLength);
    }
}

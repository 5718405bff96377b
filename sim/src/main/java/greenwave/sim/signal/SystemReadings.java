package greenwave.sim.signal;

/**
 * What is known of a world as a whole at a decision; {@link Reading#SYSTEM}.
 *
 * @param running vehicles in the network
 * @param backlogged vehicles that are due but find no room to enter
 * @param stopped vehicles slower than 0.1 m/s
 * @param arrived vehicles that have arrived since the episode began
 * @param departed vehicles that have entered since then
 * @param teleported vehicles that have ended a teleport since then
 * @param waiting sum of the seconds that vehicles have stood since they last moved
 * @param speed sum of speeds, m/s
 * @param position sum of places on lanes, metres
 */
public record SystemReadings(
        int running,
        int backlogged,
        int stopped,
        int arrived,
        int departed,
        int teleported,
        double waiting,
        double speed,
        double position) {
    /** A world without vehicles. */
    public static final SystemReadings EMPTY = new SystemReadings(0, 0, 0, 0, 0, 0, 0, 0, 0);

    /** {@return mean of the seconds stood, 0 without vehicles} */
    public double meanWaiting() {
        return running == 0 ? 0 : waiting / running;
    }

    /** {@return mean speed in m/s, 0 without vehicles} */
    public double meanSpeed() {
        return running == 0 ? 0 : speed / running;
    }
}

package greenwave.sim.libtraci;

/**
 * What Greenwave asks of a TraCI client. Raw: any call may throw an {@link Error} and one without a
 * connection may end the JVM; {@link SumoSession} fences that off. One thread.
 */
public interface Traci {
    /**
     * Who answered.
     *
     * @param api number of the TraCI API
     * @param simulator name and version, for example {@code SUMO 1.15.0}
     */
    record Version(int api, String simulator) {}

    /** {@return the TraCI API number of the client; needs no connection} */
    int clientApi();

    /** Connects once, without retries, to this host; {@code label} is new for each connection. */
    Version connect(int port, String label);

    /** Simulates up to {@code time}, in seconds; then new results of all subscriptions are here. */
    void step(double time);

    /** Ends simulation and connection. */
    void close();

    /** Switches a traffic light's running program to {@code phase}. */
    void setPhase(String light, int phase);

    /** Subscribes to variables of one object; their present values are here at once. */
    void subscribe(TraciDomain domain, String id, int... variables);

    /** Shows the latest subscription results of a domain to {@code reader}, by ID in byte order. */
    void results(TraciDomain domain, TraciValues.Reader reader);

    /**
     * Shows the present values of all vehicles within {@code range} metres of a junction to {@code
     * reader}. One round trip; nothing stays subscribed.
     *
     * @param now the simulated time, in seconds
     */
    void vehiclesAround(
            String junction, double range, double now, int[] variables, TraciValues.Reader reader);
}

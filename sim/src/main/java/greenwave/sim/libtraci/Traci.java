package greenwave.sim.libtraci;

import greenwave.sim.Transport;

/**
 * What Greenwave asks of a TraCI client. One decision is one {@link #step}, which carries what was set
 * before and brings what the plan watches, and at most one {@link #readVehicles}. Raw: any call may
 * throw an {@link Error} and one without a connection may end the JVM; {@link SumoSession} fences that
 * off. One thread.
 */
public interface Traci {
    /**
     * Who answered.
     *
     * @param api number of the TraCI API
     * @param simulator name and version, for example {@code SUMO 1.15.0}
     */
    record Version(int api, String simulator) {}

    /** {@return the transport that this is} */
    Transport transport();

    /** {@return whether it understands servers of this TraCI API; needs no connection} */
    boolean speaks(int api);

    /** Connects once, without retries, to this host; {@code label} is new for each connection. */
    Version connect(int port, String label);

    /** Makes known what will be said and asked; once per connection. */
    void begin(TraciPlan plan, Names names);

    /** Switches a traffic light's running program to {@code phase}: before the next step or read. */
    void setPhase(int signal, int phase);

    /** Simulates up to {@code time}, in seconds, and shows what is watched then. */
    void step(double time, TraciReader reader);

    /** Shows what is watched now. */
    void read(TraciReader reader);

    /**
     * Reads the plan's variables of vehicles that are in the network now.
     *
     * @param vehicles numbers in {@link Names}, of which the first {@code count} count, each once
     * @param now the simulated time, in seconds
     * @param values receives {@link TraciPlan#vehicleWidth} doubles per vehicle, in the same order
     */
    void readVehicles(int[] vehicles, int count, double now, double[] values);

    /** Ends simulation and connection. */
    void close();

    /** Gives the connection up; the simulation is about to be killed, and may be dead or stuck. */
    void abandon();
}

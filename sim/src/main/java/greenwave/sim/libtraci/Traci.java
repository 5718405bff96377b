package greenwave.sim.libtraci;

import greenwave.sim.Transport;

import java.nio.channels.SelectableChannel;
import java.util.List;
import java.util.Optional;

/**
 * What Greenwave asks of a TraCI client. One decision is one {@link #sendStep}, which carries what was
 * set before, one {@link #receiveStep}, which brings what the plan watches, and at most one exchange
 * about vehicles. Between sending and receiving the caller is free. Raw: any call may throw an {@link
 * Error} and one without a connection may end the JVM; {@link SumoSession} fences that off. One thread
 * at a time; libtraci, always the same.
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

    /** Makes known what will be said and asked; once per connection, and after each {@link #load}. */
    void begin(TraciPlan plan, Names names);

    /** Switches a traffic light's running program to {@code phase}: before the next step or read. */
    void setPhase(int signal, int phase);

    /** Has SUMO simulate up to {@code time}, in seconds. */
    void sendStep(double time);

    /** Shows what is watched at the end of the step that was sent. */
    void receiveStep(TraciReader reader);

    /** {@return whether the whole answer to what was sent has come; false where that can't be known} */
    boolean arrived();

    /** {@return what to wait on for an answer; empty where that can't be done} */
    Optional<SelectableChannel> channel();

    /** Shows what is watched now. */
    void read(TraciReader reader);

    /**
     * Asks for the plan's variables of vehicles that are in the network now.
     *
     * @param vehicles numbers in {@link Names}, of which the first {@code count} count, each once; they
     *     stay as they are until the answer has been received
     * @param count above 0
     * @param now the simulated time, in seconds
     */
    void sendVehicles(int[] vehicles, int count, double now);

    /**
     * Receives what was asked of vehicles.
     *
     * @param values receives {@link TraciPlan#vehicleWidth} doubles per vehicle, in the order of the
     *     request
     */
    void receiveVehicles(double[] values);

    /**
     * Ends the simulation and begins another on the same connection, as if SUMO had been started with {@code
     * options}; what the ended one has written is whole then. {@link #begin} comes next.
     *
     * @throws UnsupportedOperationException from libtraci
     */
    void load(List<String> options);

    /** Ends simulation and connection. */
    void close();

    /** Gives the connection up; the simulation is about to be killed, and may be dead or stuck. */
    void abandon();
}

package greenwave.sim.libtraci;

import greenwave.sim.SumoException;

import java.nio.file.Path;
import java.util.List;

/**
 * One SUMO process and the connection to it: the fence around libtraci. What libtraci does, and what
 * becomes of it here:
 *
 * <ol>
 *   <li>A call without a connection ends the JVM (SIGSEGV in SUMO 1.15): refused with {@link
 *       IllegalStateException} before it gets there.
 *   <li>A SUMO that dies surfaces as {@link UnknownError}, an Error: becomes {@link SumoException}
 *       with world, simulated time, exit status and SUMO's last words. The connection counts as gone;
 *       libtraci itself keeps its socket for ever, one descriptor per death.
 *   <li>{@code Simulation.start} sleeps a second and does not notice that SUMO has ended: not used.
 *   <li>Client and server of different API versions misread each other: refused after the handshake.
 * </ol>
 *
 * One thread, which must live as long as the session: SUMO is killed when it ends.
 */
public final class SumoSession implements AutoCloseable {
    /** SUMO closes the socket some moments before its process is gone. */
    private static final long DYING_SECONDS = 3;

    /** Writing the output of a large network takes its time. */
    private static final long EXIT_SECONDS = 120;

    private final int world;
    private final Traci traci;
    private final SumoProcess process;
    private boolean connected;
    private String simulator;
    private double time;

    private SumoSession(
            final int world, final Traci traci, final SumoProcess process, final double begin) {
        this.world = world;
        this.traci = traci;
        this.process = process;
        this.time = begin;
    }

    /**
     * Starts SUMO and connects.
     *
     * @param world for messages
     * @param traci a client without a connection, of this thread
     * @param options SUMO's command line, without program and port
     * @param port TCP port, or 0 for a free one
     * @param folder for SUMO's error output
     * @param begin simulated time at which it starts, in seconds
     * @throws SumoException if SUMO cannot be had, refuses its input or speaks another API version;
     *     nothing is left running
     */
    public static SumoSession start(
            final int world,
            final Traci traci,
            final SumoHost host,
            final SumoInstallation sumo,
            final List<String> options,
            final int port,
            final Path folder,
            final double begin) {
        final SumoProcess process = SumoProcess.start(host, sumo, options, port, folder);
        final SumoSession session = new SumoSession(world, traci, process, begin);
        session.connect(sumo);
        return session;
    }

    private void connect(final SumoInstallation sumo) {
        connected = true;
        guarded(
                "init",
                () -> {
                    final Traci.Version version =
                            traci.connect(process.port(), "greenwave-" + process.pid());
                    simulator = version.simulator();
                    if (version.api() != traci.clientApi()) {
                        throw new SumoException(
                                "%s (%s) speaks TraCI API %d, libtraci %d, expected the same: take both from one SUMO version (-D%s=PATH, -D%s=PATH)"
                                        .formatted(
                                                simulator,
                                                sumo.program(),
                                                version.api(),
                                                traci.clientApi(),
                                                SumoInstallation.PROPERTY,
                                                TraciLibrary.PROPERTY));
                    }
                });
    }

    /** {@return name and version of the simulator, for example {@code SUMO 1.15.0}} */
    public String simulator() {
        return simulator;
    }

    /** {@return the simulated time of the last {@link #step}, in seconds} */
    public double time() {
        return time;
    }

    /**
     * Simulates up to {@code until}, in seconds.
     *
     * @throws SumoException if SUMO died; the session is closed
     */
    public void step(final double until) {
        guarded("step", () -> traci.step(until));
        time = until;
    }

    /**
     * Switches a traffic light.
     *
     * @throws SumoException if SUMO died or refused; the session is closed
     */
    public void setPhase(final String light, final int phase) {
        guarded("setPhase", () -> traci.setPhase(light, phase));
    }

    /**
     * Subscribes to variables of one object; {@link #read} shows their present values at once.
     *
     * @throws SumoException if SUMO died or refused; the session is closed
     */
    public void subscribe(final TraciDomain domain, final String id, final int... variables) {
        guarded("subscribe", () -> traci.subscribe(domain, id, variables));
    }

    /** Shows the latest values of all subscribed objects of {@code domain} to {@code reader}. */
    public void read(final TraciDomain domain, final TraciValues.Reader reader) {
        guarded("read", () -> traci.results(domain, reader));
    }

    /**
     * Shows the present values of all vehicles within {@code range} metres of a junction to {@code
     * reader}, in one round trip. Subscribed to one by one, SUMO would gather them in every simulated
     * second, for us to read the last.
     *
     * @throws SumoException if SUMO died or refused; the session is closed
     */
    public void readVehicles(
            final String junction,
            final double range,
            final int[] variables,
            final TraciValues.Reader reader) {
        guarded(
                "readVehicles",
                () -> traci.vehiclesAround(junction, range, time, variables, reader));
    }

    /**
     * Ends the simulation and waits until SUMO has written its output.
     *
     * @throws SumoException if SUMO did not end well
     */
    public void finish() {
        guarded("close", traci::close);
        connected = false;
        if (!process.awaitExit(EXIT_SECONDS)) {
            process.kill();
            throw new SumoException(at("close") + "SUMO did not end within " + EXIT_SECONDS + " s");
        }
        if (process.status() != 0) {
            throw new SumoException(at("close") + death());
        }
    }

    /** Ends SUMO at once, whatever it does; its output is lost. */
    @Override
    public void close() {
        if (connected) {
            connected = false;
            try {
                traci.close(); // else libtraci would keep its socket
            } catch (final UnknownError | RuntimeException e) {
                System.getLogger(SumoSession.class.getName())
                        .log(System.Logger.Level.DEBUG, at("close"), e);
            }
        }
        process.kill();
    }

    private void guarded(final String command, final Runnable call) {
        if (!connected) {
            throw new IllegalStateException(at(command) + "not connected");
        }
        try {
            call.run();
        } catch (final SumoException e) {
            close();
            throw new SumoException(at(command) + e.getMessage(), e);
        } catch (final UnknownError | RuntimeException e) {
            connected = false;
            final boolean died = process.awaitExit(DYING_SECONDS);
            final String reason = died ? death() : String.valueOf(e.getMessage());
            process.kill();
            throw new SumoException(at(command) + reason, e);
        }
    }

    private String death() {
        return "SUMO ended with status " + process.status() + ": " + process.lastWords();
    }

    private String at(final String command) {
        return "sumo: world=%d, t=%s s, command=%s: ".formatted(world, time, command);
    }
}

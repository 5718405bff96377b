package greenwave.sim.libtraci;

import greenwave.sim.SumoException;
import greenwave.sim.Transport;

import java.io.UncheckedIOException;
import java.nio.channels.SelectableChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * One SUMO process and the connection to it: the fence around clients. What libtraci does, and what
 * becomes of it here:
 *
 * <ol>
 *   <li>A call without a connection ends the JVM (SIGSEGV in SUMO 1.15): refused with {@link
 *       IllegalStateException} before it gets there.
 *   <li>A SUMO that dies surfaces as {@link UnknownError}, an Error: becomes {@link SumoException}
 *       with world, simulated time, exit status and SUMO's last words. The connection counts as gone;
 *       libtraci itself keeps its socket for ever, one descriptor per death.
 *   <li>{@code Simulation.start} sleeps a second and does not notice that SUMO has ended: not used.
 *   <li>SUMO serves whoever connects first. If that was another, this SUMO is killed and another
 *       started; who is its client is seen in the kernel's table of connections.
 *   <li>Client and server of different API versions misread each other: refused after the handshake.
 * </ol>
 *
 * Every call of a decision writes the fence out: to pass it to a shared one would allocate.
 *
 * <p>One thread at a time; over libtraci, always the one that started it. That one must live as long as the
 * session: SUMO is killed when it ends.
 */
public final class SumoSession implements AutoCloseable {
    /** SUMO closes the socket some moments before its process is gone. */
    private static final long DYING_SECONDS = 3;

    /** How often another client may be faster than we are. */
    private static final int ATTEMPTS = 4;

    private final int world;
    private final Traci traci;
    private final SumoProcess process;
    private final double begin;
    private boolean connected;
    private boolean taken;
    private String simulator;
    private double time;
    private double goal; // of the step that was sent

    private SumoSession(
            final int world, final Traci traci, final SumoProcess process, final double begin) {
        this.world = world;
        this.traci = traci;
        this.process = process;
        this.begin = begin;
        this.time = begin;
    }

    /**
     * Starts SUMO and connects; where SUMO speaks what the client does not, once more with the one to
     * fall back to.
     *
     * @param world for messages
     * @param client without a connection, of this thread
     * @param options SUMO's command line, without program and port
     * @param port TCP port, or 0 for a free one
     * @param folder for SUMO's error output
     * @param begin simulated time at which it starts, in seconds
     * @throws SumoException if SUMO cannot be had, refuses its input or speaks another API version;
     *     nothing is left running
     */
    public static SumoSession start(
            final int world,
            final TraciClient client,
            final SumoHost host,
            final SumoInstallation sumo,
            final List<String> options,
            final int port,
            final Path folder,
            final double begin) {
        if (port != 0 && host.isolation().isEmpty()) {
            SumoPorts.requireFree(port);
        }
        int attempt = 1;
        while (true) {
            final SumoSession session =
                    new SumoSession(
                            world,
                            client.traci(),
                            process(world, host, sumo, options, port, folder, begin),
                            begin);
            final Traci.Version version;
            try {
                version = session.connect();
            } catch (final SumoException e) {
                if (session.taken && attempt++ < ATTEMPTS) {
                    continue;
                }
                throw e;
            }
            if (client.traci().speaks(version.api())) {
                return session;
            }
            session.close();
            final String said =
                    "%s (%s) speaks TraCI API %d"
                            .formatted(version.simulator(), sumo.program(), version.api());
            if (!client.fallBack(said)) {
                throw new SumoException(
                        "%s%s, %s, expected the same: take both from one SUMO version (-D%s=PATH, -D%s=PATH)"
                                .formatted(
                                        session.at("init"),
                                        said,
                                        client.traci(),
                                        SumoInstallation.PROPERTY,
                                        TraciLibrary.PROPERTY));
            }
        }
    }

    private static SumoProcess process(
            final int world,
            final SumoHost host,
            final SumoInstallation sumo,
            final List<String> options,
            final int port,
            final Path folder,
            final double begin) {
        try {
            return SumoProcess.start(host, sumo, options, port, folder);
        } catch (final SumoException e) {
            throw failure(at(world, begin, "start") + e.getMessage(), e.isLost(), e);
        }
    }

    private Traci.Version connect() {
        connected = true;
        process.watch().expect();
        try {
            final Traci.Version version =
                    traci.connect(process.clientPort(), "greenwave-" + process.pid());
            simulator = version.simulator();
            return version;
        } catch (final UnknownError | RuntimeException e) {
            throw failure("init", e);
        } finally {
            process.watch().answered();
        }
    }

    /** {@return name and version of the simulator, for example {@code SUMO 1.15.0}} */
    public String simulator() {
        return simulator;
    }

    /** {@return the simulated time of the last {@link #receiveStep}, in seconds} */
    public double time() {
        return time;
    }

    /**
     * Makes known what will be said and asked in a simulation that is at its begin.
     *
     * @param names receives the names that are read
     * @throws SumoException if SUMO died or refused; the session is closed
     */
    public void begin(final TraciPlan plan, final Names names) {
        fenced("begin", () -> traci.begin(plan, names));
        time = begin;
    }

    /**
     * Switches a traffic light, before the next step or read.
     *
     * @param signal its place in the plan
     * @throws SumoException if SUMO died or refused, which the next step or read may be the first to
     *     notice; the session is closed
     */
    public void setPhase(final int signal, final int phase) {
        requireConnected("setPhase");
        process.watch().expect();
        try {
            traci.setPhase(signal, phase);
        } catch (final UnknownError | RuntimeException e) {
            throw failure("setPhase", e);
        } finally {
            process.watch().answered();
        }
    }

    /**
     * Has SUMO simulate up to {@code until}, in seconds.
     *
     * @throws SumoException if SUMO died; the session is closed
     */
    public void sendStep(final double until) {
        requireConnected("step");
        process.watch().expectLater();
        try {
            traci.sendStep(until);
        } catch (final UnknownError | RuntimeException e) {
            process.watch().answered();
            throw failure("step", e);
        }
        goal = until;
    }

    /**
     * {@return whether what was sent is answered, so that to receive it takes no waiting} True also of a SUMO
     * that has died, and false wherever the transport can't tell.
     */
    public boolean arrived() {
        requireConnected("arrived");
        try {
            return traci.arrived();
        } catch (final RuntimeException e) {
            return true; // to receive it fails likewise, and is told there
        }
    }

    /** Whether the caller waits for what was sent: only then may a SUMO that gives no answer count as hung. */
    public void await(final boolean now) {
        process.watch().await(now);
    }

    /** {@return what to wait on for an answer; empty where the transport has nothing of the kind} */
    public Optional<SelectableChannel> channel() {
        return connected ? traci.channel() : Optional.empty();
    }

    /**
     * Waits for the end of the step that was sent, and shows what is watched then.
     *
     * @throws SumoException if SUMO died; the session is closed
     */
    public void receiveStep(final TraciReader reader) {
        requireConnected("step");
        process.watch().await(true);
        try {
            traci.receiveStep(reader);
        } catch (final UnknownError | RuntimeException e) {
            throw failure("step", e);
        } finally {
            process.watch().answered();
        }
        time = goal;
    }

    /**
     * Shows what is watched now.
     *
     * @throws SumoException if SUMO died or refused; the session is closed
     */
    public void read(final TraciReader reader) {
        requireConnected("read");
        process.watch().expect();
        try {
            traci.read(reader);
        } catch (final UnknownError | RuntimeException e) {
            throw failure("read", e);
        } finally {
            process.watch().answered();
        }
    }

    /**
     * Asks for the plan's variables of vehicles that are in the network now.
     *
     * @param vehicles their names, each once, of which the first {@code count} count; kept until the answer
     *     has been received
     * @param count above 0
     * @throws SumoException if SUMO died; the session is closed
     */
    public void sendVehicles(final int[] vehicles, final int count) {
        requireConnected("readVehicles");
        process.watch().expectLater();
        try {
            traci.sendVehicles(vehicles, count, time);
        } catch (final UnknownError | RuntimeException e) {
            process.watch().answered();
            throw failure("readVehicles", e);
        }
    }

    /**
     * Waits for what was asked of vehicles.
     *
     * @param values receives {@link TraciPlan#vehicleWidth} doubles for each
     * @throws SumoException if SUMO died or refused; the session is closed
     */
    public void receiveVehicles(final double[] values) {
        requireConnected("readVehicles");
        process.watch().await(true);
        try {
            traci.receiveVehicles(values);
        } catch (final UnknownError | RuntimeException e) {
            throw failure("readVehicles", e);
        } finally {
            process.watch().answered();
        }
    }

    /**
     * Ends the simulation and waits until SUMO has written its output.
     *
     * @throws SumoException if SUMO did not end well
     */
    public void finish() {
        fenced("close", traci::close);
        connected = false;
        process.awaitExit();
        if (process.status() != 0) {
            throw failure(at("close") + process.death(), process.wasKilled(), null);
        }
    }

    /** {@return whether {@code sumo}'s program is SUMO, not a script that starts it} */
    public boolean isDirect(final SumoInstallation sumo) {
        return process.runs(sumo.program());
    }

    /**
     * Ends the simulation, whose output is whole then, and begins another, to which {@link #begin} turns.
     *
     * @param sumo that was started
     * @param options as in {@link #start}
     * @throws SumoException if SUMO died, which it does of what it refuses, or hung; its output may be whole all the same.
     *     The session is closed
     */
    public void load(final SumoInstallation sumo, final List<String> options) {
        fenced("load", () -> traci.load(sumo.arguments(options)));
    }

    /**
     * {@return what to throw about the output of a simulation that has ended: where it was, {@code what}, SUMO's last
     * words} SUMO is ended if it has begun another.
     */
    public SumoException spoilt(final String what, final Throwable cause) {
        if (connected) {
            try {
                finish();
            } catch (final SumoException e) {
                cause.addSuppressed(e); // what it said is told below
            }
        }
        return new SumoException(at("close") + what + "; " + process.death(), cause);
    }

    /** Ends SUMO at once, whatever it does; its output is lost. */
    @Override
    public void close() {
        abandon();
        process.kill();
    }

    private void abandon() {
        if (connected) {
            connected = false;
            process.watch().expect();
            try {
                traci.abandon();
            } catch (final UnknownError | RuntimeException e) {
                System.getLogger(SumoSession.class.getName())
                        .log(System.Logger.Level.DEBUG, at("close"), e);
            }
        }
    }

    /** Makes a call that is no part of a decision. */
    private void fenced(final String command, final Runnable call) {
        requireConnected(command);
        process.watch().expect();
        try {
            call.run();
        } catch (final UnknownError | RuntimeException e) {
            throw failure(command, e);
        } finally {
            process.watch().answered();
        }
    }

    private void requireConnected(final String command) {
        if (!connected) {
            throw new IllegalStateException(at(command) + "not connected");
        }
    }

    /** {@return what to say of a command that failed} The session is closed. */
    private SumoException failure(final String command, final Throwable e) {
        final boolean gone = e instanceof UnknownError || e instanceof UncheckedIOException;
        if (gone && traci.transport() == Transport.LIBTRACI) {
            connected = false; // to close a lost connection would end in the same error
        }
        taken |= gone && simulator == null && process.isTaken();
        final boolean died = gone && !taken && process.awaitExit(DYING_SECONDS);
        final String reason =
                taken ? SumoProcess.TAKEN : died ? process.death() : String.valueOf(e.getMessage());
        final boolean lost =
                taken
                        || died && process.wasKilled()
                        || e instanceof final SumoException sumo && sumo.isLost();
        close();
        return failure(at(command) + reason, lost, e);
    }

    private static SumoException failure(
            final String message, final boolean lost, final Throwable cause) {
        return lost ? SumoException.lost(message, cause) : new SumoException(message, cause);
    }

    private String at(final String command) {
        return at(world, time, command);
    }

    private static String at(final int world, final double time, final String command) {
        return "sumo: world=%d, t=%s s, command=%s: ".formatted(world, time, command);
    }
}

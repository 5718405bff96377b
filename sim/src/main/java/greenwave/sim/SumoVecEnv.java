package greenwave.sim;

import greenwave.engine.env.AgentGroup;
import greenwave.engine.env.AsyncVecEnv;
import greenwave.engine.env.EnvSpec;
import greenwave.engine.env.EpisodeEnd;
import greenwave.engine.env.GroupBatch;
import greenwave.engine.env.StepBatch;
import greenwave.engine.env.WorldPosition;
import greenwave.sim.libtraci.SumoHost;
import greenwave.sim.libtraci.SumoInstallation;
import greenwave.sim.libtraci.TraciClient;
import greenwave.sim.net.Network;
import greenwave.sim.net.NetworkCopy;
import greenwave.sim.signal.Reading;
import greenwave.sim.signal.Signal;
import greenwave.sim.signal.Switching;

import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntBinaryOperator;
import java.util.stream.IntStream;

/**
 * SUMO worlds as a batched environment: each agent controls one traffic light, an action is the green
 * phase it shall show. Signals of equal shape form one {@link AgentGroup}. An episode is the
 * scenario's window, played as by a fresh SUMO process, and is always truncated, never terminated; its end reports
 * {@code delay}, {@code waiting}, {@code timeLoss}, {@code duration} (seconds per scheduled vehicle),
 * {@code finished}, {@code scheduled} and {@code gridlock} (0 or 1), see {@link TripMetrics}.
 *
 * <p>Worlds step in parallel; what they do depends on seeds and actions alone. One thread drives the environment, in lock-step with {@link #step} or, while worlds move, doing
 * something else between {@link #send} and {@link #recv}. Over a socket it takes in what they answer itself,
 * within {@link #recv}; over libtraci each world has a thread for that. With the {@link Transport#WIRE} transport, the
 * default observation and reward and no listener, a step allocates nothing once buffers have grown.
 *
 * <p>A world whose SUMO crashes, hangs, is killed or leaves damaged output gets another SUMO, {@link
 * SumoVecEnvBuilder#restarts} times at most until it has ended an episode whole; {@link SumoVecEnvBuilder#onCrash} says what
 * becomes of the episode. Other worlds don't notice. When a world can't be brought back, {@link #reset}
 * and {@link #step} throw {@link SumoException} and the environment is closed: no process and no file is
 * left.
 */
public final class SumoVecEnv implements AsyncVecEnv {
    private final EnvSpec spec;
    private final SignalLayout layout;
    private final boolean fixedTime;
    private final boolean strict;
    private final IntBinaryOperator episodeSeed;
    private final Arena arena;
    private final SumoHost host;
    private final List<GroupBatch> batches;
    private final WorldTeam team;
    private final StepBatch uneventful; // no episode has ended
    private final Arrival[] arrivals; // uneventful, by number of worlds
    private final int[] everyWorld;
    private long seed;
    private boolean started;
    private boolean closed;

    SumoVecEnv(final SumoVecEnvBuilder builder) {
        final SumoInstallation sumo = SumoInstallation.find();
        final TraciClient.Choice transport = TraciClient.Choice.of(builder.transport);
        final SumoConfig config = builder.config;
        final Network network = Network.read(config.network(), config.additional());
        final List<Optional<WorldListener>> listeners = builder.listeners();
        final Set<Reading> watched = EnumSet.noneOf(Reading.class);
        listeners.forEach(listener -> listener.ifPresent(l -> watched.addAll(l.readings())));
        this.layout = SignalLayout.of(network, builder.semantics(), watched);
        this.spec = new EnvSpec(builder.worlds, layout.groups());
        this.fixedTime = builder.fixedTime;
        this.strict = builder.strict;
        this.episodeSeed =
                builder.episodeSeed != null
                        ? builder.episodeSeed
                        : (world, episode) -> EpisodeSeeds.derive(seed, world, episode);
        this.arena = Arena.ofShared(); // worlds write their rows from several threads
        this.batches = new ArrayList<>();
        for (int group = 0; group < spec.groups().size(); group++) {
            batches.add(new GroupBatch(spec.groups().get(group), spec.rows(group), arena));
        }
        final String inNetwork =
                fixedTime ? "" : layout.networkPrograms(!config.additional().isEmpty());
        this.uneventful = new StepBatch(batches, List.of());
        this.arrivals = new Arrival[spec.worlds() + 1];
        Arrays.setAll(arrivals, count -> new Arrival(uneventful, new int[count]));
        this.everyWorld = IntStream.range(0, spec.worlds()).toArray();
        this.host = new SumoHost(builder.patience, builder.isolate);
        final World.Common common =
                new World.Common(
                        inNetwork.isEmpty()
                                ? config
                                : config.withNetwork(
                                        NetworkCopy.write(
                                                config.network(), inNetwork, host.folder())),
                        layout,
                        fixedTime,
                        builder.asynchronous,
                        Optional.ofNullable(builder.demand),
                        host,
                        sumo,
                        transport,
                        batches,
                        new SurvivingWorld.Policy(builder.restarts, builder.onCrash),
                        builder.respawn ? ExactLoad.never() : ExactLoad.of(config));
        this.team = new WorldTeam(common, listeners, builder.port);
        try {
            team.open();
        } catch (final RuntimeException e) {
            close();
            throw e;
        }
    }

    /** {@return a builder of environments over {@code config}} */
    public static SumoVecEnvBuilder builder(final SumoConfig config) {
        return new SumoVecEnvBuilder(config);
    }

    /** Opens {@code worlds} worlds with all defaults; see {@link SumoVecEnvBuilder#open}. */
    public static SumoVecEnv open(final SumoConfig config, final int worlds) {
        return builder(config).worlds(worlds).open();
    }

    @Override
    public EnvSpec spec() {
        return spec;
    }

    /** {@return the controlled signals, in the order in which SUMO lists them} */
    public List<Signal> signals() {
        return layout.agents().stream().map(SignalLayout.Agent::signal).toList();
    }

    /**
     * {@return name and version of the simulator, for example {@code SUMO 1.15.0}}
     *
     * @throws IllegalStateException before {@link #reset} or after {@link #close}
     */
    public String simulator() {
        requireStarted("simulator");
        return team.simulator();
    }

    /**
     * {@return how worlds talk to SUMO, never {@link Transport#AUTO}}
     *
     * @throws IllegalStateException before {@link #reset} or after {@link #close}
     */
    public Transport transport() {
        requireStarted("transport");
        return team.transport();
    }

    /**
     * {@inheritDoc}
     *
     * @throws SumoException if a world cannot be started; the environment is closed
     */
    @Override
    public StepBatch reset(final long newSeed) {
        requireOpen("reset");
        return start(newSeed, Collections.nCopies(spec.worlds(), WorldPosition.START));
    }

    /**
     * {@inheritDoc} SUMO plays again what it played in the episodes that are under way.
     *
     * @throws SumoException if a world cannot be started; the environment is closed
     */
    @Override
    public StepBatch resume(final long newSeed, final List<WorldPosition> worlds) {
        requireOpen("resume");
        spec.check(worlds);
        return start(newSeed, worlds);
    }

    private StepBatch start(final long newSeed, final List<WorldPosition> worlds) {
        seed = newSeed;
        started = true;
        for (final GroupBatch batch : batches) {
            batch.lost().fill((byte) 0);
        }
        try {
            team.start(worlds, episodeSeed);
        } catch (final RuntimeException e) {
            close();
            throw e;
        }
        for (final GroupBatch batch : batches) {
            batch.reward().fill((byte) 0);
            batch.truncated().fill((byte) 0);
        }
        return new StepBatch(batches, List.of());
    }

    /**
     * {@inheritDoc}
     *
     * @param actions as there; with {@link #NONE} the signal is left as it is, also where a decision is due. What
     *     {@link GroupBatch#legal} forbids is not chosen by learners; the environment itself carries out every
     *     action that the {@link Switching} rule grants, unless it is {@link SumoVecEnvBuilder#strict}
     * @throws SumoException if a world fails; the environment is closed
     */
    @Override
    public StepBatch step(final int[][] actions) {
        requireStarted("step");
        sendChecked("step", actions, everyWorld, everyWorld.length);
        return recv();
    }

    @Override
    public void send(final int[][] actions) {
        sendChecked("send", actions, everyWorld, everyWorld.length);
    }

    @Override
    public void send(final int[][] actions, final int[] worlds, final int count) {
        sendChecked("send", actions, worlds, count);
    }

    private void sendChecked(
            final String operation, final int[][] actions, final int[] worlds, final int count) {
        requireStarted(operation);
        checkLengths(operation, actions);
        for (int i = 0; i < count; i++) {
            final int world = worlds[i];
            if (world < 0 || world >= spec.worlds()) {
                throw new IllegalArgumentException(
                        "SumoVecEnv.%s: world=%d, expected [0, %d)"
                                .formatted(operation, world, spec.worlds()));
            }
            for (int other = 0; other < i; other++) {
                if (worlds[other] == world) {
                    throw new IllegalArgumentException(
                            "SumoVecEnv.%s: world=%d is named twice, expected once"
                                    .formatted(operation, world));
                }
            }
            if (team.isUnderWay(world)) {
                throw new IllegalStateException(
                        "SumoVecEnv.%s: world=%d is under way, expected recv first"
                                .formatted(operation, world));
            }
            checkActions(operation, actions, world);
        }
        for (int i = 0; i < count; i++) {
            team.send(worlds[i], actions);
        }
    }

    /**
     * {@inheritDoc}
     *
     * @throws SumoException if a world failed; the environment is closed
     */
    @Override
    public StepBatch recv() {
        return batch(take("recv", team.underWay()));
    }

    /**
     * {@inheritDoc}
     *
     * @throws SumoException if a world failed; the environment is closed
     */
    @Override
    public Arrival recv(final int least) {
        final int count = take("recv", least);
        final StepBatch batch = batch(count);
        if (batch == uneventful) {
            System.arraycopy(team.came(), 0, arrivals[count].worlds(), 0, count);
            return arrivals[count];
        }
        return new Arrival(batch, Arrays.copyOf(team.came(), count));
    }

    private int take(final String operation, final int least) {
        requireStarted(operation);
        if (least < 1 || least > team.underWay()) {
            throw team.underWay() == 0
                    ? new IllegalStateException(
                            "SumoVecEnv."
                                    + operation
                                    + ": no world is under way, expected send first")
                    : new IllegalArgumentException(
                            "SumoVecEnv.%s: least=%d, expected [1, %d]: so many are under way"
                                    .formatted(operation, least, team.underWay()));
        }
        try {
            return team.recv(least);
        } catch (final RuntimeException e) {
            close();
            throw e;
        }
    }

    private StepBatch batch(final int count) {
        final List<EpisodeEnd> ends = team.ends(count);
        return ends.isEmpty() ? uneventful : new StepBatch(batches, ends);
    }

    @Override
    public long recovered() {
        return team.recovered();
    }

    private void checkLengths(final String operation, final int[][] actions) {
        if (actions.length != spec.groups().size()) {
            throw new IllegalArgumentException(
                    "SumoVecEnv.%s: groups of actions=%d, expected %d"
                            .formatted(operation, actions.length, spec.groups().size()));
        }
        for (int group = 0; group < actions.length; group++) {
            if (actions[group].length != spec.rows(group)) {
                throw new IllegalArgumentException(
                        "SumoVecEnv.%s: group=%d, actions=%d, expected %d"
                                .formatted(
                                        operation, group, actions[group].length, spec.rows(group)));
            }
        }
    }

    private void checkActions(final String operation, final int[][] actions, final int world) {
        for (int group = 0; group < actions.length; group++) {
            final AgentGroup agents = spec.groups().get(group);
            final int bound = agents.actions();
            final int first = world * agents.agents().size();
            for (int row = first; row < first + agents.agents().size(); row++) {
                final int action = actions[group][row];
                if (action < NONE || action >= bound) {
                    throw new IllegalArgumentException(
                            "SumoVecEnv.%s: group=%d, row=%d, action=%d, expected [0, %d)"
                                    .formatted(operation, group, row, action, bound));
                }
                if (strict && action != NONE && isDue(group, row)) {
                    requireLegal(operation, group, row, action, bound);
                }
            }
        }
    }

    private boolean isDue(final int group, final int row) {
        return batches.get(group).due().get(ValueLayout.JAVA_BYTE, row) != 0;
    }

    private void requireLegal(
            final String operation,
            final int group,
            final int row,
            final int action,
            final int bound) {
        final long place = (long) row * bound + action;
        if (batches.get(group).legal().get(ValueLayout.JAVA_BYTE, place) == 0) {
            final List<String> agents = spec.groups().get(group).agents();
            throw new IllegalArgumentException(
                    "SumoVecEnv.%s: signal=%s, action=%d is not legal now, expected one that the mask allows"
                            .formatted(operation, agents.get(row % agents.size()), action));
        }
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            team.close();
            host.close();
            arena.close();
        }
    }

    private void requireOpen(final String operation) {
        if (closed) {
            throw new IllegalStateException("SumoVecEnv." + operation + ": closed");
        }
    }

    private void requireStarted(final String operation) {
        requireOpen(operation);
        if (!started) {
            throw new IllegalStateException(
                    "SumoVecEnv." + operation + ": before reset, expected after");
        }
    }
}

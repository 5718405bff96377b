package greenwave.sim;

import greenwave.engine.env.AgentGroup;
import greenwave.engine.env.EnvSpec;
import greenwave.engine.env.GroupBatch;
import greenwave.engine.env.StepBatch;
import greenwave.engine.env.VecEnv;
import greenwave.sim.libtraci.SumoHost;
import greenwave.sim.libtraci.SumoInstallation;
import greenwave.sim.libtraci.TraciLibrary;
import greenwave.sim.net.Network;
import greenwave.sim.signal.ActionSpace;
import greenwave.sim.signal.DefaultObservation;
import greenwave.sim.signal.ImageObservation;
import greenwave.sim.signal.Observation;
import greenwave.sim.signal.Reading;
import greenwave.sim.signal.Reward;
import greenwave.sim.signal.Signal;
import greenwave.sim.signal.Switching;

import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntBinaryOperator;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * SUMO worlds as a batched environment: each agent controls one traffic light, an action is the green
 * phase it shall show. Signals of equal shape form one {@link AgentGroup}. An episode is the
 * scenario's window, a fresh SUMO process, and is always truncated, never terminated; its end reports
 * {@code delay}, {@code waiting}, {@code timeLoss}, {@code duration} (seconds per scheduled vehicle),
 * {@code finished}, {@code scheduled} and {@code gridlock} (0 or 1), see {@link TripMetrics}.
 *
 * <p>Worlds step in parallel, each on a thread of its own; what they do depends on seeds and actions
 * alone. One thread drives the environment.
 *
 * <p>When a world fails, {@link #reset} and {@link #step} throw {@link SumoException} and the
 * environment is closed: no process and no file is left.
 */
public final class SumoVecEnv implements VecEnv {
    /** An action: the signal is left as it is, as if no decision were due. */
    public static final int NONE = -1;

    private final EnvSpec spec;
    private final SignalLayout layout;
    private final boolean fixedTime;
    private final boolean strict;
    private final IntBinaryOperator episodeSeed;
    private final Arena arena;
    private final SumoHost host;
    private final List<GroupBatch> batches;
    private final WorldTeam team;
    private long seed;
    private boolean started;
    private boolean closed;

    private SumoVecEnv(final Builder builder) {
        final SumoInstallation sumo = SumoInstallation.find();
        final TraciLibrary library = TraciLibrary.find();
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
        this.arena = Arena.ofShared(); // each world writes its rows from its own thread
        this.batches = new ArrayList<>();
        for (int group = 0; group < spec.groups().size(); group++) {
            batches.add(new GroupBatch(spec.groups().get(group), spec.rows(group), arena));
        }
        this.host = new SumoHost();
        final World.Common common =
                new World.Common(
                        config,
                        layout,
                        fixedTime,
                        Optional.ofNullable(builder.demand),
                        host,
                        sumo,
                        library,
                        batches);
        this.team = new WorldTeam(common, listeners, builder.port);
        try {
            team.open();
        } catch (final RuntimeException e) {
            close();
            throw e;
        }
    }

    /** {@return a builder of environments over {@code config}} */
    public static Builder builder(final SumoConfig config) {
        return new Builder(config);
    }

    /** Opens {@code worlds} worlds with all defaults; see {@link Builder#open}. */
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
     * {@inheritDoc}
     *
     * @throws SumoException if a world cannot be started; the environment is closed
     */
    @Override
    public StepBatch reset(final long newSeed) {
        requireOpen("reset");
        seed = newSeed;
        started = true;
        for (final GroupBatch batch : batches) {
            batch.reward().fill((byte) 0);
            batch.truncated().fill((byte) 0);
        }
        try {
            team.start(episodeSeed);
            return new StepBatch(batches, List.of());
        } catch (final RuntimeException e) {
            close();
            throw e;
        }
    }

    /**
     * {@inheritDoc}
     *
     * @param actions as there, or {@link #NONE}: the signal is left as it is. What {@link
     *     GroupBatch#legal} forbids is not chosen by learners; the environment itself carries out every
     *     action that the {@link Switching} rule grants, unless it is {@link Builder#strict}
     * @throws SumoException if a world fails; the environment is closed
     */
    @Override
    public StepBatch step(final int[][] actions) {
        requireStarted("step");
        checkActions(actions);
        try {
            return new StepBatch(batches, team.step(actions, episodeSeed));
        } catch (final RuntimeException e) {
            close();
            throw e;
        }
    }

    private void checkActions(final int[][] actions) {
        if (actions.length != spec.groups().size()) {
            throw new IllegalArgumentException(
                    "SumoVecEnv.step: groups of actions=%d, expected %d"
                            .formatted(actions.length, spec.groups().size()));
        }
        for (int group = 0; group < actions.length; group++) {
            if (actions[group].length != spec.rows(group)) {
                throw new IllegalArgumentException(
                        "SumoVecEnv.step: group=%d, actions=%d, expected %d"
                                .formatted(group, actions[group].length, spec.rows(group)));
            }
            final int bound = spec.groups().get(group).actions();
            for (int row = 0; row < actions[group].length; row++) {
                if (actions[group][row] < NONE || actions[group][row] >= bound) {
                    throw new IllegalArgumentException(
                            "SumoVecEnv.step: group=%d, row=%d, action=%d, expected [0, %d)"
                                    .formatted(group, row, actions[group][row], bound));
                }
                if (strict && actions[group][row] != NONE) {
                    requireLegal(group, row, actions[group][row], bound);
                }
            }
        }
    }

    private void requireLegal(final int group, final int row, final int action, final int bound) {
        final long place = (long) row * bound + action;
        if (batches.get(group).legal().get(ValueLayout.JAVA_BYTE, place) == 0) {
            final List<String> agents = spec.groups().get(group).agents();
            throw new IllegalArgumentException(
                    "SumoVecEnv.step: signal=%s, action=%d is not legal now, expected one that the mask allows"
                            .formatted(agents.get(row % agents.size()), action));
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

    /** Chooses how worlds are made; every setting has a default. */
    public static final class Builder {
        private final SumoConfig config;
        private ActionSpace actions = SignalLayout.Semantics.DEFAULT.actions();
        private Switching switching = SignalTiming.DEFAULT;
        private Observation observation = new DefaultObservation();
        private Optional<ImageObservation> image = Optional.empty();
        private Supplier<Reward> reward = Reward.named("diff-waiting-time");
        private int worlds = 1;
        private int port;
        private boolean fixedTime;
        private boolean strict;
        private IntBinaryOperator episodeSeed;
        private IntFunction<WorldListener> listener;
        private Demand demand;

        private Builder(final SumoConfig config) {
            this.config = Objects.requireNonNull(config, "config");
        }

        /** What agents choose between; the greens of the running program if not set. */
        public Builder actions(final ActionSpace chosen) {
            this.actions = Objects.requireNonNull(chosen, "actions");
            return this;
        }

        /** When signals may change; {@link SignalTiming#DEFAULT} if not set. */
        public Builder timing(final Switching chosen) {
            this.switching = Objects.requireNonNull(chosen, "timing");
            return this;
        }

        /** What agents see; {@link DefaultObservation} if not set. */
        public Builder observation(final Observation chosen) {
            this.observation = Objects.requireNonNull(chosen, "observation");
            return this;
        }

        /** What agents see as an image beside the vector; nothing if not set. */
        public Builder image(final ImageObservation chosen) {
            this.image = Optional.of(chosen);
            return this;
        }

        /** What agents earn, made anew per signal and episode; {@code diff-waiting-time} if not set. */
        public Builder reward(final Supplier<Reward> chosen) {
            this.reward = Objects.requireNonNull(chosen, "reward");
            return this;
        }

        /** How many worlds step together; 1 if not set. */
        public Builder worlds(final int number) {
            if (number < 1) {
                throw new IllegalArgumentException(
                        "SumoVecEnv: worlds=" + number + ", expected at least 1");
            }
            this.worlds = number;
            return this;
        }

        /** TCP port of the first world, the next ones follow; free ports are found if not set. */
        public Builder port(final int first) {
            if (first < 1 || first > 65_535) {
                throw new IllegalArgumentException(
                        "SumoVecEnv: port=" + first + ", expected [1, 65535]");
            }
            this.port = first;
            return this;
        }

        /** Leaves the signals to the network's own programs; actions are checked, then ignored. */
        public Builder fixedTime(final boolean fixed) {
            this.fixedTime = fixed;
            return this;
        }

        /** Refuses actions that the mask forbids; without it they are carried out like others. */
        public Builder strict(final boolean refuse) {
            this.strict = refuse;
            return this;
        }

        /**
         * SUMO's seed by world and number of the episode in it, from 0. If not set it follows from
         * {@link SumoVecEnv#reset}'s seed and lies in [100000, 2^31): the small ones stay for evaluation.
         */
        public Builder episodeSeed(final IntBinaryOperator chosen) {
            this.episodeSeed = Objects.requireNonNull(chosen, "episodeSeed");
            return this;
        }

        /** What makes the traffic of each episode; the scenario's own route files if not set. */
        public Builder demand(final Demand chosen) {
            this.demand = Objects.requireNonNull(chosen, "demand");
            return this;
        }

        /** What follows each world, made by the world's index; nothing if not set. */
        public Builder listener(final IntFunction<WorldListener> maker) {
            this.listener = Objects.requireNonNull(maker, "listener");
            return this;
        }

        private List<Optional<WorldListener>> listeners() {
            return IntStream.range(0, worlds)
                    .mapToObj(
                            world -> Optional.ofNullable(listener).map(maker -> maker.apply(world)))
                    .toList();
        }

        private SignalLayout.Semantics semantics() {
            return new SignalLayout.Semantics(actions, switching, observation, image, reward);
        }

        /**
         * {@return the agent groups that the environment will have; SUMO is not needed for it}
         *
         * @throws SumoException if the network can't be read or has no signal to control
         */
        public List<AgentGroup> groups() {
            final Network network = Network.read(config.network(), config.additional());
            return SignalLayout.of(network, semantics(), Set.of()).groups();
        }

        /**
         * Reads the network and prepares the worlds; SUMO starts with {@link SumoVecEnv#reset}.
         *
         * @throws SumoException if SUMO or libtraci is not found, the network cannot be read, or no
         *     signal in it can be controlled
         */
        public SumoVecEnv open() {
            return new SumoVecEnv(this);
        }
    }
}

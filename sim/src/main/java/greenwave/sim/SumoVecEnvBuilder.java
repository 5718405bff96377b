package greenwave.sim;

import greenwave.engine.env.AgentGroup;
import greenwave.engine.env.GroupBatch;
import greenwave.sim.net.Network;
import greenwave.sim.signal.ActionSpace;
import greenwave.sim.signal.DefaultObservation;
import greenwave.sim.signal.ImageObservation;
import greenwave.sim.signal.Observation;
import greenwave.sim.signal.Reward;
import greenwave.sim.signal.Switching;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntBinaryOperator;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/** Chooses how worlds are made; every setting has a default. */
public final class SumoVecEnvBuilder {
    /** Restarts if none are set. */
    public static final int DEFAULT_RESTARTS = 3;

    /** Patience if none is set: a disk or a network file system may be as slow. */
    public static final Duration DEFAULT_PATIENCE = Duration.ofSeconds(60);

    final SumoConfig config;
    ActionSpace actions = SignalLayout.Semantics.DEFAULT.actions();
    Switching switching = SignalTiming.DEFAULT;
    Observation observation = new DefaultObservation();
    Optional<ImageObservation> image = Optional.empty();
    Supplier<Reward> reward = Reward.named("diff-waiting-time");
    boolean sharing = true;
    int worlds = 1;
    int port;
    Transport transport = Transport.AUTO;
    boolean fixedTime;
    boolean asynchronous;
    boolean strict;
    int restarts = DEFAULT_RESTARTS;
    OnCrash onCrash = OnCrash.REPLAY;
    Duration patience = DEFAULT_PATIENCE;
    boolean isolate;
    boolean respawn;
    IntBinaryOperator episodeSeed;
    IntFunction<WorldListener> listener;
    Demand demand;

    SumoVecEnvBuilder(final SumoConfig config) {
        this.config = Objects.requireNonNull(config, "config");
    }

    /** What agents choose between; the greens of the running program if not set. */
    public SumoVecEnvBuilder actions(final ActionSpace chosen) {
        this.actions = Objects.requireNonNull(chosen, "actions");
        return this;
    }

    /** When signals may change; {@link SignalTiming#DEFAULT} if not set. */
    public SumoVecEnvBuilder timing(final Switching chosen) {
        this.switching = Objects.requireNonNull(chosen, "timing");
        return this;
    }

    /** What agents see; {@link DefaultObservation} if not set. */
    public SumoVecEnvBuilder observation(final Observation chosen) {
        this.observation = Objects.requireNonNull(chosen, "observation");
        return this;
    }

    /** What agents see as an image beside the vector; nothing if not set. */
    public SumoVecEnvBuilder image(final ImageObservation chosen) {
        this.image = Optional.of(chosen);
        return this;
    }

    /** What agents earn, made anew per signal and episode; {@code diff-waiting-time} if not set. */
    public SumoVecEnvBuilder reward(final Supplier<Reward> chosen) {
        this.reward = Objects.requireNonNull(chosen, "reward");
        return this;
    }

    /** Sets whether signals of one shape form a group, true if never called; else each forms one of its own, called by its id. */
    public SumoVecEnvBuilder sharing(final boolean shared) {
        this.sharing = shared;
        return this;
    }

    /** How many worlds step together; 1 if not set. */
    public SumoVecEnvBuilder worlds(final int number) {
        if (number < 1) {
            throw new IllegalArgumentException(
                    "SumoVecEnv: worlds=" + number + ", expected at least 1");
        }
        this.worlds = number;
        return this;
    }

    /** TCP port of the first world, the next ones follow; free ports are found if not set. */
    public SumoVecEnvBuilder port(final int first) {
        if (first < 1 || first > 65_535) {
            throw new IllegalArgumentException(
                    "SumoVecEnv: port=" + first + ", expected [1, 65535]");
        }
        this.port = first;
        return this;
    }

    /** How worlds talk to SUMO; {@link Transport#AUTO} if not set. */
    public SumoVecEnvBuilder transport(final Transport chosen) {
        this.transport = Objects.requireNonNull(chosen, "transport");
        return this;
    }

    /** Leaves the signals to the network's own programs; actions are checked, then ignored. */
    public SumoVecEnvBuilder fixedTime(final boolean fixed) {
        this.fixedTime = fixed;
        return this;
    }

    /**
     * Lets each signal decide only when it may change: within yellow and before its shortest green has passed no
     * decision is due, see {@link GroupBatch#due}. Without it decisions are due in every step, as in sumo-rl, which
     * refuses silently what comes too early.
     */
    public SumoVecEnvBuilder asynchronous(final boolean chosen) {
        this.asynchronous = chosen;
        return this;
    }

    /** Refuses actions that the mask forbids; without it they are carried out like others. */
    public SumoVecEnvBuilder strict(final boolean refuse) {
        this.strict = refuse;
        return this;
    }

    /** How often one world is started anew before it has ended an episode whole; 3 if not set. */
    public SumoVecEnvBuilder restarts(final int most) {
        if (most < 0) {
            throw new IllegalArgumentException(
                    "SumoVecEnv: restarts=" + most + ", expected at least 0");
        }
        this.restarts = most;
        return this;
    }

    /** What becomes of an episode whose SUMO is lost; {@link OnCrash#REPLAY} if not set. */
    public SumoVecEnvBuilder onCrash(final OnCrash chosen) {
        this.onCrash = Objects.requireNonNull(chosen, "onCrash");
        return this;
    }

    /**
     * How long a SUMO that owes an answer may use no CPU time before it counts as hung and is killed;
     * one that computes has thirty times as long. 60 s if not set. What a run computes does not depend
     * on it.
     */
    public SumoVecEnvBuilder patience(final Duration chosen) {
        if (chosen.compareTo(Duration.ofMillis(1)) < 0) {
            throw new IllegalArgumentException(
                    "SumoVecEnv: patience=" + chosen + ", expected at least 1 ms");
        }
        this.patience = chosen;
        return this;
    }

    /**
     * Runs SUMO in a network namespace of its own, where nobody else can connect to it. Where the
     * kernel refuses one, {@link #open} fails. A round trip takes longer.
     */
    public SumoVecEnvBuilder isolate(final boolean alone) {
        this.isolate = alone;
        return this;
    }

    /** Gives each episode a SUMO process of its own; for comparison. */
    SumoVecEnvBuilder respawn() {
        this.respawn = true;
        return this;
    }

    /**
     * SUMO's seed by world and number of the episode in it, from 0. If not set it follows from
     * {@link SumoVecEnv#reset}'s seed and lies in [100000, 2^31): the small ones stay for evaluation.
     */
    public SumoVecEnvBuilder episodeSeed(final IntBinaryOperator chosen) {
        this.episodeSeed = Objects.requireNonNull(chosen, "episodeSeed");
        return this;
    }

    /** What makes the traffic of each episode; the scenario's own route files if not set. */
    public SumoVecEnvBuilder demand(final Demand chosen) {
        this.demand = Objects.requireNonNull(chosen, "demand");
        return this;
    }

    /** What follows each world, made by the world's index; nothing if not set. */
    public SumoVecEnvBuilder listener(final IntFunction<WorldListener> maker) {
        this.listener = Objects.requireNonNull(maker, "listener");
        return this;
    }

    List<Optional<WorldListener>> listeners() {
        return IntStream.range(0, worlds)
                .mapToObj(world -> Optional.ofNullable(listener).map(maker -> maker.apply(world)))
                .toList();
    }

    SignalLayout.Semantics semantics() {
        return new SignalLayout.Semantics(actions, switching, observation, image, reward, sharing);
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
     * @throws SumoException if SUMO or libtraci is not found, the network cannot be read, no signal in
     *     it can be controlled, or a network namespace is asked for and refused
     */
    public SumoVecEnv open() {
        return new SumoVecEnv(this);
    }
}

package greenwave.sim.app;

import greenwave.sim.OnCrash;
import greenwave.sim.Scenario;
import greenwave.sim.SignalTiming;
import greenwave.sim.signal.Compat;
import greenwave.sim.signal.Countdown;
import greenwave.sim.signal.Reward;
import greenwave.sim.signal.Switching;

import java.io.IOException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Everything that decides a training run but its scenario, and how it is saved. Defaults are those of the
 * PyTorch DQN tutorial (batch, exploration, tau, replay, hidden), of Schaul et al. 2016 (alpha, beta), van Hasselt et al. 2019 (noise) and of
 * sumo-rl (signal timing). Four are of our own, chosen on junctions of several shapes, since they decide how
 * good a signal becomes: what it sees (see {@link greenwave.sim.signal.ApproachObservation}), what it earns
 * ({@code time-loss}, what delay is made of), a discount that looks 100 s ahead, about a cycle, where the tutorial's 0.99
 * looks 8 minutes ahead, further than a decision reaches; and a learning rate three times the tutorial's. {@link Presets} follow
 * from {@code algorithm} and others.
 *
 * @param seed fixes the run
 * @param episodes episodes over all worlds; 0 where {@code steps} limits the run
 * @param steps decisions over all worlds; 0 where {@code episodes} limits the run
 * @param worlds SUMO worlds that step together
 * @param lockStep whether they decide together
 * @param hidden units of each hidden layer; of a network that sees images too, those of the numbers' branch
 *     and, last, those behind both branches
 * @param channels channels of each convolution of a network that sees images
 * @param head what stands behind them
 * @param gamma discount per decision
 * @param exploration how often it acts at random
 * @param learning how it learns
 * @param replay what each network remembers
 * @param updatesPerStep gradient steps per decision and network
 * @param rewards what an agent earns, by names of sumo-rl's rewards
 * @param rewardWeights a weight for each; none where there is one reward
 * @param timing when signals may change
 * @param asynchronous whether a signal decides only when it may change
 * @param signals what signals show and see
 * @param validation when training looks at its policy
 * @param onCrash what becomes of an episode whose SUMO is lost
 * @param checkpoints how the run is saved
 */
record TrainConfig(
        long seed,
        int episodes,
        int steps,
        int worlds,
        boolean lockStep,
        List<Integer> hidden,
        List<Integer> channels,
        HeadConfig head,
        double gamma,
        ExplorationConfig exploration,
        LearningConfig learning,
        ReplayConfig replay,
        double updatesPerStep,
        List<String> rewards,
        List<Double> rewardWeights,
        Switching timing,
        boolean asynchronous,
        SignalSettings signals,
        ValidationConfig validation,
        OnCrash onCrash,
        CheckpointConfig checkpoints) {
    private static final String MIN_GREEN = "min-green";
    private static final Map<String, Object> DEFAULTS = defaults();

    /** The keys of a configuration file, in the order in which they are written. */
    static final Set<String> KEYS = DEFAULTS.keySet();

    /** Those of them that may change when a run is resumed: how long it is, and how it is saved. */
    static final Set<String> MAY_CHANGE =
            Stream.concat(Stream.of("episodes", "steps"), CheckpointConfig.KEYS.stream())
                    .collect(Collectors.toUnmodifiableSet());

    private static Map<String, Object> defaults() {
        final Map<String, Object> defaults = new LinkedHashMap<>();
        defaults.put("scenario", "cross");
        defaults.put("seed", 1);
        defaults.put("episodes", 50);
        defaults.put("steps", 0);
        defaults.put("worlds", 1);
        defaults.put("lock_step", true);
        defaults.put("algorithm", "dqn");
        defaults.put("hidden", List.of(128, 128));
        defaults.put("channels", List.of(32, 64, 96, 128));
        defaults.put("dueling", false);
        defaults.put("noisy", false);
        defaults.put("noisy_sigma", 0.1);
        defaults.put("distributional", "none");
        defaults.put("atoms", 0);
        defaults.put("v_min", -100); // C51's, as is the next: see ReturnRange
        defaults.put("v_max", 0);
        defaults.put("sharing", SignalSettings.DEFAULT.sharing());
        defaults.put("gamma", 0.95);
        ExplorationConfig.addDefaults(defaults);
        LearningConfig.addDefaults(defaults);
        defaults.put("lr", 3e-4);
        defaults.put("replay", 10_000);
        defaults.put("prioritized", false);
        defaults.put("alpha", 0.6);
        defaults.put("beta", 0.4);
        defaults.put("n_step", 1);
        defaults.put("updates_per_step", 1);
        defaults.put("reward", "time-loss");
        defaults.put("reward_weights", List.of());
        defaults.put("actions", SignalSettings.DEFAULT.actions());
        defaults.put("phase_table", SignalSettings.DEFAULT.phaseTable());
        defaults.put("observation", "approach");
        defaults.put("distance", SignalSettings.DEFAULT.distance());
        defaults.put("image", SignalSettings.DEFAULT.image());
        defaults.put("cell", SignalSettings.DEFAULT.cell());
        defaults.put("cells", SignalSettings.DEFAULT.cells());
        defaults.put("compat", SignalSettings.DEFAULT.compat());
        defaults.put("switching", MIN_GREEN);
        defaults.put("delta_time", SignalTiming.DEFAULT.deltaTime());
        defaults.put("yellow_time", SignalTiming.DEFAULT.yellowTime());
        defaults.put("min_green", SignalTiming.DEFAULT.minGreen());
        defaults.put("max_green", SignalTiming.DEFAULT.maxGreen());
        defaults.put("enforce_max_green", SignalTiming.DEFAULT.enforceMaxGreen());
        defaults.put("locked_green", 0);
        defaults.put("start_locked", false);
        defaults.put("asynchronous", false);
        defaults.put("eval_every", 5);
        defaults.put("validation_seeds", List.of(11, 12, 13));
        defaults.put("target_delay", 0);
        defaults.put("on_crash", OnCrash.REPLAY.toString());
        CheckpointConfig.putDefaults(defaults);
        return Collections.unmodifiableMap(defaults);
    }

    /** {@return settings that hold the defaults of every key} */
    static ConfigValues defaultValues() {
        final ConfigValues values = new ConfigValues();
        DEFAULTS.forEach((key, value) -> values.put(key, value, ConfigValues.DEFAULT));
        return values;
    }

    /** {@return the defaults, overridden by what {@code scenario} brings of its own} */
    static ConfigValues valuesOf(final Scenario scenario) throws IOException {
        final ConfigValues values = defaultValues();
        if (scenario.trainingDefaults().isPresent()) {
            values.putFile(scenario.trainingDefaults().get(), KEYS);
        }
        return values;
    }

    /**
     * Reads and checks {@code values}, which hold every key and are filled in by {@link Presets}.
     *
     * @throws IllegalArgumentException naming the first value that can't be used and its source
     */
    static TrainConfig of(final ConfigValues values) {
        Presets.apply(values);
        final int episodes = (int) values.integer("episodes", 0, 1_000_000);
        final int steps = (int) values.integer("steps", 0, Integer.MAX_VALUE);
        if (episodes == 0 && steps == 0) {
            throw new IllegalArgumentException("episodes=0, steps=0, expected one above 0");
        }
        final int batch = (int) values.integer("batch", 1, 65_536);
        final int replay = (int) values.integer("replay", batch, 1 << 26);
        return new TrainConfig(
                values.integer("seed", 0, Long.MAX_VALUE),
                steps > 0 ? 0 : episodes,
                steps,
                (int) values.integer("worlds", 1, 256),
                values.flag("lock_step"),
                values.integers("hidden", 1, 65_536),
                values.integers("channels", 1, 4096),
                HeadConfig.of(values),
                values.number("gamma", 0, 1),
                ExplorationConfig.of(values),
                LearningConfig.of(values, replay),
                new ReplayConfig(
                        replay,
                        values.flag("prioritized"),
                        values.number("alpha", 0, 1),
                        values.number("beta", 0, 1),
                        (int) values.integer("n_step", 1, 1000)),
                values.number("updates_per_step", 0, 1000),
                values.texts("reward"),
                values.numbers("reward_weights"),
                switching(values),
                values.flag("asynchronous"),
                SignalSettings.of(values),
                ValidationConfig.of(values),
                OnCrash.named(values.text("on_crash")),
                CheckpointConfig.of(values));
    }

    private static Switching switching(final ConfigValues values) {
        final String rule = values.text("switching");
        final int deltaTime = (int) values.integer("delta_time", 1, 3600);
        final int yellowTime = (int) values.integer("yellow_time", 0, 3600);
        return switch (rule) {
            case MIN_GREEN ->
                    new SignalTiming(
                            deltaTime,
                            yellowTime,
                            (int) values.integer("min_green", 0, 3600),
                            (int) values.integer("max_green", 0, 36_000),
                            values.flag("enforce_max_green"));
            case "countdown" ->
                    new Countdown(
                            deltaTime,
                            yellowTime,
                            (int) values.integer("locked_green", 0, 3600),
                            values.flag("start_locked"));
            default ->
                    throw new IllegalArgumentException(
                            "switching=%s, expected min-green or countdown".formatted(rule));
        };
    }

    /** {@return maker of what an agent earns} */
    Supplier<Reward> reward() {
        final List<Supplier<Reward>> makers = rewards.stream().map(Reward::named).toList();
        return makers.size() == 1 && rewardWeights.isEmpty()
                ? makers.getFirst()
                : Reward.weighted(makers, rewardWeights, Compat.labelled(signals.compat()));
    }
}

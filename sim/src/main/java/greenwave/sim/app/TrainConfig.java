package greenwave.sim.app;

import greenwave.sim.Scenario;
import greenwave.sim.SignalTiming;
import greenwave.sim.signal.Compat;
import greenwave.sim.signal.Reward;

import java.io.IOException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Everything that decides a training run but its scenario. Defaults are those of the
 * PyTorch DQN tutorial (batch to learning rate), of Schaul et al. 2016 (alpha, beta) and of sumo-rl
 * (signal timing); {@code episodes}, {@code replay} and {@code hidden} follow them too.
 *
 * @param seed fixes the run
 * @param episodes episodes over all worlds; 0 where {@code steps} limits the run
 * @param steps decisions over all worlds; 0 where {@code episodes} limits the run
 * @param worlds SUMO worlds that step together
 * @param hidden units of each hidden layer
 * @param batch transitions per gradient step
 * @param gamma discount per decision
 * @param epsStart exploration at the first decision
 * @param epsEnd exploration in the end
 * @param epsDecay decisions in which the distance to {@code epsEnd} shrinks by e
 * @param tau share of the online network that moves into the target network per gradient step
 * @param lr AdamW's learning rate
 * @param replay what each network remembers
 * @param updatesPerStep gradient steps per decision and network
 * @param rewards what an agent earns, by names of sumo-rl's rewards
 * @param rewardWeights a weight for each; none where there is one reward
 * @param timing when signals may change
 * @param signals what signals show and see
 */
record TrainConfig(
        long seed,
        int episodes,
        int steps,
        int worlds,
        List<Integer> hidden,
        int batch,
        double gamma,
        double epsStart,
        double epsEnd,
        double epsDecay,
        double tau,
        double lr,
        ReplayConfig replay,
        double updatesPerStep,
        List<String> rewards,
        List<Double> rewardWeights,
        SignalTiming timing,
        SignalSettings signals) {
    private static final Map<String, Object> DEFAULTS = defaults();

    /** The keys of a configuration file, in the order in which they are written. */
    static final Set<String> KEYS = DEFAULTS.keySet();

    private static Map<String, Object> defaults() {
        final Map<String, Object> defaults = new LinkedHashMap<>();
        defaults.put("scenario", "cross");
        defaults.put("seed", 1);
        defaults.put("episodes", 30);
        defaults.put("steps", 0);
        defaults.put("worlds", 1);
        defaults.put("hidden", List.of(128, 128));
        defaults.put("batch", 128);
        defaults.put("gamma", 0.99);
        defaults.put("eps_start", 0.9);
        defaults.put("eps_end", 0.05);
        defaults.put("eps_decay", 1000);
        defaults.put("tau", 0.005);
        defaults.put("lr", 1e-4);
        defaults.put("replay", 10_000);
        defaults.put("prioritized", false);
        defaults.put("alpha", 0.6);
        defaults.put("beta", 0.4);
        defaults.put("n_step", 1);
        defaults.put("updates_per_step", 1);
        defaults.put("reward", "diff-waiting-time");
        defaults.put("reward_weights", List.of());
        defaults.put("actions", SignalSettings.DEFAULT.actions());
        defaults.put("phase_table", SignalSettings.DEFAULT.phaseTable());
        defaults.put("observation", SignalSettings.DEFAULT.observation());
        defaults.put("distance", SignalSettings.DEFAULT.distance());
        defaults.put("compat", SignalSettings.DEFAULT.compat());
        defaults.put("delta_time", SignalTiming.DEFAULT.deltaTime());
        defaults.put("yellow_time", SignalTiming.DEFAULT.yellowTime());
        defaults.put("min_green", SignalTiming.DEFAULT.minGreen());
        defaults.put("max_green", SignalTiming.DEFAULT.maxGreen());
        defaults.put("enforce_max_green", SignalTiming.DEFAULT.enforceMaxGreen());
        return Collections.unmodifiableMap(defaults);
    }

    /** {@return settings that hold the defaults of every key} */
    static ConfigValues defaultValues() {
        final ConfigValues values = new ConfigValues();
        DEFAULTS.forEach((key, value) -> values.put(key, value, "default"));
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
     * Reads and checks {@code values}, which hold every key.
     *
     * @throws IllegalArgumentException naming the first value that can't be used and its source
     */
    static TrainConfig of(final ConfigValues values) {
        final int episodes = (int) values.integer("episodes", 0, 1_000_000);
        final int steps = (int) values.integer("steps", 0, Integer.MAX_VALUE);
        if (episodes == 0 && steps == 0) {
            throw new IllegalArgumentException("episodes=0, steps=0, expected one above 0");
        }
        final int batch = (int) values.integer("batch", 1, 65_536);
        return new TrainConfig(
                values.integer("seed", 0, Long.MAX_VALUE),
                steps > 0 ? 0 : episodes,
                steps,
                (int) values.integer("worlds", 1, 256),
                values.integers("hidden", 1, 65_536),
                batch,
                values.number("gamma", 0, 1),
                values.number("eps_start", 0, 1),
                values.number("eps_end", 0, 1),
                values.number("eps_decay", 1e-9, 1e12),
                values.number("tau", 0, 1),
                values.number("lr", 0, 10),
                new ReplayConfig(
                        (int) values.integer("replay", batch, 1 << 26),
                        values.flag("prioritized"),
                        values.number("alpha", 0, 1),
                        values.number("beta", 0, 1),
                        (int) values.integer("n_step", 1, 1000)),
                values.number("updates_per_step", 0, 1000),
                values.texts("reward"),
                values.numbers("reward_weights"),
                new SignalTiming(
                        (int) values.integer("delta_time", 1, 3600),
                        (int) values.integer("yellow_time", 0, 3600),
                        (int) values.integer("min_green", 0, 3600),
                        (int) values.integer("max_green", 0, 36_000),
                        values.flag("enforce_max_green")),
                SignalSettings.of(values));
    }

    /** {@return maker of what an agent earns} */
    Supplier<Reward> reward() {
        final List<Supplier<Reward>> makers = rewards.stream().map(Reward::named).toList();
        return makers.size() == 1 && rewardWeights.isEmpty()
                ? makers.getFirst()
                : Reward.weighted(makers, rewardWeights, Compat.labelled(signals.compat()));
    }
}

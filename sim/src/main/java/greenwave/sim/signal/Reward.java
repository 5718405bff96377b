package greenwave.sim.signal;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * What an agent earns at a decision. An object belongs to one signal and one episode and is asked
 * once per decision, in order, so it may remember. One thread.
 */
public interface Reward {
    /** {@return what it needs beyond vehicle numbers; {@link Reading#TRAFFIC} if it does not say} */
    default Set<Reading> readings() {
        return Set.of(Reading.TRAFFIC);
    }

    /** {@return lanes that it needs beyond the incoming ones of {@code signal}} */
    default List<String> lanes(final Signal signal) {
        return List.of();
    }

    /** {@return the reward of the decision that has just been carried out} */
    double of(SignalReadings now);

    /**
     * {@return maker of one of sumo-rl's rewards}
     *
     * @param name {@code diff-waiting-time}, {@code average-speed}, {@code queue}, {@code pressure} or
     *     {@code co2}; or {@code time-loss}, see {@link TimeLoss}
     * @throws IllegalArgumentException on any other name
     */
    static Supplier<Reward> named(final String name) {
        final Map<String, Supplier<Reward>> known =
                Map.of(
                        "diff-waiting-time", DiffWaitingTime::new,
                        "average-speed", AverageSpeed::new,
                        "queue", Queue::new,
                        "pressure", Pressure::new,
                        "co2", Co2::new,
                        "time-loss", TimeLoss.maker());
        final Supplier<Reward> reward = known.get(name);
        if (reward == null) {
            final List<String> names = known.keySet().stream().sorted().toList();
            throw new IllegalArgumentException(
                    "reward: name=%s, expected one of %s"
                            .formatted(name, names.stream().collect(Collectors.joining(", "))));
        }
        return reward;
    }

    /**
     * {@return maker of a weighted sum of rewards}
     *
     * @param compat {@link Compat#SUMO_RL} ignores the weights and pays the first reward alone, as it does
     * @throws IllegalArgumentException unless there is at least one, and a finite weight for each
     */
    static Supplier<Reward> weighted(
            final List<Supplier<Reward>> rewards, final List<Double> weights, final Compat compat) {
        if (rewards.isEmpty()
                || rewards.size() != weights.size()
                || !weights.stream().allMatch(Double::isFinite)) {
            throw new IllegalArgumentException(
                    "reward: rewards=%d, weights=%s, expected a finite weight for each of at least one reward"
                            .formatted(rewards.size(), weights));
        }
        return compat == Compat.SUMO_RL
                ? rewards.getFirst()
                : () -> new WeightedReward(rewards.stream().map(Supplier::get).toList(), weights);
    }
}

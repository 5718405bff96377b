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
    /** {@return readings it needs beyond the common ones} */
    Set<Reading> readings();

    /** {@return the reward of the decision that has just been carried out} */
    double of(SignalReadings now);

    /**
     * {@return maker of one of sumo-rl's rewards}
     *
     * @param name {@code diff-waiting-time}, {@code average-speed}, {@code queue} or {@code
     *     pressure}
     * @throws IllegalArgumentException on any other name
     */
    static Supplier<Reward> named(final String name) {
        final Map<String, Supplier<Reward>> known =
                Map.of(
                        "diff-waiting-time", DiffWaitingTime::new,
                        "average-speed", AverageSpeed::new,
                        "queue", Queue::new,
                        "pressure", Pressure::new);
        final Supplier<Reward> reward = known.get(name);
        if (reward == null) {
            final List<String> names = known.keySet().stream().sorted().toList();
            throw new IllegalArgumentException(
                    "reward: name=%s, expected one of %s"
                            .formatted(name, names.stream().collect(Collectors.joining(", "))));
        }
        return reward;
    }
}

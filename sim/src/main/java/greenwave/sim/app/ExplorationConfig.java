package greenwave.sim.app;

import greenwave.engine.dqn.Schedule;
import greenwave.engine.dqn.Trainer;

import java.util.Map;

/**
 * How often training acts at random.
 *
 * @param schedule {@code exponential} or {@code linear}
 * @param start chance at the first decision
 * @param end chance in the end
 * @param decay decisions in which the distance to {@code end} shrinks by e, or to nothing if linear
 * @param perWorld whether worlds explore unlike each other (Horgan et al. 2018)
 */
record ExplorationConfig(
        String schedule, double start, double end, double decay, boolean perWorld) {
    private static final double APE_X_ALPHA = 7;

    /** Adds the keys that {@link #of} reads, with the PyTorch DQN tutorial's values. */
    static void addDefaults(final Map<String, Object> defaults) {
        defaults.put("eps_schedule", "exponential");
        defaults.put("eps_start", 0.9);
        defaults.put("eps_end", 0.05);
        defaults.put("eps_decay", 1000);
        defaults.put("epsilon_per_world", false);
    }

    /** {@return what {@code values} say} */
    static ExplorationConfig of(final ConfigValues values) {
        return new ExplorationConfig(
                values.choice("eps_schedule", "exponential", "linear"),
                values.number("eps_start", 0, 1),
                values.number("eps_end", 0, 1),
                values.number("eps_decay", 1e-9, 1e12),
                values.flag("epsilon_per_world"));
    }

    /** Sets up {@code trainer}. */
    Trainer apply(final Trainer trainer) {
        return trainer.epsilon(
                        schedule.equals("linear")
                                ? Schedule.linear(start, end, Math.max(1, Math.round(decay)))
                                : Schedule.exponential(start, end, decay))
                .epsilonPerWorld(perWorld ? APE_X_ALPHA : 0);
    }
}

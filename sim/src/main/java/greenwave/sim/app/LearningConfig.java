package greenwave.sim.app;

import greenwave.engine.dqn.LearnerBuilder;
import greenwave.engine.dqn.TargetUpdate;

import java.util.Map;

/**
 * How networks learn from what they remember.
 *
 * @param doubleQ whether the network in training chooses the next action that the target values (van Hasselt et al. 2016)
 * @param batch transitions per batch
 * @param batchesPerUpdate batches whose gradients add up to one step
 * @param learningStarts transitions remembered before the first update; a batch in any case
 * @param lr AdamW's learning rate
 * @param loss {@code huber} or {@code mse}, of means
 * @param tdWeighting {@code none}, or {@code seed}: the loss counts |td error| once more
 * @param target how the target network follows
 */
record LearningConfig(
        boolean doubleQ,
        int batch,
        int batchesPerUpdate,
        int learningStarts,
        double lr,
        String loss,
        String tdWeighting,
        TargetUpdate target) {
    /** Adds the keys that {@link #of} reads, with the PyTorch DQN tutorial's values; CleanRL's pace of hard targets. */
    static void addDefaults(final Map<String, Object> defaults) {
        defaults.put("double", false);
        defaults.put("batch", 128);
        defaults.put("batches_per_update", 1);
        defaults.put("learning_starts", 0);
        defaults.put("lr", 1e-4);
        defaults.put("loss", "huber");
        defaults.put("td_weighting", "none");
        defaults.put("target_update", "soft");
        defaults.put("tau", 0.005);
        defaults.put("target_every", 500);
    }

    /** {@return what {@code values} say; {@code replay} is the most that is remembered} */
    static LearningConfig of(final ConfigValues values, final int replay) {
        final boolean soft = values.choice("target_update", "soft", "hard").equals("soft");
        final double tau = values.number("tau", 1e-9, 1);
        final long every = values.integer("target_every", 1, Integer.MAX_VALUE);
        return new LearningConfig(
                values.flag("double"),
                (int) values.integer("batch", 1, 65_536),
                (int) values.integer("batches_per_update", 1, 10_000),
                (int) values.integer("learning_starts", 0, replay),
                values.number("lr", 1e-12, 10),
                values.choice("loss", "huber", "mse"),
                values.choice("td_weighting", "none", "seed"),
                soft ? TargetUpdate.soft((float) tau) : TargetUpdate.hard(every));
    }

    /** Sets up {@code learner}. */
    LearnerBuilder apply(final LearnerBuilder learner) {
        learner.doubleQ(doubleQ)
                .batch(batch)
                .batchesPerUpdate(batchesPerUpdate)
                .warmUp(learningStarts)
                .learningRate(lr)
                .targetUpdate(target);
        if (loss.equals("mse")) {
            learner.squaredError();
        }
        if (tdWeighting.equals("seed")) {
            learner.timesError();
        }
        return learner;
    }
}

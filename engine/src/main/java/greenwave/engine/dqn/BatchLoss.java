package greenwave.engine.dqn;

import greenwave.engine.RandomStream;
import greenwave.engine.nn.ActionValues;
import greenwave.engine.nn.Mode;
import greenwave.engine.nn.QNetwork;
import greenwave.engine.replay.Batch;
import greenwave.engine.tensor.Tensor;

/**
 * What a batch costs, as tensors of its trace.
 *
 * @param mean []: over the batch, each transition counting its weight if there are weights
 * @param errors [B]: how wrong the network was about each; null where nobody asks
 */
record BatchLoss(Tensor mean, Tensor errors) {
    /** Records the loss of {@code b}. Each pass through a network has noise of its own, if the network is noisy. */
    static BatchLoss of(
            final Batch b,
            final QNetwork online,
            final QNetwork target,
            final LearnerBuilder settings,
            final RandomStream noise) {
        final ActionValues values = online.values();
        final Tensor now = online.outputs(b.obs(), Mode.training(noise));
        final Tensor then = target.outputs(b.next(), Mode.exploring(noise));
        final Tensor judged = // [B, A]: by it the next action is chosen
                settings.doubleQ
                        ? online.forward(b.next(), Mode.exploring(noise))
                        : values.expected(then, online.actions());
        final Tensor best = judged.argMax(1, b.nextLegal()); // [B]
        final Objective objective = Objective.of(values, settings);
        final Tensor chosen = values.chosen(now, b.action(), online.actions());
        final Tensor goal =
                objective.goal(
                        values.chosen(then, best, online.actions()), b.reward(), b.discount());
        final Tensor plain = objective.losses(chosen, goal); // [B]
        final boolean judges = settings.replay.prioritized() || settings.timesError;
        final Tensor errors = judges ? objective.errors(chosen, goal, plain) : null;
        final Tensor weighted = b.weight() == null ? plain : plain.mul(b.weight());
        final Tensor losses =
                settings.timesError ? weighted.mul(errors.abs().detach()) : weighted; // [B]
        return new BatchLoss(losses.mean(), errors);
    }
}

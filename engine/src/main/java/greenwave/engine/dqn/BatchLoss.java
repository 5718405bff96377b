package greenwave.engine.dqn;

import greenwave.engine.nn.ActionValues;
import greenwave.engine.replay.Batch;
import greenwave.engine.tensor.Tensor;

/**
 * What a batch costs, as tensors of its trace.
 *
 * @param mean []: over the batch, each transition counting its weight if there are weights
 * @param errors [B]: how wrong the network was about each; null where nobody asks
 */
record BatchLoss(Tensor mean, Tensor errors) {
    /** Records the loss of {@code b}, of which the networks say {@code outputs}. */
    static BatchLoss of(final Batch b, final BatchOutputs outputs, final LearnerBuilder settings) {
        final ActionValues values = settings.net.values();
        final int actions = settings.net.actions();
        final Tensor best = outputs.judged().argMax(1, b.nextLegal()); // [B]
        final Objective objective = Objective.of(values, settings);
        final Tensor chosen = values.chosen(outputs.now(), b.action(), actions);
        final Tensor goal =
                objective.goal(
                        values.chosen(outputs.then(), best, actions), b.reward(), b.discount());
        final Tensor plain = objective.losses(chosen, goal); // [B]
        final boolean judges = settings.replay.prioritized() || settings.timesError;
        final Tensor errors = judges ? objective.errors(chosen, goal, plain) : null;
        final Tensor weighted = b.weight() == null ? plain : plain.mul(b.weight());
        final Tensor losses =
                settings.timesError ? weighted.mul(errors.abs().detach()) : weighted; // [B]
        return new BatchLoss(losses.mean(), errors);
    }
}

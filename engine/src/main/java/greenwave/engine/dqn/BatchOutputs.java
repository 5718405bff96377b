package greenwave.engine.dqn;

import greenwave.engine.RandomStream;
import greenwave.engine.nn.Mode;
import greenwave.engine.nn.QNetwork;
import greenwave.engine.replay.Batch;
import greenwave.engine.tensor.Tensor;

/**
 * What the networks say about a batch, as tensors of its trace. Each pass through a network has noise of its own, if the
 * network is noisy.
 *
 * @param now outputs of the network in training on what was seen, [B, A · perAction]
 * @param then outputs of the target on what came of it, likewise
 * @param judged by it the next action is chosen, [B, A]
 */
record BatchOutputs(Tensor now, Tensor then, Tensor judged) {
    /** Records the passes on {@code b}. */
    static BatchOutputs of(
            final Batch b,
            final QNetwork online,
            final QNetwork target,
            final boolean doubleQ,
            final RandomStream noise) {
        final Tensor now = online.outputs(b.obs(), Mode.training(noise));
        final Tensor then = target.outputs(b.next(), Mode.exploring(noise));
        final Tensor judged =
                doubleQ
                        ? online.forward(b.next(), Mode.exploring(noise))
                        : online.values().expected(then, online.actions());
        return new BatchOutputs(now, then, judged);
    }
}

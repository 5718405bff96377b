package greenwave.engine.dqn;

import greenwave.engine.autograd.Plan;
import greenwave.engine.autograd.PlanBuilder;
import greenwave.engine.replay.Batch;
import greenwave.kernels.Buffer;

/** The loss of a batch as part of a plan. */
interface LossStep extends AutoCloseable {
    /** Lets {@code plan} compute the loss with its gradients, and add an update's share of it to {@code sum}, f32 [1]. */
    PlanBuilder addTo(PlanBuilder plan, Buffer sum);

    /** {@return where {@code plan} keeps the loss, f32 [1]} */
    Buffer mean(Plan plan);

    /** {@return where {@code plan} keeps the errors, f32 [B]; only if the replay wants them} */
    Buffer errors(Plan plan);

    /** Frees what belongs to no plan; later calls do nothing. */
    @Override
    void close();

    /** {@return the loss of {@code batch}: in one pass if the backend has one of this kind, else composed of ops} */
    static LossStep of(
            final Batch batch, final BatchOutputs outputs, final LearnerBuilder settings) {
        return FusedLoss.of(batch, outputs, settings)
                .map(LossStep.class::cast)
                .orElseGet(
                        () -> new ComposedLoss(BatchLoss.of(batch, outputs, settings), settings));
    }
}

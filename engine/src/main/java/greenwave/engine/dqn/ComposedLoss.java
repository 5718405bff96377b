package greenwave.engine.dqn;

import greenwave.engine.autograd.Plan;
import greenwave.engine.autograd.PlanBuilder;
import greenwave.engine.tensor.Tensor;
import greenwave.kernels.Buffer;

/** A loss of ops, which the plan differentiates. */
record ComposedLoss(BatchLoss loss, LearnerBuilder settings) implements LossStep {
    @Override
    public PlanBuilder addTo(final PlanBuilder plan, final Buffer sum) {
        final Tensor mean = loss.mean();
        final Tensor share = settings.batches == 1 ? mean : mean.mul(1f / settings.batches);
        plan.gradientsOf(settings.averageBatches ? share : mean).keep(mean).thenAddTo(sum, share);
        return settings.replay.prioritized() ? plan.keep(loss.errors()) : plan;
    }

    @Override
    public Buffer mean(final Plan plan) {
        return plan.buffer(loss.mean());
    }

    @Override
    public Buffer errors(final Plan plan) {
        return plan.buffer(loss.errors());
    }

    @Override
    public void close() {}
}

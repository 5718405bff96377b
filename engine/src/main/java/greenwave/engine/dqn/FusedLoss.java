package greenwave.engine.dqn;

import greenwave.engine.autograd.KernelCall;
import greenwave.engine.autograd.Plan;
import greenwave.engine.autograd.PlanBuilder;
import greenwave.engine.nn.ActionValues;
import greenwave.engine.replay.Batch;
import greenwave.engine.tensor.Tensor;
import greenwave.kernels.Backend;
import greenwave.kernels.Buffer;
import greenwave.kernels.DType;
import greenwave.kernels.TemporalDifferences;

import java.util.Optional;
import java.util.function.Function;

/** Huber's loss of means in one pass of a backend that has it: target, error, loss and gradient. */
final class FusedLoss implements LossStep {
    private final TemporalDifferences pass;
    private final Batch batch;
    private final BatchOutputs outputs;
    private final LearnerBuilder settings;
    private final Buffer errors;
    private final Buffer mean;

    private FusedLoss(
            final TemporalDifferences pass,
            final Batch batch,
            final BatchOutputs outputs,
            final LearnerBuilder settings) {
        final Backend backend = settings.net.engine().backend();
        this.pass = pass;
        this.batch = batch;
        this.outputs = outputs;
        this.settings = settings;
        this.errors = backend.allocate(DType.F32, settings.batch);
        this.mean = backend.allocate(DType.F32, 1);
    }

    /** {@return the loss, unless it is of another kind or the backend has none} */
    static Optional<FusedLoss> of(
            final Batch batch, final BatchOutputs outputs, final LearnerBuilder settings) {
        final boolean huberOfMeans =
                settings.net.values() instanceof ActionValues.Mean
                        && !settings.squaredError
                        && !settings.timesError;
        return settings.net
                .engine()
                .backend()
                .temporalDifferences()
                .filter(_ -> huberOfMeans)
                .map(pass -> new FusedLoss(pass, batch, outputs, settings));
    }

    @Override
    public PlanBuilder addTo(final PlanBuilder plan, final Buffer sum) {
        return plan.keep(outputs.now(), outputs.judged(), outputs.then())
                .gradientsFrom(
                        outputs.now(),
                        "tdHuber",
                        (values, gradient) -> bind(values, gradient, sum));
    }

    private KernelCall bind(
            final Function<Tensor, Buffer> values, final Buffer gradient, final Buffer sum) {
        final TemporalDifferences.Batch read =
                new TemporalDifferences.Batch(
                        values.apply(outputs.now()),
                        values.apply(outputs.judged()),
                        values.apply(outputs.then()),
                        values.apply(batch.nextLegal()),
                        values.apply(batch.action()),
                        values.apply(batch.reward()),
                        values.apply(batch.discount()),
                        batch.weight() == null ? null : values.apply(batch.weight()));
        final TemporalDifferences.Result written =
                new TemporalDifferences.Result(gradient, errors, mean, sum);
        final float share = 1f / settings.batches;
        final float gradientShare = settings.averageBatches ? share : 1;
        return _ -> pass.huber(read, settings.huberBeta, gradientShare, share, written);
    }

    @Override
    public Buffer mean(final Plan plan) {
        return mean;
    }

    @Override
    public Buffer errors(final Plan plan) {
        return errors;
    }

    @Override
    public void close() {
        errors.close();
        mean.close();
    }
}

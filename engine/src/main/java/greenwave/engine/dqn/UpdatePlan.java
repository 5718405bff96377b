package greenwave.engine.dqn;

import greenwave.engine.Engine;
import greenwave.engine.autograd.KernelCall;
import greenwave.engine.autograd.Plan;
import greenwave.engine.autograd.PlanBuilder;
import greenwave.engine.autograd.Trace;
import greenwave.engine.nn.Parameters;
import greenwave.engine.nn.QNetwork;
import greenwave.engine.optim.GradientSum;
import greenwave.engine.optim.Optimizer;
import greenwave.engine.optim.Sweeps;
import greenwave.engine.replay.Batch;
import greenwave.kernels.BatchBuffers;
import greenwave.kernels.Buffer;
import greenwave.kernels.DType;

import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The computation of one update: the gradients of a batch, or of several that add up, then one step of the optimizer. */
final class UpdatePlan implements AutoCloseable {
    private final LearnerBuilder settings;
    private final QNetwork target;
    private final Optimizer optimizer;
    private final Buffer gradientNorm; // before it was clipped
    private final Buffer lossSum; // of the updates since it was last reset
    private final LossStep lossStep;
    private final Plan batch; // with the step if an update is one batch
    private final GradientSum gradientSum; // null if an update is one batch
    private final Plan step; // likewise
    private final Plan follow; // the target's step; null if it is part of every update
    private final BatchBuffers inputs;
    private final Buffer errors; // of the batch last seen; null unless the replay wants them
    private final Buffer loss; // likewise

    UpdatePlan(final LearnerBuilder settings, final QNetwork target, final Optimizer optimizer) {
        final Engine engine = settings.net.engine();
        final boolean prioritized = settings.replay.prioritized();
        this.settings = settings;
        this.target = target;
        this.optimizer = optimizer;
        this.gradientNorm = engine.backend().allocate(DType.F32, 1);
        this.lossSum = engine.backend().allocate(DType.F32, 1);
        final Trace trace = new Trace();
        final Batch transitions = Batch.inputs(trace, settings.batch, settings.net, prioritized);
        final BatchOutputs outputs =
                BatchOutputs.of(
                        transitions,
                        settings.net,
                        target,
                        settings.doubleQ,
                        engine.random("noise"));
        this.lossStep = LossStep.of(transitions, outputs, settings);
        final PlanBuilder gradients =
                lossStep.addTo(Plan.builder(engine.backend(), trace), lossSum);
        if (settings.batches == 1) {
            this.gradientSum = null;
            this.batch = addStep(gradients).build();
            this.step = null;
        } else {
            this.gradientSum = new GradientSum(engine, settings.net.parameters());
            this.batch = gradients.then("addGradients", gradientSum.add()).build();
            this.step = addStep(alone(engine).then("takeGradients", gradientSum.take())).build();
        }
        this.follow =
                settings.targetUpdate.always()
                        ? null
                        : alone(engine).then("targetUpdate", targetStep()).build();
        this.inputs = transitions.buffers(batch);
        this.errors = prioritized ? lossStep.errors(batch) : null;
        this.loss = lossStep.mean(batch);
    }

    private static PlanBuilder alone(final Engine engine) {
        return Plan.builder(engine.backend(), new Trace());
    }

    private PlanBuilder addStep(final PlanBuilder calls) {
        final Parameters trained = settings.net.parameters();
        if (settings.norm > 0) {
            calls.then("clipByNorm", Sweeps.clipByNorm(trained, settings.norm, gradientNorm));
        }
        if (settings.targetUpdate.always()) {
            return calls.then(
                    "clip+step+softUpdate",
                    optimizer.thenSoftUpdate(
                            settings.clip, target.parameters(), settings.targetUpdate.tau()));
        }
        return calls.then("clip", Sweeps.clipByValue(trained, settings.clip))
                .then("step", optimizer);
    }

    private KernelCall targetStep() {
        return Sweeps.softUpdate(
                settings.net.parameters(), target.parameters(), settings.targetUpdate.tau());
    }

    /** {@return where a batch is read} */
    BatchBuffers inputs() {
        return inputs;
    }

    /** {@return the errors of the batch last seen, f32 [B]; null unless the replay wants them} */
    Buffer errors() {
        return errors;
    }

    /** {@return the loss of the batch last seen, f32 [1]} */
    Buffer loss() {
        return loss;
    }

    /** {@return the sum of the losses of all updates since it was set to 0, f32 [1]} */
    Buffer lossSum() {
        return lossSum;
    }

    /** Computes one batch, and takes the step if an update is one batch. */
    void runBatch() {
        batch.run();
    }

    /** As {@link #runBatch}, call by call, as a part of a recording. */
    void queueBatch() {
        batch.queue();
    }

    /**
     * Takes the step on the batches since the last one, unless an update is one batch; moves the target if it is time.
     *
     * @param updates taken, this one included
     */
    void finish(final long updates) {
        if (step != null) {
            step.run();
        }
        if (follow != null && updates % settings.targetUpdate.every() == 0) {
            follow.run();
        }
    }

    /** {@return what it keeps from one update to the next} */
    LearnerState state() {
        return new LearnerState().add("random.", batch).add("lossSum", lossSum);
    }

    /** {@return the steps of one update, for a reader} */
    String describe() {
        return Stream.of(batch, step, follow)
                .filter(Objects::nonNull)
                .map(Plan::describe)
                .collect(Collectors.joining());
    }

    @Override
    public void close() {
        batch.close();
        if (step != null) {
            step.close();
            gradientSum.close();
        }
        if (follow != null) {
            follow.close();
        }
        lossStep.close();
        gradientNorm.close();
        lossSum.close();
    }
}

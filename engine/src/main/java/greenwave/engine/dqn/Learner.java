package greenwave.engine.dqn;

import greenwave.engine.Engine;
import greenwave.engine.RandomStream;
import greenwave.engine.autograd.Plan;
import greenwave.engine.autograd.PlanBuilder;
import greenwave.engine.autograd.Trace;
import greenwave.engine.nn.QNetwork;
import greenwave.engine.optim.AdamW;
import greenwave.engine.optim.GradientSum;
import greenwave.engine.optim.Optimizer;
import greenwave.engine.optim.RateSchedule;
import greenwave.engine.optim.Sweeps;
import greenwave.engine.replay.Batch;
import greenwave.engine.replay.BatchSampler;
import greenwave.engine.replay.Replay;
import greenwave.engine.tensor.Tensor;
import greenwave.kernels.Buffer;
import greenwave.kernels.DType;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Objects;

/**
 * Trains one network by deep Q-learning (Mnih et al. 2015) with a soft target (Lillicrap et al. 2016). The defaults are
 * those of the PyTorch tutorial "Reinforcement Learning (DQN)". One thread at a time; an update allocates nothing.
 */
public final class Learner implements AutoCloseable {
    private final QNetwork net;
    private final QNetwork target;
    private final Replay replay;
    private final int batchSize;
    private final Optimizer optimizer;
    private final RateSchedule rates; // null if the optimizer's own rate stays
    private final Buffer gradientNorm; // before it was clipped
    private final Buffer lossSum; // of the updates since it was last read
    private final Plan plan; // a batch; with the step if an update is one batch
    private final int batches; // per update
    private final GradientSum gradientSum; // null if an update is one batch
    private final Plan step; // likewise
    private final BatchSampler sampler;
    private final Buffer errors; // of the batch last seen; null unless the replay wants them
    private final Buffer loss;
    private final RandomStream random;
    private final MemorySegment scalar = Arena.ofAuto().allocate(ValueLayout.JAVA_FLOAT);
    private long updates;

    private Learner(final Builder builder) {
        final Engine engine = builder.net.engine();
        this.net = builder.net;
        this.replay = builder.replay;
        this.batchSize = builder.batch;
        this.target = net.frozenCopy();
        this.optimizer = builder.makeOptimizer(engine);
        this.rates = builder.rates;
        this.gradientNorm = engine.backend().allocate(DType.F32, 1);
        this.lossSum = engine.backend().allocate(DType.F32, 1);
        this.random = engine.random("sample");
        this.batches = builder.batches;
        final Trace trace = new Trace();
        final Batch inputs = Batch.inputs(trace, batchSize, net, replay.prioritized());
        final Tensor goal = goal(target, inputs);
        final Tensor chosen = chosen(net, inputs, engine.random("noise"));
        final Tensor mean = loss(chosen, goal, inputs.weight(), builder.beta);
        final Tensor difference = replay.prioritized() ? chosen.sub(goal) : null;
        final Tensor objective = batches == 1 ? mean : mean.mul(1f / batches);
        final PlanBuilder gradients =
                Plan.builder(engine.backend(), trace).gradientsOf(objective).keep(mean);
        if (batches == 1) {
            this.gradientSum = null;
            this.plan = addStep(gradients, builder).thenAddTo(lossSum, objective).build();
            this.step = null;
        } else {
            this.gradientSum = new GradientSum(engine, net.parameters());
            this.plan =
                    gradients
                            .then("addGradients", gradientSum.add())
                            .thenAddTo(lossSum, objective)
                            .build();
            final PlanBuilder alone = Plan.builder(engine.backend(), new Trace());
            this.step = addStep(alone.then("takeGradients", gradientSum.take()), builder).build();
        }
        this.sampler = replay.sampler(inputs.buffers(plan));
        this.errors = difference == null ? null : plan.buffer(difference);
        this.loss = plan.buffer(mean);
    }

    private PlanBuilder addStep(final PlanBuilder calls, final Builder builder) {
        if (builder.norm > 0) {
            calls.then(
                    "clipByNorm", Sweeps.clipByNorm(net.parameters(), builder.norm, gradientNorm));
        }
        final float clip = builder.norm > 0 ? Float.POSITIVE_INFINITY : builder.clip;
        return calls.then(
                "clip+step+softUpdate",
                optimizer.thenSoftUpdate(clip, target.parameters(), builder.tau));
    }

    /** r + discount · max over legal a' of Q'(s', a'), [B], Q' being the target. */
    private static Tensor goal(final QNetwork target, final Batch b) {
        final Tensor next = target.forward(b.next()).max(1, b.nextLegal()); // [B]
        return next.mul(b.discount()).add(b.reward()).detach(); // [B]
    }

    /** Q(s, a), [B]. */
    private static Tensor chosen(final QNetwork online, final Batch b, final RandomStream noise) {
        return online.forward(b.obs(), noise).gather(b.action());
    }

    /** Mean Huber loss, each transition counting its weight if there are weights. */
    private static Tensor loss(
            final Tensor chosen, final Tensor goal, final Tensor weight, final float beta) {
        final Tensor each = chosen.huber(goal, beta); // [B]
        return (weight == null ? each : each.mul(weight)).mean(); // []
    }

    /** Starts a learner that trains {@code net} on what {@code replay} remembers. */
    public static Builder builder(final QNetwork net, final Replay replay) {
        return new Builder(net, replay);
    }

    /** {@return the network in training} */
    public QNetwork net() {
        return net;
    }

    /** {@return the slowly following network that values the next states} */
    public QNetwork target() {
        return target;
    }

    /** {@return what it learns from} */
    public Replay replay() {
        return replay;
    }

    /** {@return whether the replay holds a batch} */
    public boolean ready() {
        return replay.size() >= batchSize;
    }

    /** {@return gradient steps taken} */
    public long updates() {
        return updates;
    }

    /**
     * Draws a batch, or as many as the builder was told, and takes one gradient step.
     *
     * @throws IllegalStateException unless {@link #ready}; nothing has changed
     */
    public void update() {
        if (rates != null) {
            optimizer.setRate(rates.at(updates));
        }
        for (int i = 0; i < batches; i++) {
            sampler.sample(random);
            plan.run();
            if (errors != null) {
                sampler.update(errors);
            }
        }
        if (step != null) {
            step.run();
        }
        updates++;
    }

    /** {@return the loss of the latest batch; waits for the device} */
    public float loss() {
        loss.download(0, scalar, 0, 1);
        return scalar.get(ValueLayout.JAVA_FLOAT, 0);
    }

    /** {@return the sum of the losses of all updates since the last call; waits for the device} */
    double drainLossSum() {
        lossSum.download(0, scalar, 0, 1);
        final float sum = scalar.get(ValueLayout.JAVA_FLOAT, 0);
        scalar.set(ValueLayout.JAVA_FLOAT, 0, 0);
        lossSum.upload(0, scalar, 0, 1);
        return sum;
    }

    /** {@return the steps of one update, for a reader} */
    public String describe() {
        return step == null ? plan.describe() : plan.describe() + step.describe();
    }

    /** Frees the target, the moments and the plan; network and replay stay. Later calls do nothing. */
    @Override
    public void close() {
        plan.close();
        if (step != null) {
            step.close();
            gradientSum.close();
        }
        gradientNorm.close();
        lossSum.close();
        optimizer.close();
        target.close();
    }

    /** Collects the settings. */
    public static final class Builder {
        private final QNetwork net;
        private final Replay replay;
        private int batch = 128;
        private float tau = 0.005f;
        private double rate = 1e-4;
        private double decay = 0.01;
        private float beta = 1;
        private float clip = 100;
        private float norm; // 0: clip by value
        private int batches = 1;
        private Optimizer.Maker optimizer; // null: AdamW
        private RateSchedule rates;

        private Builder(final QNetwork net, final Replay replay) {
            this.net = net;
            this.replay = replay;
        }

        /** Sets the transitions per update, 128 if never called; at most the replay's capacity. */
        public Builder batch(final int batch) {
            require(batch >= 1, "batch", batch, ">= 1");
            this.batch = batch;
            return this;
        }

        /** Sets the target's step towards the network after each update, 0.005 if never called; in (0, 1]. */
        public Builder tau(final float tau) {
            require(tau > 0 && tau <= 1, "tau", tau, "in (0, 1]");
            this.tau = tau;
            return this;
        }

        /** Sets AdamW's learning rate, 1e-4 if never called; positive. */
        public Builder learningRate(final double rate) {
            require(rate > 0 && Double.isFinite(rate), "learningRate", rate, "> 0");
            this.rate = rate;
            return this;
        }

        /** Sets AdamW's weight decay, 0.01 if never called; not negative. */
        public Builder weightDecay(final double decay) {
            require(decay >= 0 && Double.isFinite(decay), "weightDecay", decay, ">= 0");
            this.decay = decay;
            return this;
        }

        /** Sets where the Huber loss turns from a square into a line, 1 if never called; positive. */
        public Builder huberBeta(final float beta) {
            require(beta > 0 && Float.isFinite(beta), "huberBeta", beta, "> 0");
            this.beta = beta;
            return this;
        }

        /** Sets the largest magnitude of a gradient's element, 100 if never called; positive. */
        public Builder gradientClip(final float clip) {
            require(clip > 0, "gradientClip", clip, "> 0");
            this.clip = clip;
            this.norm = 0;
            return this;
        }

        /** Bounds the Euclidean norm of all gradients instead of each element; positive. */
        public Builder gradientNorm(final float norm) {
            require(norm > 0 && Float.isFinite(norm), "gradientNorm", norm, "> 0");
            this.norm = norm;
            return this;
        }

        /** Sets how many batches an update draws, for one step on the mean of their gradients; 1 if never called. */
        public Builder batchesPerUpdate(final int batches) {
            require(batches >= 1, "batchesPerUpdate", batches, ">= 1");
            this.batches = batches;
            return this;
        }

        /** Sets the optimizer, in place of AdamW with the learning rate and weight decay of this builder. */
        public Builder optimizer(final Optimizer.Maker optimizer) {
            this.optimizer = Objects.requireNonNull(optimizer, "optimizer");
            return this;
        }

        /** Lets the learning rate follow {@code rates}, by updates taken; it replaces the optimizer's own. */
        public Builder learningRate(final RateSchedule rates) {
            this.rates = Objects.requireNonNull(rates, "rates");
            return this;
        }

        private Optimizer makeOptimizer(final Engine engine) {
            return optimizer == null
                    ? new AdamW(engine, net.parameters(), rate, decay)
                    : optimizer.make(engine, net.parameters());
        }

        /**
         * {@return the learner, its target equal to the network}
         *
         * @throws IllegalArgumentException if the batch is larger than the replay
         */
        public Learner build() {
            require(
                    batch <= replay.capacity(),
                    "batch",
                    batch,
                    "<= the replay's capacity=" + replay.capacity());
            return new Learner(this);
        }

        private static void require(
                final boolean holds, final String name, final Number value, final String expected) {
            if (!holds) {
                throw new IllegalArgumentException(
                        "Learner: %s=%s, expected %s".formatted(name, value, expected));
            }
        }
    }
}

package greenwave.engine.dqn;

import greenwave.engine.Engine;
import greenwave.engine.RandomStream;
import greenwave.engine.autograd.Plan;
import greenwave.engine.autograd.Trace;
import greenwave.engine.nn.QNet;
import greenwave.engine.optim.AdamW;
import greenwave.engine.optim.Sweeps;
import greenwave.engine.replay.Batch;
import greenwave.engine.replay.BatchBuffers;
import greenwave.engine.replay.Replay;
import greenwave.engine.tensor.Tensor;
import greenwave.kernels.Buffer;
import greenwave.kernels.DType;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Trains one network by deep Q-learning (Mnih et al. 2015) with a soft target (Lillicrap et al. 2016). The defaults are
 * those of the PyTorch tutorial "Reinforcement Learning (DQN)". One thread at a time; an update allocates nothing.
 */
public final class Learner implements AutoCloseable {
    private final QNet net;
    private final QNet target;
    private final Replay replay;
    private final int batchSize;
    private final float gamma;
    private final AdamW optimizer;
    private final Buffer lossSum; // of the updates since it was last read
    private final Plan plan;
    private final BatchBuffers batch;
    private final Buffer loss;
    private final RandomStream random;
    private final MemorySegment scalar = Arena.ofAuto().allocate(ValueLayout.JAVA_FLOAT);
    private long updates;

    private Learner(final Builder builder) {
        final Engine engine = builder.net.engine();
        this.net = builder.net;
        this.replay = builder.replay;
        this.batchSize = builder.batch;
        this.gamma = builder.gamma;
        this.target = net.frozenCopy();
        this.optimizer = new AdamW(engine, net.parameters(), builder.rate, builder.decay);
        this.lossSum = engine.backend().allocate(DType.F32, 1);
        this.random = engine.random("sample");
        final Trace trace = new Trace();
        final Batch inputs = Batch.inputs(trace, batchSize, net.obsSize(), net.actions());
        final Tensor objective = loss(net, target, inputs, builder.beta);
        this.plan =
                Plan.builder(engine.backend(), trace)
                        .gradientsOf(objective)
                        .then("clipByValue", Sweeps.clipByValue(net.parameters(), builder.clip))
                        .then("adamW", optimizer)
                        .then(
                                "softUpdate",
                                Sweeps.softUpdate(
                                        net.parameters(), target.parameters(), builder.tau))
                        .thenAddTo(lossSum, objective)
                        .build();
        this.batch = inputs.buffers(plan);
        this.loss = plan.buffer(objective);
    }

    /** Mean Huber loss of Q(s, a) against r + discount · max over legal a' of Q'(s', a'), Q' being the target. */
    private static Tensor loss(
            final QNet online, final QNet target, final Batch b, final float beta) {
        final Tensor next = target.forward(b.nextObs()).max(1, b.nextLegal()); // [B]
        final Tensor goal = next.mul(b.discount()).add(b.reward()).detach(); // [B]
        final Tensor chosen = online.forward(b.obs()).gather(b.action()); // [B]
        return chosen.huber(goal, beta).mean(); // []
    }

    /** Starts a learner that trains {@code net} on what {@code replay} remembers. */
    public static Builder builder(final QNet net, final Replay replay) {
        return new Builder(net, replay);
    }

    /** {@return the network in training} */
    public QNet net() {
        return net;
    }

    /** {@return the slowly following network that values the next states} */
    public QNet target() {
        return target;
    }

    /** {@return what it learns from} */
    public Replay replay() {
        return replay;
    }

    /** {@return what the value of the next state counts, per step} */
    public float gamma() {
        return gamma;
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
     * Draws a batch and takes one gradient step.
     *
     * @throws IllegalStateException unless {@link #ready}; nothing has changed
     */
    public void update() {
        replay.sample(batch, random);
        plan.run();
        updates++;
    }

    /** {@return the loss of the latest update; waits for the device} */
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
        return plan.describe();
    }

    /** Frees the target, the moments and the plan; network and replay stay. Later calls do nothing. */
    @Override
    public void close() {
        plan.close();
        lossSum.close();
        optimizer.close();
        target.close();
    }

    /** Collects the settings. */
    public static final class Builder {
        private final QNet net;
        private final Replay replay;
        private int batch = 128;
        private float gamma = 0.99f;
        private float tau = 0.005f;
        private double rate = 1e-4;
        private double decay = 0.01;
        private float beta = 1;
        private float clip = 100;

        private Builder(final QNet net, final Replay replay) {
            this.net = net;
            this.replay = replay;
        }

        /** Sets the transitions per update, 128 if never called; at most the replay's capacity. */
        public Builder batch(final int batch) {
            require(batch >= 1, "batch", batch, ">= 1");
            this.batch = batch;
            return this;
        }

        /** Sets what the value of the next state counts, 0.99 if never called; in [0, 1]. */
        public Builder gamma(final float gamma) {
            require(gamma >= 0 && gamma <= 1, "gamma", gamma, "in [0, 1]");
            this.gamma = gamma;
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
            return this;
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

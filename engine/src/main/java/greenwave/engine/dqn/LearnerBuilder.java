package greenwave.engine.dqn;

import greenwave.engine.Engine;
import greenwave.engine.nn.QNetwork;
import greenwave.engine.optim.AdamW;
import greenwave.engine.optim.Optimizer;
import greenwave.engine.optim.RateSchedule;
import greenwave.engine.replay.Replay;

import java.util.Objects;

/** Collects the settings of a {@link Learner}. */
public final class LearnerBuilder {
    final QNetwork net;
    final Replay replay;
    int batch = 128;
    TargetUpdate targetUpdate = TargetUpdate.soft(0.005f);
    boolean doubleQ;
    boolean squaredError;
    float huberBeta = 1;
    boolean timesError;
    float clip = 100;
    float norm; // 0: clip by value
    int batches = 1;
    boolean averageBatches;
    int warmUp;
    RateSchedule rates; // null if the optimizer's own rate stays
    private double rate = 1e-4;
    private double decay = 0.01;
    private Optimizer.Maker optimizer; // null: AdamW

    LearnerBuilder(final QNetwork net, final Replay replay) {
        this.net = net;
        this.replay = replay;
    }

    /** Sets the transitions per batch, 128 if never called; at most the replay's capacity. */
    public LearnerBuilder batch(final int batch) {
        require(batch >= 1, "batch", batch, ">= 1");
        this.batch = batch;
        return this;
    }

    /** Sets the target's step towards the network after each update, 0.005 if never called; in (0, 1]. */
    public LearnerBuilder tau(final float tau) {
        return targetUpdate(TargetUpdate.soft(tau));
    }

    /** Sets how the target follows the network, a soft step of 0.005 after each update if never called. */
    public LearnerBuilder targetUpdate(final TargetUpdate update) {
        this.targetUpdate = Objects.requireNonNull(update, "update");
        return this;
    }

    /** Sets AdamW's learning rate, 1e-4 if never called; positive. */
    public LearnerBuilder learningRate(final double rate) {
        require(rate > 0 && Double.isFinite(rate), "learningRate", rate, "> 0");
        this.rate = rate;
        return this;
    }

    /** Sets AdamW's weight decay, 0.01 if never called; not negative. */
    public LearnerBuilder weightDecay(final double decay) {
        require(decay >= 0 && Double.isFinite(decay), "weightDecay", decay, ">= 0");
        this.decay = decay;
        return this;
    }

    /**
     * Sets whether the network in training chooses the next action and the target values it, which overestimates less (van
     * Hasselt, Guez and Silver 2016, Deep Reinforcement Learning with Double Q-learning, arXiv:1509.06461); else the target
     * does both. Only legal actions are chosen. False if never called.
     */
    public LearnerBuilder doubleQ(final boolean doubleQ) {
        this.doubleQ = doubleQ;
        return this;
    }

    /** Sets where the Huber loss, of means or quantiles, turns from a square into a line, 1 if never called; positive. */
    public LearnerBuilder huberBeta(final float beta) {
        require(beta > 0 && Float.isFinite(beta), "huberBeta", beta, "> 0");
        this.huberBeta = beta;
        this.squaredError = false;
        return this;
    }

    /** Lets the loss of means be the squared error, in place of Huber's. */
    public LearnerBuilder squaredError() {
        this.squaredError = true;
        return this;
    }

    /**
     * Lets each transition count the size of its temporal difference error too, beside its weight: loss · |error| · weight, no
     * gradient flowing through |error|. Prioritized replay (Schaul et al. 2016) has it count its weight alone, as does a
     * learner on which this was never called.
     */
    public LearnerBuilder timesError() {
        this.timesError = true;
        return this;
    }

    /** Sets the largest magnitude of a gradient's element, 100 if never called; positive. */
    public LearnerBuilder gradientClip(final float clip) {
        require(clip > 0, "gradientClip", clip, "> 0");
        this.clip = clip;
        this.norm = 0;
        return this;
    }

    /** Bounds the Euclidean norm of all gradients instead of each element; positive. */
    public LearnerBuilder gradientNorm(final float norm) {
        require(norm > 0 && Float.isFinite(norm), "gradientNorm", norm, "> 0");
        this.norm = norm;
        this.clip = Float.POSITIVE_INFINITY;
        return this;
    }

    /** Sets how many batches an update draws, for one step on the sum of their gradients; 1 if never called. */
    public LearnerBuilder batchesPerUpdate(final int batches) {
        require(batches >= 1, "batchesPerUpdate", batches, ">= 1");
        this.batches = batches;
        return this;
    }

    /** Lets a step be on the mean of the gradients of its batches, in place of their sum. */
    public LearnerBuilder averageBatches() {
        this.averageBatches = true;
        return this;
    }

    /** Sets the transitions that the replay must hold before the first update, 0 if never called; a batch in any case. */
    public LearnerBuilder warmUp(final int transitions) {
        require(transitions >= 0, "warmUp", transitions, ">= 0");
        this.warmUp = transitions;
        return this;
    }

    /** Sets the optimizer, in place of AdamW with the learning rate and weight decay of this builder. */
    public LearnerBuilder optimizer(final Optimizer.Maker optimizer) {
        this.optimizer = Objects.requireNonNull(optimizer, "optimizer");
        return this;
    }

    /** Lets the learning rate follow {@code rates}, by updates taken; it replaces the optimizer's own. */
    public LearnerBuilder learningRate(final RateSchedule rates) {
        this.rates = Objects.requireNonNull(rates, "rates");
        return this;
    }

    Optimizer makeOptimizer(final Engine engine) {
        return optimizer == null
                ? new AdamW(engine, net.parameters(), rate, decay)
                : optimizer.make(engine, net.parameters());
    }

    /**
     * {@return the learner, its target equal to the network}
     *
     * @throws IllegalArgumentException if the batch or the warm-up is larger than the replay
     */
    public Learner build() {
        final String most = "<= the replay's capacity=" + replay.capacity();
        require(batch <= replay.capacity(), "batch", batch, most);
        require(warmUp <= replay.capacity(), "warmUp", warmUp, most);
        return new Learner(this);
    }

    static void require(
            final boolean holds, final String name, final Number value, final String expected) {
        if (!holds) {
            throw new IllegalArgumentException(
                    "Learner: %s=%s, expected %s".formatted(name, value, expected));
        }
    }
}

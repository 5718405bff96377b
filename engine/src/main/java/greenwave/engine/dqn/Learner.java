package greenwave.engine.dqn;

import greenwave.engine.Engine;
import greenwave.engine.RandomStream;
import greenwave.engine.autograd.RecordedCalls;
import greenwave.engine.nn.QNetwork;
import greenwave.engine.optim.Optimizer;
import greenwave.engine.optim.RateSchedule;
import greenwave.engine.replay.BatchSampler;
import greenwave.engine.replay.RecordableSampler;
import greenwave.engine.replay.Replay;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Trains one network by deep Q-learning (Mnih et al. 2015) with a soft target (Lillicrap et al. 2016). The defaults are
 * those of the PyTorch tutorial "Reinforcement Learning (DQN)". What the network says of an action fixes the kind of loss:
 * temporal differences of means, C51's or QR-DQN's ({@link greenwave.engine.nn.ActionValues}). One thread at a time; an
 * update allocates nothing.
 */
public final class Learner implements AutoCloseable {
    private final QNetwork net;
    private final QNetwork target;
    private final Replay replay;
    private static final int CHECK_EVERY = 100; // updates

    private final int enough; // transitions for an update
    private final int batches; // per update
    private final Optimizer optimizer;
    private final RateSchedule rates; // null if the optimizer's own rate stays
    private final UpdatePlan plan;
    private final BatchSampler sampler;
    private final RecordableSampler drawing; // the sampler; null where the host draws
    private final RecordedCalls recorded; // a draw and what comes of it; null likewise
    private final FiniteGuard guard;
    private final RandomStream random;
    private final MemorySegment scalar = Arena.ofAuto().allocate(ValueLayout.JAVA_FLOAT);
    private long updates;

    Learner(final LearnerBuilder settings) {
        final Engine engine = settings.net.engine();
        this.net = settings.net;
        this.replay = settings.replay;
        this.enough = Math.max(settings.batch, settings.warmUp);
        this.batches = settings.batches;
        this.target = net.frozenCopy();
        this.optimizer = settings.makeOptimizer(engine);
        this.rates = settings.rates;
        this.random = engine.random("sample");
        this.plan = new UpdatePlan(settings, target, optimizer);
        this.sampler = replay.sampler(plan.inputs());
        this.drawing = sampler instanceof final RecordableSampler there ? there : null;
        this.recorded =
                drawing == null ? null : new RecordedCalls(engine.backend(), this::queueBatch);
        this.guard = new FiniteGuard(net, target, plan.lossSum());
    }

    /** Starts a learner that trains {@code net} on what {@code replay} remembers. */
    public static LearnerBuilder builder(final QNetwork net, final Replay replay) {
        return new LearnerBuilder(net, replay);
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

    /** {@return whether the replay holds a batch, and what it is to hold before the first} */
    public boolean ready() {
        return replay.size() >= enough;
    }

    /** {@return gradient steps taken} */
    public long updates() {
        return updates;
    }

    /**
     * Draws a batch, or as many as the builder was told, and takes one gradient step. Every hundredth looks as {@link
     * #requireFinite} does.
     *
     * @throws IllegalStateException unless {@link #ready}; nothing has changed
     * @throws DivergedException as {@link #requireFinite}, or if an error for the replay is not finite; weights are lost. Where
     *     batches are drawn on a device, the next look finds such an error
     */
    public void update() {
        if (rates != null) {
            optimizer.setRate(rates.at(updates));
        }
        for (int i = 0; i < batches; i++) {
            runBatch();
        }
        updates++;
        plan.finish(updates);
        if (updates % CHECK_EVERY == 0) {
            requireFinite();
        }
    }

    private void runBatch() {
        if (drawing != null) {
            drawing.prepare(random);
            recorded.run();
            return;
        }
        sampler.sample(random);
        plan.runBatch();
        if (plan.errors() != null) {
            updatePriorities();
        }
    }

    private void queueBatch() {
        drawing.draw();
        plan.queueBatch();
        if (plan.errors() != null) {
            drawing.update(plan.errors());
        }
    }

    private void updatePriorities() {
        try {
            sampler.update(plan.errors());
        } catch (IllegalArgumentException refused) { // not finite: the cause is worth more
            requireFinite();
            throw refused;
        }
    }

    /**
     * Looks whether weights, gradients, target and losses are finite; waits for the device. To be called before weights are
     * stored, so that what is stored last is good. {@link Trainer} does so before it tells of an episode.
     *
     * @throws DivergedException naming the first tensor that is not; nothing has changed
     * @throws IllegalStateException if a batch drawn on a device was not whole
     */
    public void requireFinite() {
        guard.check(updates);
        if (drawing != null) {
            drawing.requireWhole();
        }
    }

    /** Lets the engine's random streams be where batches drawn on a device have left them; waits for it. */
    void settle() {
        if (drawing != null) {
            drawing.settle(random);
        }
    }

    /** {@return the loss of the latest batch; waits for the device} */
    public float loss() {
        plan.loss().download(0, scalar, 0, 1);
        return scalar.get(ValueLayout.JAVA_FLOAT, 0);
    }

    /** {@return the sum of the losses of all updates since the last call; waits for the device} */
    double drainLossSum() {
        requireFinite();
        plan.lossSum().download(0, scalar, 0, 1);
        final float sum = scalar.get(ValueLayout.JAVA_FLOAT, 0);
        scalar.set(ValueLayout.JAVA_FLOAT, 0, 0);
        plan.lossSum().upload(0, scalar, 0, 1);
        return sum;
    }

    /** {@return everything that the updates to come depend on, beside the replay, their count and the engine's streams} */
    LearnerState state() {
        return new LearnerState()
                .add("online.", net.parameters())
                .add("target.", target.parameters())
                .add("optimizer.", optimizer)
                .add("update.", plan.state());
    }

    /** Goes on after {@code count} updates. */
    void restoreUpdates(final long count) {
        updates = count;
    }

    /** {@return the steps of one update, for a reader} */
    public String describe() {
        return plan.describe();
    }

    /** Frees the target, the moments and the plan; network and replay stay. Later calls do nothing. */
    @Override
    public void close() {
        guard.close();
        if (recorded != null) {
            recorded.close();
        }
        plan.close();
        optimizer.close();
        target.close();
    }
}

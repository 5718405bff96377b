package greenwave.engine.dqn;

import greenwave.engine.env.AgentGroup;
import greenwave.engine.env.AsyncVecEnv;
import greenwave.engine.env.EnvSpec;
import greenwave.engine.env.VecEnv;
import greenwave.engine.nn.QNetwork;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * The training loop: acts in an environment with an epsilon-greedy policy and lets the learners update as they go. The
 * engine's seed fixes a run exactly, to the last bit of the weights.
 *
 * <p>A decision is sent to the worlds, and what is due for those before it is learned while they carry it out ({@link
 * AsyncVecEnv}), always in that order: how fast either is changes nothing, unless {@link #lockStep} is off. Of other
 * environments, each decision is learned from at once. Where the backend lets threads compute at once, learning has a thread
 * of its own; listeners are called while it rests.
 */
public final class Trainer {
    final VecEnv env;
    final List<Learner> learners;
    Schedule epsilon = Schedule.exponential(0.9, 0.05, 1000); // the PyTorch DQN tutorial's
    double worldAlpha; // 0: all worlds explore alike
    double updatesPerStep = 1;
    boolean lockStep = true;
    Consumer<EpisodeReport> onEpisode = report -> {};
    Consumer<Progress> onProgress = progress -> {};
    Checkpoints checkpoints; // null: none are saved
    SavedRun saved; // null: a run starts at its beginning
    BooleanSupplier done = () -> false;

    private Trainer(final VecEnv env, final List<Learner> learners) {
        this.env = env;
        this.learners = learners;
    }

    /**
     * Prepares a run.
     *
     * @param learners one per {@link AgentGroup} of the environment, in its order
     * @throws IllegalArgumentException if their number or the shape of a network differs
     */
    public static Trainer of(final VecEnv env, final Learner... learners) {
        final EnvSpec spec = env.spec();
        if (learners.length != spec.groups().size()) {
            throw new IllegalArgumentException(
                    "Trainer: learners=%d, expected one for each of groups=%s"
                            .formatted(
                                    learners.length,
                                    spec.groups().stream().map(AgentGroup::name).toList()));
        }
        for (int g = 0; g < learners.length; g++) {
            final AgentGroup group = spec.groups().get(g);
            final QNetwork net = learners[g].net();
            if (net.obsSize() != group.obsSize()
                    || net.actions() != group.actions()
                    || !Objects.equals(net.image(), group.image())) {
                throw new IllegalArgumentException(
                        ("Trainer: group=%s, network obsSize=%d, actions=%d, image=%s, expected obsSize=%d,"
                                        + " actions=%d, image=%s")
                                .formatted(
                                        group.name(),
                                        net.obsSize(),
                                        net.actions(),
                                        net.image(),
                                        group.obsSize(),
                                        group.actions(),
                                        group.image()));
            }
        }
        return new Trainer(env, List.of(learners));
    }

    /** Sets the chance of a random action by env steps, exponential(0.9, 0.05, 1000) if never called. */
    public Trainer epsilon(final Schedule epsilon) {
        this.epsilon = epsilon;
        return this;
    }

    /**
     * Lets worlds explore unlike each other: with epsilon to the power 1 + alpha · i / (N - 1) in world i of N (Horgan et al.
     * 2018, arXiv:1803.00933, with alpha 7 and a constant epsilon of 0.4); alpha is 0 if never called, not negative.
     */
    public Trainer epsilonPerWorld(final double alpha) {
        if (!(alpha >= 0 && alpha < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("Trainer: alpha=%s, expected >= 0".formatted(alpha));
        }
        this.worldAlpha = alpha;
        return this;
    }

    /** Sets the gradient steps of each learner per env step, 1 if never called; not negative. */
    public Trainer updatesPerStep(final double ratio) {
        if (!(ratio >= 0 && ratio < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException(
                    "Trainer: updatesPerStep=%s, expected >= 0".formatted(ratio));
        }
        this.updatesPerStep = ratio;
        return this;
    }

    /**
     * Sets whether all worlds decide together, true if never called. Without, each decides when it is back, and updates fill
     * the time in between: no world waits for another, which makes more decisions a second of several worlds, but their order
     * is not fixed by any seed, and a run is resumed without loss but not to the last bit.
     *
     * @throws IllegalArgumentException if false, and the environment's worlds don't move by themselves
     */
    public Trainer lockStep(final boolean together) {
        if (!together && !(env instanceof AsyncVecEnv)) {
            throw new IllegalArgumentException(
                    "Trainer: lockStep=false, environment=%s, expected an AsyncVecEnv"
                            .formatted(env.getClass().getSimpleName()));
        }
        this.lockStep = together;
        return this;
    }

    /**
     * Sets what hears of each episode that ends, on the training thread. All weights are finite then: this is the time to
     * store them.
     */
    public Trainer onEpisode(final Consumer<EpisodeReport> listener) {
        this.onEpisode = listener;
        return this;
    }

    /** Sets what hears of progress, on the training thread, at most once a second. */
    public Trainer onProgress(final Consumer<Progress> listener) {
        this.onProgress = listener;
        return this;
    }

    /** Saves the run as it goes, and at its end. */
    public Trainer checkpoints(final Checkpoints checkpoints) {
        this.checkpoints = checkpoints;
        return this;
    }

    /**
     * Lets the next run go on where {@code saved} stood: environment, learners, replays and the engine's random streams become
     * what they were there. They must have been made by the same steps as those, in this order, from an engine of the same
     * seed. The environment needs {@link VecEnv#resume}.
     */
    public Trainer resume(final SavedRun saved) {
        this.saved = saved;
        return this;
    }

    /**
     * Sets what ends a run before its limit, asked after each step on the training thread; nothing if never called. Without
     * {@link #lockStep}, networks may be in training then.
     */
    public Trainer stopIf(final BooleanSupplier condition) {
        this.done = condition;
        return this;
    }

    /**
     * Trains until a limit is reached. An env step is one decision in one world; updates start when the replay holds a
     * batch. Another call is another run: the environment starts anew, epsilon too, the learners go on.
     *
     * @return what was done, before it was resumed too
     * @throws UncheckedIOException if a checkpoint cannot be written or read; those that were there still are
     * @throws IllegalArgumentException if the run to be resumed is one of other settings
     * @throws DivergedException if weights, gradients or losses stop being finite: found within 100 updates and before {@link
     *     #onEpisode} hears of the episode; the learners are of no more use, the checkpoints that were there still are
     */
    public TrainReport run(final StopWhen stop) {
        final SavedRun from = saved;
        saved = null;
        try (TrainingRun run = new TrainingRun(this, stop)) {
            if (from == null) {
                run.begin();
            } else {
                run.resume(from);
            }
            return run.run();
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

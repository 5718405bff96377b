package greenwave.engine.dqn;

import greenwave.engine.env.AgentGroup;
import greenwave.engine.env.EnvSpec;
import greenwave.engine.env.VecEnv;
import greenwave.engine.nn.QNetwork;

import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;

/**
 * The training loop: acts in an environment with an epsilon-greedy policy and lets the learners update as they go. The
 * engine's seed fixes a run exactly, to the last bit of the weights.
 */
public final class Trainer {
    final VecEnv env;
    final List<Learner> learners;
    Schedule epsilon = Schedule.exponential(0.9, 0.05, 1000); // the PyTorch DQN tutorial's
    double updatesPerStep = 1;
    Consumer<EpisodeReport> onEpisode = report -> {};
    Consumer<Progress> onProgress = progress -> {};

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

    /** Sets the gradient steps of each learner per env step, 1 if never called; not negative. */
    public Trainer updatesPerStep(final double ratio) {
        if (!(ratio >= 0 && ratio < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException(
                    "Trainer: updatesPerStep=%s, expected >= 0".formatted(ratio));
        }
        this.updatesPerStep = ratio;
        return this;
    }

    /** Sets what hears of each episode that ends, on the training thread. */
    public Trainer onEpisode(final Consumer<EpisodeReport> listener) {
        this.onEpisode = listener;
        return this;
    }

    /** Sets what hears of progress, on the training thread, at most once a second. */
    public Trainer onProgress(final Consumer<Progress> listener) {
        this.onProgress = listener;
        return this;
    }

    /**
     * Trains until a limit is reached. An env step is one decision in one world; updates start when the replay holds a
     * batch. Another call is another run: the environment starts anew, epsilon too, the learners go on.
     *
     * @return what was done
     */
    public TrainReport run(final StopWhen stop) {
        try (TrainingRun run = new TrainingRun(this, stop)) {
            return run.run();
        }
    }
}

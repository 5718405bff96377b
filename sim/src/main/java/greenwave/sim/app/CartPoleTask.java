package greenwave.sim.app;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;

import greenwave.engine.Engine;
import greenwave.engine.env.EpisodeEnd;
import greenwave.engine.env.StepBatch;
import greenwave.engine.env.VecEnv;
import greenwave.engine.nn.QNet;
import greenwave.sim.CartPole;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The cart with the pole: the task that the PyTorch tutorial "Reinforcement Learning (DQN)" solves, by its numbers
 * or by its images. It needs no SUMO, and shows that learning works where results are known.
 */
enum CartPoleTask {
    /** By the four numbers of its state. */
    STATE("cartpole", 600, 475) {
        @Override
        VecEnv open(final int worlds) {
            return CartPole.v1(worlds);
        }

        @Override
        QNet network(final Engine engine, final List<Integer> hidden, final HeadConfig head) {
            return head.build(QNet.builder(engine).input(NUMBERS), hidden, ACTIONS);
        }
    },

    /**
     * By the difference of two screens, in the network of the tutorial's first edition. Its batch normalisation forgets faster
     * than PyTorch's 0.1: a network acts by running means, which would be ten steps behind its weights, where differences are
     * small beside what a step moves; the tutorial acts by the means of the one image that it sees.
     */
    PIXELS("cartpole-pixels", 400, 100) {
        @Override
        VecEnv open(final int worlds) {
            return CartPole.pixels(worlds);
        }

        @Override
        QNet network(final Engine engine, final List<Integer> hidden, final HeadConfig head) {
            final QNet.Builder net =
                    QNet.builder(engine)
                            .image(3, 40, 90)
                            .pixelZero(CartPole.UNCHANGED)
                            .conv2d(16, 5, 2)
                            .batchNorm(MOMENTUM)
                            .relu()
                            .conv2d(32, 5, 2)
                            .batchNorm(MOMENTUM)
                            .relu()
                            .conv2d(32, 5, 2)
                            .batchNorm(MOMENTUM)
                            .relu()
                            .flatten();
            return head.build(net, List.of(), ACTIONS);
        }

        @Override
        ConfigValues defaults() {
            final ConfigValues values = super.defaults();
            values.put("batch", 32, "default");
            values.put("double", true, "default");
            values.put("eps_end", 0.02, "default");
            values.put("eps_decay", 1000, "default");
            values.put("checkpoint_every", 100, "default"); // 200 MB each
            return values;
        }
    };

    /** Episodes over which the mean is taken that ends a run. */
    static final int WINDOW = 100;

    private static final float MOMENTUM = 0.5f; // of batch normalisation
    private static final int NUMBERS = 4;
    private static final int ACTIONS = 2;

    private final String label;
    private final int episodes;
    private final double solved;

    CartPoleTask(final String label, final int episodes, final double solved) {
        this.label = label;
        this.episodes = episodes;
        this.solved = solved;
    }

    /**
     * How a controller did.
     *
     * @param controller its name
     * @param seeds an episode each
     * @param steps for which the pole stood, at most 500, by seed
     * @param mean of them
     */
    @JsonPropertyOrder({"controller", "seeds", "steps", "mean"})
    record Report(String controller, List<Integer> seeds, List<Integer> steps, double mean) {}

    /** {@return the one that {@code --scenario} names, if it does} */
    static Optional<CartPoleTask> labelled(final String scenario) {
        return Arrays.stream(values()).filter(task -> task.label.equals(scenario)).findFirst();
    }

    /**
     * {@return mean steps of the last {@link #WINDOW} episodes at which it is solved} Gymnasium's for CartPole-v1; more than
     * four times those of random actions for images, from which the cart's speed can't be told.
     */
    double solved() {
        return solved;
    }

    /** {@return its name on the command line} */
    String label() {
        return label;
    }

    /**
     * {@return the tutorial's settings} They are those of its present edition; with the former ones (0.05, 1000 and
     * 1e-4) the cart is solved too, in nearly twice the episodes. With images, exploration ends as early as there, a batch is
     * a quarter of the tutorial's, which takes a quarter of the time, and actions are chosen as in double DQN.
     */
    ConfigValues defaults() {
        final ConfigValues values = TrainConfig.defaultValues();
        values.put("scenario", label, "default");
        values.put("episodes", episodes, "default");
        values.put("hidden", List.of(128, 128), "default");
        values.put("batch", 128, "default");
        values.put("gamma", 0.99, "default");
        values.put("eps_start", 0.9, "default");
        values.put("eps_end", 0.01, "default");
        values.put("eps_decay", 2500, "default");
        values.put("tau", 0.005, "default");
        values.put("lr", 3e-4, "default");
        values.put("replay", 10_000, "default");
        values.put("n_step", 1, "default");
        values.put("eval_every", 0, "default");
        return values;
    }

    /** {@return {@code worlds} carts} */
    abstract VecEnv open(int worlds);

    /** {@return a network with fresh weights for them} */
    abstract QNet network(Engine engine, List<Integer> hidden, HeadConfig head);

    /** Plays an episode for each seed. */
    Report play(final Controller controller, final Seeds seeds) {
        final List<Integer> steps = new ArrayList<>();
        try (VecEnv env = open(1)) {
            final int[][] actions = {new int[1]};
            for (final int seed : seeds.values()) {
                controller.onEpisode(0, seed);
                StepBatch batch = env.reset(seed);
                while (batch.ended().isEmpty()) {
                    controller.act(batch, actions);
                    batch = env.step(actions);
                }
                final EpisodeEnd end = batch.ended().getFirst();
                steps.add(end.decisions());
            }
        }
        final double mean = steps.stream().mapToInt(Integer::intValue).average().orElseThrow();
        return new Report(controller.name(), seeds.values(), steps, mean);
    }
}

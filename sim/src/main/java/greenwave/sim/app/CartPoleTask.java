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
    STATE("cartpole", 600) {
        @Override
        VecEnv open(final int worlds) {
            return CartPole.v1(worlds);
        }

        @Override
        QNet network(final Engine engine, final List<Integer> hidden) {
            final QNet.Builder net = QNet.builder(engine).input(NUMBERS);
            hidden.forEach(units -> net.linear(units).relu());
            return net.actions(ACTIONS).build();
        }
    },

    /** By the difference of two screens, in the network of the tutorial's first edition. */
    PIXELS("cartpole-pixels", 300) {
        @Override
        VecEnv open(final int worlds) {
            return CartPole.pixels(worlds);
        }

        @Override
        QNet network(final Engine engine, final List<Integer> hidden) {
            return QNet.builder(engine)
                    .image(3, 40, 90)
                    .conv2d(16, 5, 2)
                    .batchNorm()
                    .relu()
                    .conv2d(32, 5, 2)
                    .batchNorm()
                    .relu()
                    .conv2d(32, 5, 2)
                    .batchNorm()
                    .relu()
                    .flatten()
                    .actions(ACTIONS)
                    .build();
        }
    };

    /** Mean steps of the last {@link #WINDOW} episodes at which Gymnasium calls CartPole-v1 solved. */
    static final double SOLVED = 475;

    /** Episodes over which that mean is taken. */
    static final int WINDOW = 100;

    private static final int NUMBERS = 4;
    private static final int ACTIONS = 2;

    private final String label;
    private final int episodes;

    CartPoleTask(final String label, final int episodes) {
        this.label = label;
        this.episodes = episodes;
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

    /** {@return its name on the command line} */
    String label() {
        return label;
    }

    /**
     * {@return the tutorial's settings} They are those of its present edition; with the former ones (0.05, 1000 and
     * 1e-4) the cart is solved too, in nearly twice the episodes.
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
    abstract QNet network(Engine engine, List<Integer> hidden);

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

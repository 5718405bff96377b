package greenwave.engine.dqn;

import greenwave.engine.Engine;
import greenwave.engine.env.AgentGroup;
import greenwave.engine.nn.ActionValues;
import greenwave.engine.nn.QNet;
import greenwave.engine.replay.PrioritizedReplay;
import greenwave.engine.replay.Replay;
import greenwave.engine.replay.UniformReplay;

/** The algorithms by name, small and fast. */
final class Variants {
    private Variants() {}

    /** A network with one hidden layer of 32 for returns in [0, 1]. */
    static QNet net(final Engine engine, final AgentGroup group, final String name) {
        final QNet.Builder builder = QNet.builder(engine).input(group.obsSize());
        if (explores(name)) {
            builder.noisy();
        }
        builder.linear(32).relu();
        switch (name) {
            case "c51", "rainbow" -> builder.values(ActionValues.categorical(21, -1, 2));
            case "quantile" -> builder.values(ActionValues.quantiles(11));
            default -> {}
        }
        return (name.equals("dueling") || name.equals("rainbow")
                        ? builder.dueling(group.actions())
                        : builder.actions(group.actions()))
                .build();
    }

    /** Whether noise on the weights explores, so that epsilon need not. */
    static boolean explores(final String name) {
        return name.equals("noisy") || name.equals("rainbow");
    }

    static Replay replay(final Engine engine, final AgentGroup group, final String name) {
        return name.equals("rainbow")
                ? PrioritizedReplay.builder(engine, group)
                        .capacity(10_000)
                        .alpha(0.5)
                        .beta(0.4, 1)
                        .nStep(3, 0.9f)
                        .build()
                : UniformReplay.builder(engine, group).capacity(10_000).nStep(1, 0.9f).build();
    }

    static LearnerBuilder learner(final QNet net, final Replay replay, final String name) {
        final LearnerBuilder builder =
                Learner.builder(net, replay).batch(32).learningRate(3e-3).tau(0.05f);
        return switch (name) {
            case "double", "rainbow" -> builder.doubleQ(true);
            case "hard" -> builder.targetUpdate(TargetUpdate.hard(50));
            case "mse" -> builder.squaredError();
            case "seed" -> builder.timesError().batchesPerUpdate(2);
            default -> builder;
        };
    }
}

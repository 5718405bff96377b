package greenwave.bench.train;

import com.fasterxml.jackson.annotation.JsonProperty;

import greenwave.engine.Engine;
import greenwave.engine.dqn.Learner;
import greenwave.engine.dqn.Schedule;
import greenwave.engine.dqn.Trainer;
import greenwave.engine.env.AgentGroup;
import greenwave.engine.nn.QNet;
import greenwave.engine.replay.UniformReplay;

import java.util.List;

/**
 * How both sides learn, by the names of {@code greenwave train}'s settings and with its defaults.
 *
 * @param seed of all randomness but SUMO's
 * @param hidden units of each hidden layer, with ReLU
 * @param batch transitions per gradient step
 * @param gamma discount per decision
 * @param lr of AdamW with AMSGrad
 * @param tau share of the network that moves into its target per gradient step
 * @param clip largest magnitude of a gradient's elements
 * @param replay transitions remembered
 * @param updatesPerStep gradient steps per decision and network
 * @param epsStart first chance of a random action
 * @param epsEnd last
 * @param epsDecay decisions in which the distance shrinks by e
 */
record Settings(
        long seed,
        List<Integer> hidden,
        int batch,
        double gamma,
        double lr,
        double tau,
        double clip,
        int replay,
        @JsonProperty("updates_per_step") int updatesPerStep,
        @JsonProperty("eps_start") double epsStart,
        @JsonProperty("eps_end") double epsEnd,
        @JsonProperty("eps_decay") double epsDecay) {
    /** {@return the defaults of {@code greenwave train}} */
    static Settings defaults(final long seed) {
        return new Settings(
                seed, List.of(128, 128), 128, 0.95, 3e-4, 0.005, 100, 10_000, 1, 0.9, 0.05, 1000);
    }

    /** {@return a network for {@code group} with fresh weights} */
    QNet net(final Engine engine, final AgentGroup group) {
        QNet.Builder net = QNet.builder(engine).input(group.obsSize());
        for (final int units : hidden) {
            net = net.linear(units).relu();
        }
        return net.actions(group.actions()).build();
    }

    /** {@return what trains {@code net}} */
    Learner learner(final Engine engine, final AgentGroup group, final QNet net) {
        return Learner.builder(
                        net,
                        UniformReplay.builder(engine, group)
                                .capacity(replay)
                                .nStep(1, (float) gamma)
                                .build())
                .batch(batch)
                .learningRate(lr)
                .tau((float) tau)
                .gradientClip((float) clip)
                .build();
    }

    /** Sets up {@code trainer}. */
    Trainer apply(final Trainer trainer) {
        return trainer.epsilon(Schedule.exponential(epsStart, epsEnd, epsDecay))
                .updatesPerStep(updatesPerStep);
    }
}

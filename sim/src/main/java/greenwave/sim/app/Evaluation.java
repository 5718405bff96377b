package greenwave.sim.app;

import greenwave.engine.Engine;
import greenwave.engine.env.EnvSpec;
import greenwave.engine.env.EpisodeEnd;
import greenwave.engine.env.StepBatch;
import greenwave.engine.nn.QNet;
import greenwave.sim.SignalTiming;
import greenwave.sim.SumoConfig;
import greenwave.sim.SumoRlCsv;
import greenwave.sim.SumoRlMetrics;
import greenwave.sim.SumoVecEnv;
import greenwave.sim.TripMetrics;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Plays whole episodes on given SUMO seeds, as many side by side as there are processors, without
 * learning.
 *
 * @param sumo what is simulated
 * @param seeds one episode each
 * @param port where SUMO listens
 * @param csv what the names of files with sumo-rl's metrics begin with
 */
record Evaluation(SumoConfig sumo, Seeds seeds, PortOption port, Optional<Path> csv) {
    /** {@return how the networks' own programs do} */
    EvalReport ofFixedTime() {
        // The programs run for themselves; decisions are only the stride in which time passes.
        return play(
                environment(SignalTiming.DEFAULT, SignalSettings.DEFAULT).fixedTime(true),
                _ -> new FixedTimeController());
    }

    /** {@return how uniformly random greens do} */
    EvalReport ofRandom(final SignalTiming timing, final SignalSettings signals) {
        return play(environment(timing, signals), RandomController::new);
    }

    /** {@return how the greedy policy of {@code nets} does, one per agent group} */
    EvalReport ofNets(
            final String name,
            final List<QNet> nets,
            final SignalTiming timing,
            final SignalSettings signals) {
        return play(environment(timing, signals), _ -> new GreedyController(name, nets));
    }

    /**
     * {@return how a policy file does}
     *
     * @throws IllegalArgumentException if it is none, damaged, or of another shape
     */
    EvalReport ofFile(final Path policy) throws IOException {
        final PolicyFile file = PolicyFile.open(policy);
        try (Engine engine = Engines.open(0)) {
            final SignalSettings signals = file.metadata().signals();
            final List<QNet> nets =
                    file.load(engine, signals.apply(SumoVecEnv.builder(sumo)).groups());
            return ofNets(policy.toString(), nets, file.metadata().timing(), signals);
        }
    }

    private SumoVecEnv.Builder environment(
            final SignalTiming timing, final SignalSettings signals) {
        final int worlds =
                Math.min(seeds.values().size(), Runtime.getRuntime().availableProcessors());
        final SumoVecEnv.Builder environment =
                signals.apply(port.apply(SumoVecEnv.builder(sumo)))
                        .timing(timing)
                        .worlds(worlds)
                        .episodeSeed((world, episode) -> seed(episode * worlds + world));
        final SumoRlMetrics metrics = new SumoRlMetrics(true, true);
        csv.ifPresent(
                prefix ->
                        environment.listener(
                                _ -> new SumoRlCsv(prefix.toString(), metrics, false)));
        return environment;
    }

    /** World w plays every worlds-th seed; one that runs out plays the last again, uncounted. */
    private int seed(final int index) {
        return seeds.values().get(Math.min(index, seeds.values().size() - 1));
    }

    private EvalReport play(
            final SumoVecEnv.Builder environment, final Function<EnvSpec, Controller> maker) {
        try (SumoVecEnv env = environment.open();
                Controller controller = maker.apply(env.spec())) {
            final EnvSpec spec = env.spec();
            final int[][] actions = new int[spec.groups().size()][];
            for (int g = 0; g < actions.length; g++) {
                actions[g] = new int[spec.rows(g)];
            }
            for (int world = 0; world < spec.worlds(); world++) {
                controller.onEpisode(world, seed(world));
            }
            final EvalReport.Run[] runs = new EvalReport.Run[seeds.values().size()];
            int finished = 0;
            StepBatch batch = env.reset(0);
            while (finished < runs.length) {
                controller.act(batch, actions);
                batch = env.step(actions);
                for (final EpisodeEnd end : batch.ended()) {
                    final int index = end.episode() * spec.worlds() + end.world();
                    if (index < runs.length) {
                        runs[index] =
                                new EvalReport.Run(seed(index), TripMetrics.of(end.metrics()));
                        finished++;
                    }
                    controller.onEpisode(end.world(), seed(index + spec.worlds()));
                }
            }
            return new EvalReport(controller.name(), List.of(runs));
        }
    }
}

package greenwave.sim.app;

import greenwave.engine.Engine;
import greenwave.engine.env.EnvSpec;
import greenwave.engine.env.EpisodeEnd;
import greenwave.engine.env.StepBatch;
import greenwave.engine.nn.QNetwork;
import greenwave.sim.SignalTiming;
import greenwave.sim.SumoConfig;
import greenwave.sim.SumoRlCsv;
import greenwave.sim.SumoRlMetrics;
import greenwave.sim.SumoVecEnv;
import greenwave.sim.SumoVecEnvBuilder;
import greenwave.sim.TripMetrics;
import greenwave.sim.WorldListener;
import greenwave.sim.signal.Switching;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * Plays whole episodes on given SUMO seeds, as many side by side as there are processors, without
 * learning.
 *
 * @param sumo what is simulated
 * @param seeds one episode each
 * @param connection sets how worlds reach SUMO
 * @param csv what the names of files with sumo-rl's metrics begin with
 * @param phases hears which greens the first seed's episode shows
 */
record Evaluation(
        SumoConfig sumo,
        Seeds seeds,
        UnaryOperator<SumoVecEnvBuilder> connection,
        Optional<Path> csv,
        Optional<PhaseLog> phases) {
    /** {@return how a controller does that learns nothing} */
    EvalReport of(final Baseline baseline, final Switching timing, final SignalSettings signals) {
        return switch (baseline) {
            // The programs run for themselves; decisions are only the stride in which time passes.
            case FIXED -> playPrograms(baseline, sumo);
            case ACTUATED -> {
                try (ActuatedPrograms actuated = new ActuatedPrograms(sumo, lengths(timing))) {
                    yield playPrograms(baseline, actuated.sumo());
                }
            }
            case GREEDY -> playScores(baseline, timing, signals, GreenScores.WAVE);
            case MAX_PRESSURE -> playScores(baseline, timing, signals, GreenScores.PRESSURE);
            case RANDOM -> play(environment(sumo, timing, signals), RandomController::new);
        };
    }

    /** SUMO's own programs know shortest and longest greens; where the rule knows none, the default ones. */
    private static SignalTiming lengths(final Switching timing) {
        return timing instanceof final SignalTiming lengths ? lengths : SignalTiming.DEFAULT;
    }

    private EvalReport playPrograms(final Baseline baseline, final SumoConfig programs) {
        return play(
                environment(programs, SignalTiming.DEFAULT, SignalSettings.DEFAULT).fixedTime(true),
                _ -> new ProgramController(baseline.label()));
    }

    private EvalReport playScores(
            final Baseline baseline,
            final Switching timing,
            final SignalSettings signals,
            final GreenScores scores) {
        return play(
                environment(sumo, timing, signals).observation(scores),
                spec -> new ScoreController(baseline.label(), spec));
    }

    /** {@return how the greedy policy of {@code nets} does, one per agent group} */
    EvalReport ofNets(
            final String name,
            final List<QNetwork> nets,
            final Switching timing,
            final SignalSettings signals) {
        return play(environment(sumo, timing, signals), _ -> new LearnedController(name, nets));
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
            final List<QNetwork> nets =
                    file.load(engine, signals.apply(SumoVecEnv.builder(sumo)).groups());
            return ofNets(policy.toString(), nets, file.metadata().timing(), signals);
        }
    }

    private SumoVecEnvBuilder environment(
            final SumoConfig config, final Switching timing, final SignalSettings signals) {
        final int worlds =
                Math.min(seeds.values().size(), Runtime.getRuntime().availableProcessors());
        final SumoVecEnvBuilder environment =
                signals.apply(connection.apply(SumoVecEnv.builder(config)))
                        .timing(timing)
                        .worlds(worlds)
                        .episodeSeed((world, episode) -> seed(episode * worlds + world));
        if (csv.isPresent() || phases.isPresent()) {
            environment.listener(this::listener);
        }
        return environment;
    }

    private WorldListener listener(final int world) {
        final List<WorldListener> all = new ArrayList<>();
        final SumoRlMetrics metrics = new SumoRlMetrics(true, true);
        csv.ifPresent(prefix -> all.add(new SumoRlCsv(prefix.toString(), metrics, false)));
        phases.filter(_ -> world == 0).ifPresent(all::add);
        return new Listeners(all);
    }

    /** World w plays every worlds-th seed; one that runs out plays the last again, uncounted. */
    private int seed(final int index) {
        return seeds.values().get(Math.min(index, seeds.values().size() - 1));
    }

    private EvalReport play(
            final SumoVecEnvBuilder environment, final Function<EnvSpec, Controller> maker) {
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

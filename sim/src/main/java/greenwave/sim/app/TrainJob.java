package greenwave.sim.app;

import greenwave.engine.Engine;
import greenwave.engine.dqn.EpisodeReport;
import greenwave.engine.dqn.Learner;
import greenwave.engine.dqn.Schedule;
import greenwave.engine.dqn.StopWhen;
import greenwave.engine.dqn.TrainReport;
import greenwave.engine.dqn.Trainer;
import greenwave.engine.env.AgentGroup;
import greenwave.engine.nn.QNet;
import greenwave.engine.replay.Replay;
import greenwave.sim.Scenario;
import greenwave.sim.SumoVecEnv;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One training run, from opened scenario to written files. */
final class TrainJob {
    private final Scenario scenario;
    private final TrainConfig config;
    private final PortOption port;
    private final RunDirectory run;
    private final PrintWriter console;

    TrainJob(
            final Scenario scenario,
            final TrainConfig config,
            final PortOption port,
            final RunDirectory run,
            final PrintWriter console) {
        this.scenario = scenario;
        this.config = config;
        this.port = port;
        this.run = run;
        this.console = console;
    }

    /** Trains, writes the run's files, and judges the policy on {@code seeds}. */
    void run(final Seeds seeds) throws IOException {
        try (Engine engine = Engines.open(config.seed())) {
            final List<PolicyFile.Network> networks = new ArrayList<>();
            final Map<String, QNet> nets = new LinkedHashMap<>();
            final Summary summary = train(engine, networks, nets);
            PolicyFile.write(
                    run.policy(),
                    scenario.sumo().name(),
                    config.seed(),
                    config.timing(),
                    config.signals(),
                    networks,
                    nets);
            run.writeCurve("%s, seed %d".formatted(scenario.sumo().name(), config.seed()));
            run.writeJson("summary.json", summary);
            judge(seeds, List.copyOf(nets.values()));
        }
    }

    private Summary train(
            final Engine engine,
            final List<PolicyFile.Network> networks,
            final Map<String, QNet> nets) {
        final SumoVecEnv.Builder environment =
                config.signals()
                        .apply(port.apply(SumoVecEnv.builder(scenario.sumo())))
                        .timing(config.timing())
                        .reward(config.reward())
                        .worlds(config.worlds());
        try (SumoVecEnv env = environment.open()) {
            final List<AgentGroup> groups = env.spec().groups();
            final List<Learner> learners = new ArrayList<>();
            for (final AgentGroup group : groups) {
                final PolicyFile.Network network =
                        PolicyFile.Network.of(group, config.hidden(), groups.size() == 1);
                final QNet net = network.build(engine);
                networks.add(network);
                nets.put(network.prefix(), net);
                learners.add(learner(engine, group, net));
            }
            final TrainReport report =
                    learn(
                            Trainer.of(env, learners.toArray(Learner[]::new))
                                    .epsilon(
                                            Schedule.exponential(
                                                    config.epsStart(),
                                                    config.epsEnd(),
                                                    config.epsDecay()))
                                    .updatesPerStep(config.updatesPerStep()));
            console.println(report);
            return Summary.of(scenario, config, env.simulator(), engine.describe(), report);
        }
    }

    private Learner learner(final Engine engine, final AgentGroup group, final QNet net) {
        final Replay replay = config.replay().open(engine, group, config.gamma());
        return Learner.builder(net, replay)
                .batch(config.batch())
                .tau((float) config.tau())
                .learningRate(config.lr())
                .build();
    }

    private TrainReport learn(final Trainer trainer) {
        final StopWhen stop =
                config.steps() > 0
                        ? StopWhen.envSteps(config.steps())
                        : StopWhen.episodes(config.episodes());
        try (ProgressDisplay display = new ProgressDisplay(console)) {
            return trainer.onEpisode(
                            episode -> {
                                record(episode);
                                display.episode(episode);
                            })
                    .onProgress(display::update)
                    .run(stop);
        }
    }

    private void record(final EpisodeReport episode) {
        run.progress().add(episode);
        run.curve().add(episode.end().metrics().get("delay"));
    }

    private void judge(final Seeds seeds, final List<QNet> nets) throws IOException {
        final Evaluation evaluation =
                new Evaluation(scenario.sumo(), seeds, port, Optional.empty());
        final EvalReport learned =
                evaluation.ofNets("learned", nets, config.timing(), config.signals());
        final EvalReport fixed = evaluation.ofFixedTime();
        learned.print(console);
        fixed.print(console);
        console.printf(
                "median delay on %d seeds that training never drew: %.2f s, %+.1f %% against fixed"
                        + " time%n",
                seeds.values().size(),
                learned.median().delay(),
                100 * (learned.median().delay() / fixed.median().delay() - 1));
        run.writeJson("evaluation.json", List.of(learned, fixed));
    }
}

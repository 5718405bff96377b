package greenwave.sim.app;

import greenwave.engine.Engine;
import greenwave.engine.dqn.Learner;
import greenwave.engine.dqn.SavedRun;
import greenwave.engine.dqn.StopWhen;
import greenwave.engine.dqn.TrainReport;
import greenwave.engine.dqn.Trainer;
import greenwave.engine.env.AgentGroup;
import greenwave.engine.nn.NetFile;
import greenwave.engine.nn.QNetwork;
import greenwave.engine.replay.Replay;
import greenwave.sim.Scenario;
import greenwave.sim.SumoConfig;
import greenwave.sim.SumoException;
import greenwave.sim.SumoVecEnv;
import greenwave.sim.SumoVecEnvBuilder;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** One training run, from opened scenario to written files. */
final class TrainJob {
    private final Scenario scenario;
    private final SumoConfig sumo;
    private final TrainConfig config;
    private final UnaryOperator<SumoVecEnvBuilder> connection;
    private final RunDirectory run;
    private final Optional<SavedRun> saved;
    private final ResumeHint hint;
    private final PrintWriter console;

    /** Trains on {@code sumo}, which is what {@code scenario} simulates or the beginning of it. */
    TrainJob(
            final Scenario scenario,
            final SumoConfig sumo,
            final TrainConfig config,
            final UnaryOperator<SumoVecEnvBuilder> connection,
            final RunDirectory run,
            final Optional<SavedRun> saved,
            final ResumeHint hint,
            final PrintWriter console) {
        this.scenario = scenario;
        this.sumo = sumo;
        this.config = config;
        this.connection = connection;
        this.run = run;
        this.saved = saved;
        this.hint = hint;
        this.console = console;
    }

    /** {@return what came of training} Writes the run's files and judges the policy on {@code seeds}. */
    Outcome run(final Seeds seeds) throws IOException {
        try (Engine engine = Engines.open(config.seed())) {
            final List<PolicyFile.Network> networks = new ArrayList<>();
            final Map<String, QNetwork> nets = new LinkedHashMap<>();
            final List<Learner> learners = new ArrayList<>();
            final Summary summary;
            final List<Validation.Point> judgements;
            try (Validation validation =
                    new Validation(
                            run.evaluations(),
                            saved.map(SavedRun::episodes).orElse(0L),
                            config.validation(),
                            () -> judge(config.validation().seeds(), nets, Optional.empty()),
                            () -> NetFile.save(run.best(), Map.of(), nets))) {
                summary = train(engine, networks, nets, learners, validation);
                judgements = validation.points();
            } catch (final SumoException e) {
                if (learners.stream().anyMatch(learner -> learner.updates() > 0)) {
                    throw afterKeeping(networks, nets, e);
                }
                throw e;
            }
            if (!judgements.isEmpty()) {
                NetFile.load(run.best(), nets);
            }
            write(run.policy(), networks, nets);
            run.writeJson("summary.json", summary);
            final double delay = compare(seeds, nets, judgements, summary.maxPressure());
            return new Outcome(config.seed(), delay, run.curve());
        }
    }

    private void write(
            final Path policy,
            final List<PolicyFile.Network> networks,
            final Map<String, QNetwork> nets)
            throws IOException {
        PolicyFile.write(
                policy,
                scenario.sumo().name(),
                config.seed(),
                config.timing(),
                config.signals(),
                networks,
                nets);
    }

    /** {@return {@code failure}, with the place of the policy as far as it was trained} */
    private SumoException afterKeeping(
            final List<PolicyFile.Network> networks,
            final Map<String, QNetwork> nets,
            final SumoException failure)
            throws IOException {
        if (Main.shuttingDown()) {
            return failure;
        }
        write(run.unfinishedPolicy(), networks, nets);
        return new SumoException(
                "%s; the policy so far is in %s"
                        .formatted(failure.getMessage(), run.unfinishedPolicy()),
                failure);
    }

    private Summary train(
            final Engine engine,
            final List<PolicyFile.Network> networks,
            final Map<String, QNetwork> nets,
            final List<Learner> learners,
            final Validation validation)
            throws IOException {
        final SumoVecEnvBuilder environment =
                config.signals()
                        .apply(connection.apply(SumoVecEnv.builder(sumo)))
                        .timing(config.timing())
                        .asynchronous(config.asynchronous())
                        .reward(config.reward())
                        .onCrash(config.onCrash())
                        .worlds(config.worlds());
        try (SumoVecEnv env = environment.open()) {
            final List<AgentGroup> groups = env.spec().groups();
            for (final AgentGroup group : groups) {
                final PolicyFile.Network network =
                        PolicyFile.Network.of(
                                group,
                                config.hidden(),
                                config.channels(),
                                config.head(),
                                groups.size() == 1);
                final QNetwork net = network.build(engine);
                networks.add(network);
                nets.put(network.prefix(), net);
                learners.add(learner(config, engine, group, net));
            }
            final Trainer trainer =
                    config.exploration()
                            .apply(Trainer.of(env, learners.toArray(Learner[]::new)))
                            .updatesPerStep(config.updatesPerStep())
                            .lockStep(config.lockStep())
                            .stopIf(validation::targetReached);
            final MemoryUse memory = MemoryUse.of(engine, learners);
            console.println(memory);
            config.checkpoints().attach(trainer, run, identity(), saved, hint);
            final TrainReport report = learn(trainer, validation);
            if (validation.isMissing(report.episodes())) {
                validation.judge(
                        report.episodes(),
                        report.envSteps(),
                        report.updates(),
                        run.progress().seconds());
            }
            console.println(report);
            return Summary.of(
                    scenario,
                    config,
                    env,
                    engine.describe(),
                    memory,
                    report,
                    maxPressure(validation));
        }
    }

    /** {@return what trains {@code net} for {@code group} as {@code config} says} */
    static Learner learner(
            final TrainConfig config,
            final Engine engine,
            final AgentGroup group,
            final QNetwork net) {
        final Replay replay = config.replay().open(engine, group, config.gamma());
        return config.learning().apply(Learner.builder(net, replay)).build();
    }

    /** {@return what a checkpoint can only be resumed with: the scenario's files, and how much of it is simulated} */
    private Map<String, String> identity() {
        final Map<String, String> identity = new LinkedHashMap<>(scenario.sha256());
        identity.put("window", sumo.begin() + "-" + sumo.end());
        return identity;
    }

    private TrainReport learn(final Trainer trainer, final Validation validation) {
        final StopWhen stop =
                config.steps() > 0
                        ? StopWhen.envSteps(config.steps())
                        : StopWhen.episodes(config.episodes());
        try (ProgressDisplay display = new ProgressDisplay(console, "delay")) {
            return trainer.onEpisode(
                            episode -> {
                                run.record(episode);
                                display.episode(episode);
                                if (validation.isDue(run.episodes())) {
                                    validation.judge(
                                            run.episodes(),
                                            episode.envSteps(),
                                            episode.updates(),
                                            run.progress().seconds());
                                    run.recordValidation(
                                            episode.envSteps(),
                                            validation.points().getLast().delay());
                                    display.judged(validation);
                                }
                            })
                    .onProgress(display::update)
                    .run(stop);
        }
    }

    private EvalReport judge(
            final Seeds seeds, final Map<String, QNetwork> nets, final Optional<PhaseLog> phases) {
        return evaluation(seeds, phases)
                .ofNets("learned", List.copyOf(nets.values()), config.timing(), config.signals());
    }

    private MaxPressureReached maxPressure(final Validation validation) {
        if (validation.points().isEmpty()) {
            return null;
        }
        final EvalReport untrained =
                evaluation(config.validation().seeds(), Optional.empty())
                        .of(Baseline.MAX_PRESSURE, config.timing(), config.signals());
        final MaxPressureReached reached = MaxPressureReached.of(validation, untrained);
        console.println(reached);
        return reached;
    }

    private Evaluation evaluation(final Seeds seeds, final Optional<PhaseLog> phases) {
        return new Evaluation(sumo, seeds, connection, Optional.empty(), phases);
    }

    private double compare(
            final Seeds seeds,
            final Map<String, QNetwork> nets,
            final List<Validation.Point> judgements,
            final MaxPressureReached maxPressure)
            throws IOException {
        final PhaseLog phases = new PhaseLog();
        final EvalReport learned = judge(seeds, nets, Optional.of(phases));
        final EvalReport fixed =
                evaluation(seeds, Optional.empty())
                        .of(Baseline.FIXED, config.timing(), config.signals());
        learned.print(console);
        fixed.print(console);
        console.printf(
                "median delay on %d seeds that training never drew: %.2f s, %+.1f %% against fixed"
                        + " time%n",
                seeds.values().size(),
                learned.median().delay(),
                100 * (learned.median().delay() / fixed.median().delay() - 1));
        run.writeJson("evaluation.json", List.of(learned, fixed));
        run.writeReport(
                "%s, seed %d".formatted(sumo.name(), config.seed()),
                judgements,
                Optional.ofNullable(maxPressure),
                List.of(learned, fixed),
                phases.signals());
        return learned.median().delay();
    }
}

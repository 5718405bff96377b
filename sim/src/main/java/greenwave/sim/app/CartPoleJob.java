package greenwave.sim.app;

import greenwave.engine.Engine;
import greenwave.engine.dqn.Learner;
import greenwave.engine.dqn.SavedRun;
import greenwave.engine.dqn.StopWhen;
import greenwave.engine.dqn.TrainReport;
import greenwave.engine.dqn.Trainer;
import greenwave.engine.env.VecEnv;
import greenwave.engine.nn.QNet;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One training run of a cart, to its limit or until it is solved, from configuration to written files. */
final class CartPoleJob {
    private final CartPoleTask task;
    private final TrainConfig config;
    private final RunDirectory run;
    private final Optional<SavedRun> saved;
    private final ResumeHint hint;
    private final PrintWriter console;

    CartPoleJob(
            final CartPoleTask task,
            final TrainConfig config,
            final RunDirectory run,
            final Optional<SavedRun> saved,
            final ResumeHint hint,
            final PrintWriter console) {
        this.task = task;
        this.config = config;
        this.run = run;
        this.saved = saved;
        this.hint = hint;
        this.console = console;
    }

    /** {@return what came of training} Writes the run's files and plays the policy on {@code seeds}. */
    Outcome run(final Seeds seeds) throws IOException {
        try (Engine engine = Engines.open(config.seed());
                VecEnv env = task.open(config.worlds());
                QNet net = task.network(engine, config.hidden(), config.head())) {
            final TrainReport report = train(engine, env, net);
            CartPolePolicy.write(run.policy(), task, config, net);
            run.writeReport(
                    "%s, seed %d".formatted(task.label(), config.seed()),
                    List.of(),
                    Optional.empty(),
                    List.of(),
                    Map.of());
            try (Controller greedy = new LearnedController("learned", List.of(net))) {
                final CartPoleTask.Report judged = task.play(greedy, seeds);
                run.writeJson("evaluation.json", List.of(judged));
                run.writeJson("summary.json", summary(engine, report, judged));
                console.println(report);
                console.printf(
                        "mean steps of the last %d episodes %.1f%s; greedy on %d seeds %.1f%n",
                        last().size(),
                        mean(),
                        solved() ? ", solved" : "",
                        seeds.values().size(),
                        judged.mean());
                return new Outcome(config.seed(), mean(), run.curve());
            }
        }
    }

    private TrainReport train(final Engine engine, final VecEnv env, final QNet net)
            throws IOException {
        final StopWhen stop =
                config.steps() > 0
                        ? StopWhen.envSteps(config.steps())
                        : StopWhen.episodes(config.episodes());
        try (Learner learner = TrainJob.learner(config, engine, env.spec().onlyGroup(), net);
                ProgressDisplay display = new ProgressDisplay(console, "steps")) {
            final Trainer trainer =
                    config.exploration()
                            .apply(Trainer.of(env, learner))
                            .updatesPerStep(config.updatesPerStep())
                            .lockStep(config.lockStep())
                            .stopIf(this::solved);
            config.checkpoints().attach(trainer, run, Map.of(), saved, hint);
            return trainer.onEpisode(
                            episode -> {
                                run.record(episode);
                                display.episode(episode);
                            })
                    .onProgress(display::update)
                    .run(stop);
        }
    }

    /** {@return steps of the last episodes, also of those before the run was resumed} */
    private List<Double> last() {
        final List<Double> all = run.curve();
        return all.subList(Math.max(0, all.size() - CartPoleTask.WINDOW), all.size());
    }

    private double mean() {
        return last().stream().mapToDouble(Double::doubleValue).average().orElse(0);
    }

    private boolean solved() {
        return last().size() == CartPoleTask.WINDOW && mean() >= task.solved();
    }

    private Map<String, Object> summary(
            final Engine engine, final TrainReport report, final CartPoleTask.Report judged) {
        final Map<String, Object> summary = new LinkedHashMap<>();
        summary.put("greenwave", Versions.greenwave());
        summary.put("jdk", Versions.jdk());
        summary.put("backend", engine.describe());
        summary.put("scenario", task.label());
        summary.put("seed", config.seed());
        summary.put("worlds", config.worlds());
        summary.put("episodes", report.episodes());
        summary.put("envSteps", report.envSteps());
        summary.put("updates", report.updates());
        summary.put("meanStepsOfLast100", mean());
        summary.put("solved", solved());
        summary.put("greedySteps", judged.mean());
        summary.put("wallSeconds", report.seconds());
        return summary;
    }

    /** {@return how a policy, or {@code random}, does in {@code task}} */
    static CartPoleTask.Report evaluate(
            final CartPoleTask task, final String policy, final Seeds seeds) throws IOException {
        if (policy.equals(Baseline.RANDOM.label())) {
            try (VecEnv env = task.open(1)) {
                return task.play(new RandomController(env.spec()), seeds);
            }
        }
        if (Baseline.labelled(policy).isPresent()) {
            throw new IllegalArgumentException(
                    "policy=%s, scenario=%s, expected random or a trained policy"
                            .formatted(policy, task.label()));
        }
        try (Engine engine = Engines.open(0);
                QNet net = CartPolePolicy.load(engine, task, Path.of(policy));
                Controller greedy = new LearnedController(policy, List.of(net))) {
            return task.play(greedy, seeds);
        }
    }
}

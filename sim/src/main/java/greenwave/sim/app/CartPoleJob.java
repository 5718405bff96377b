package greenwave.sim.app;

import greenwave.engine.Engine;
import greenwave.engine.dqn.EpisodeReport;
import greenwave.engine.dqn.Learner;
import greenwave.engine.dqn.StopWhen;
import greenwave.engine.dqn.TrainReport;
import greenwave.engine.dqn.Trainer;
import greenwave.engine.env.VecEnv;
import greenwave.engine.nn.QNet;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** One training run of a cart, to its limit or until it is solved, from configuration to written files. */
final class CartPoleJob {
    private final CartPoleTask task;
    private final TrainConfig config;
    private final RunDirectory run;
    private final PrintWriter console;
    private final Deque<Integer> last = new ArrayDeque<>();
    private double mean;

    CartPoleJob(
            final CartPoleTask task,
            final TrainConfig config,
            final RunDirectory run,
            final PrintWriter console) {
        this.task = task;
        this.config = config;
        this.run = run;
        this.console = console;
    }

    /** {@return what came of training} Writes the run's files and plays the policy on {@code seeds}. */
    Outcome run(final Seeds seeds) throws IOException {
        try (Engine engine = Engines.open(config.seed());
                VecEnv env = task.open(config.worlds());
                QNet net = task.network(engine, config.hidden())) {
            final TrainReport report = train(engine, env, net);
            CartPolePolicy.write(run.policy(), task, config, net);
            run.writeReport(
                    "%s, seed %d".formatted(task.label(), config.seed()),
                    List.of(),
                    List.of(),
                    Map.of());
            try (Controller greedy = new LearnedController("learned", List.of(net))) {
                final CartPoleTask.Report judged = task.play(greedy, seeds);
                run.writeJson("evaluation.json", List.of(judged));
                run.writeJson("summary.json", summary(engine, report, judged));
                console.println(report);
                console.printf(
                        "mean steps of the last %d episodes %.1f%s; greedy on %d seeds %.1f%n",
                        last.size(),
                        mean,
                        solved() ? ", solved" : "",
                        seeds.values().size(),
                        judged.mean());
                return new Outcome(config.seed(), mean, run.curve());
            }
        }
    }

    private TrainReport train(final Engine engine, final VecEnv env, final QNet net) {
        final StopWhen stop =
                config.steps() > 0
                        ? StopWhen.envSteps(config.steps())
                        : StopWhen.episodes(config.episodes());
        try (Learner learner = TrainJob.learner(config, engine, env.spec().onlyGroup(), net);
                ProgressDisplay display = new ProgressDisplay(console, "steps")) {
            return config.exploration()
                    .apply(Trainer.of(env, learner))
                    .updatesPerStep(config.updatesPerStep())
                    .stopIf(this::solved)
                    .onEpisode(
                            episode -> {
                                record(episode);
                                display.episode(episode);
                            })
                    .onProgress(display::update)
                    .run(stop);
        }
    }

    private void record(final EpisodeReport episode) {
        last.addLast(episode.end().decisions());
        if (last.size() > CartPoleTask.WINDOW) {
            last.removeFirst();
        }
        mean = last.stream().mapToInt(Integer::intValue).average().orElseThrow();
        run.record(episode);
    }

    private boolean solved() {
        return last.size() == CartPoleTask.WINDOW && mean >= CartPoleTask.SOLVED;
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
        summary.put("meanStepsOfLast100", mean);
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

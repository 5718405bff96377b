package greenwave.engine.dqn;

import greenwave.engine.Engine;
import greenwave.engine.env.EnvSpec;
import greenwave.engine.env.EpisodeEnd;
import greenwave.engine.env.StepBatch;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The state of one {@link Trainer#run}. */
final class TrainingRun implements AutoCloseable {
    private static final int EPISODES_KEPT = 10;
    private static final long PROGRESS_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Trainer trainer;
    private final StopWhen stop;
    private final Engine engine;
    private final int worlds;
    private final List<Actor> actors = new ArrayList<>();
    private final int[][] actions;
    private final LossMeter losses;
    private final Deque<EpisodeReport> lastEpisodes = new ArrayDeque<>();
    private final long start = System.nanoTime();
    private long reported = start;
    private double owed; // updates of each learner that are due
    private double epsilon;
    private long envSteps;
    private long episodes;

    TrainingRun(final Trainer trainer, final StopWhen stop) {
        this.trainer = trainer;
        this.stop = stop;
        this.engine = trainer.learners.getFirst().net().engine();
        final EnvSpec spec = trainer.env.spec();
        this.worlds = spec.worlds();
        for (int g = 0; g < trainer.learners.size(); g++) {
            actors.add(new Actor(trainer.learners.get(g), spec.groups().get(g), spec.rows(g)));
        }
        this.actions = new int[actors.size()][];
        this.losses = new LossMeter(trainer.learners, worlds);
    }

    TrainReport run() {
        final StepBatch first = trainer.env.reset(engine.random("env").nextLong());
        for (int g = 0; g < actors.size(); g++) {
            actors.get(g).begin(first.groups().get(g));
        }
        while (!stop.reached(envSteps, episodes)) {
            final StepBatch batch = step();
            learn();
            batch.ended().forEach(this::report);
            reportProgress();
        }
        return new TrainReport(
                engine.describe(),
                envSteps,
                losses.updates(),
                episodes,
                seconds(),
                List.copyOf(lastEpisodes));
    }

    private StepBatch step() {
        epsilon = trainer.epsilon.at(envSteps);
        for (int g = 0; g < actions.length; g++) {
            actions[g] = actors.get(g).act(epsilon);
        }
        final StepBatch batch = trainer.env.step(actions);
        for (int g = 0; g < actors.size(); g++) {
            actors.get(g).observe(batch.groups().get(g));
        }
        envSteps += worlds;
        return batch;
    }

    /** No debt builds up while the replays fill: the first updates would all see the same few transitions. */
    private void learn() {
        if (!trainer.learners.stream().allMatch(Learner::ready)) {
            return;
        }
        for (owed += worlds * trainer.updatesPerStep; owed >= 1; owed--) {
            for (final Learner learner : trainer.learners) {
                learner.update();
                losses.updated();
            }
        }
    }

    private void report(final EpisodeEnd end) {
        episodes++;
        final EpisodeReport report =
                new EpisodeReport(
                        end, envSteps, losses.updates(), epsilon, losses.endEpisode(end.world()));
        if (lastEpisodes.size() == EPISODES_KEPT) {
            lastEpisodes.removeFirst();
        }
        lastEpisodes.addLast(report);
        trainer.onEpisode.accept(report);
    }

    private void reportProgress() {
        final long now = System.nanoTime();
        if (now - reported >= PROGRESS_NANOS) {
            reported = now;
            trainer.onProgress.accept(
                    new Progress(
                            stop.fraction(envSteps, episodes),
                            envSteps,
                            losses.updates(),
                            episodes,
                            epsilon,
                            seconds()));
        }
    }

    private double seconds() {
        return (System.nanoTime() - start) / (double) TimeUnit.SECONDS.toNanos(1);
    }

    @Override
    public void close() {
        actors.forEach(Actor::close);
    }
}

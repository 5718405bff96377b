package greenwave.engine.dqn;

import greenwave.engine.Engine;
import greenwave.engine.RandomStream;
import greenwave.engine.env.AsyncVecEnv;
import greenwave.engine.env.EnvSpec;
import greenwave.engine.env.EpisodeEnd;
import greenwave.engine.env.StepBatch;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The state of one {@link Trainer#run}. */
final class TrainingRun implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Trainer.class.getName());
    private static final int EPISODES_KEPT = 10;

    /** Decisions of each world that are not yet learned from, where none waits for another. */
    private static final int MOST_BEHIND = 4;

    private static final long PROGRESS_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Trainer trainer;
    private final StopWhen stop;
    private final Engine engine;
    private final int worlds;
    private final List<Actor> actors = new ArrayList<>();
    private final int[][] actions;
    private final LossMeter losses;
    private final Deque<EpisodeReport> lastEpisodes = new ArrayDeque<>();
    private final long recoveredBefore;
    private final RandomStream seeds;
    private final ActionLog log; // null if nothing is saved
    private final long start = System.nanoTime();
    private double secondsBefore; // it was resumed
    private long reported = start;
    private final Updates updates;
    private final FreeWorlds free; // null in lock-step
    private final WorldEpsilons epsilons;
    private long envSteps;
    private long episodes;
    private long envSeed;
    private long savedSteps; // envSteps of the last checkpoint
    private long savedEpisodes;

    TrainingRun(final Trainer trainer, final StopWhen stop) {
        this.trainer = trainer;
        this.stop = stop;
        this.engine = trainer.learners.getFirst().net().engine();
        final EnvSpec spec = trainer.env.spec();
        this.worlds = spec.worlds();
        this.recoveredBefore = trainer.env.recovered();
        this.losses = new LossMeter(trainer.learners, worlds); // first: it may find them diverged
        final boolean apart = trainer.env instanceof AsyncVecEnv && engine.backend().isConcurrent();
        for (int g = 0; g < trainer.learners.size(); g++) {
            actors.add(
                    new Actor(
                            trainer.learners.get(g),
                            spec.groups().get(g),
                            spec.rows(g),
                            apart && !trainer.lockStep));
        }
        this.actions = new int[actors.size()][];
        this.updates =
                apart
                        ? new BackgroundUpdates(actors, losses, trainer.updatesPerStep)
                        : new InlineUpdates(actors, losses, trainer.updatesPerStep);
        this.epsilons = new WorldEpsilons(worlds, trainer.worldAlpha);
        this.seeds = engine.random("env");
        this.log = trainer.checkpoints == null ? null : new ActionLog(spec);
        this.free =
                trainer.lockStep ? null : new FreeWorlds((AsyncVecEnv) trainer.env, actors, log);
    }

    /** Starts the first episodes. */
    void begin() {
        envSeed = seeds.nextLong();
        final StepBatch first = trainer.env.reset(envSeed);
        for (int g = 0; g < actors.size(); g++) {
            actors.get(g).begin(first.groups().get(g));
        }
    }

    /**
     * Goes on where a saved run stood.
     *
     * @throws IOException if it cannot be read
     * @throws IllegalArgumentException if it is one of other settings
     */
    void resume(final SavedRun saved) throws IOException {
        final RunState state = saved.state();
        engine.restoreRandomStates(state.streams());
        saved.restore(tensors(), trainer.learners);
        if (!state.backend().equals(engine.backend().describe())) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "backend={0}, the checkpoint was made with {1}: the run goes on, but not to the last bit",
                    engine.backend().describe(),
                    state.backend());
        }
        envSeed = state.envSeed();
        final StepBatch seen = trainer.env.resume(envSeed, state.worlds());
        for (int g = 0; g < actors.size(); g++) {
            if (state.memories() == null) {
                actors.get(g).begin(seen.groups().get(g));
            } else {
                actors.get(g).resume(seen.groups().get(g), state.memories().get(g));
            }
        }
        if (log != null) {
            log.restore(state.worlds());
        }
        losses.restore(state.losses());
        lastEpisodes.addAll(state.lastEpisodes());
        updates.restore(state.owed());
        envSteps = savedSteps = state.envSteps();
        episodes = savedEpisodes = state.episodes();
        secondsBefore = state.seconds();
    }

    TrainReport run() throws IOException {
        while (!stop.reached(envSteps, episodes) && !trainer.done.getAsBoolean()) {
            final StepBatch batch = free == null ? step() : freeStep();
            report(batch.ended());
            if (log != null && episodes - savedEpisodes >= trainer.checkpoints.every()) {
                save();
            }
            reportProgress();
        }
        rest();
        updates.catchUp(0);
        if (log != null && envSteps > savedSteps) {
            save();
        }
        return new TrainReport(
                engine.describe(),
                envSteps,
                losses.updates(),
                episodes,
                trainer.env.recovered() - recoveredBefore,
                seconds(),
                List.copyOf(lastEpisodes));
    }

    /** What is due is learned while the worlds carry out the next decision, or at once where they can't be left alone. */
    private StepBatch step() {
        final double[] chances = epsilons.at(trainer.epsilon.at(envSteps));
        for (int g = 0; g < actions.length; g++) {
            actions[g] = actors.get(g).act(chances);
        }
        if (log != null) {
            log.append(actions);
        }
        final StepBatch batch;
        if (trainer.env instanceof final AsyncVecEnv apart) {
            apart.send(actions);
            learn(worlds);
            batch = apart.recv();
            updates.catchUp(0); // before anything more is remembered
        } else {
            batch = trainer.env.step(actions);
        }
        for (int g = 0; g < actors.size(); g++) {
            actors.get(g).observe(batch.groups().get(g));
        }
        envSteps += worlds;
        if (!(trainer.env instanceof AsyncVecEnv)) {
            learn(worlds);
        }
        return batch;
    }

    private void learn(final int decisions) {
        updates.add(decisions, stop.fraction(envSteps, episodes));
    }

    /** Who is back decides at once; what that makes due is learned meanwhile, at most some decisions late. */
    private StepBatch freeStep() {
        free.send(epsilons.at(trainer.epsilon.at(envSteps)));
        updates.catchUp(MOST_BEHIND * worlds);
        return take(1);
    }

    private StepBatch take(final int least) {
        final StepBatch batch = free.take(least);
        envSteps += free.arrived();
        learn(free.arrived());
        return batch;
    }

    /** Waits for worlds that are under way. */
    private void rest() throws IOException {
        while (free != null && free.underWay() > 0) {
            report(take(free.underWay()).ended());
        }
    }

    private void report(final List<EpisodeEnd> ends) throws IOException {
        if (!ends.isEmpty()) {
            updates.undisturbed(() -> ends.forEach(this::report));
        }
    }

    private void report(final EpisodeEnd end) {
        episodes++;
        if (log != null) {
            log.begin(end.world(), end.episode() + 1);
        }
        final EpisodeReport report =
                new EpisodeReport(
                        end,
                        envSteps,
                        losses.updates(),
                        epsilons.mean(),
                        losses.endEpisode(end.world()));
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
                            epsilons.mean(),
                            seconds()));
        }
    }

    private double seconds() {
        return secondsBefore + (System.nanoTime() - start) / (double) TimeUnit.SECONDS.toNanos(1);
    }

    /** Worlds come to rest first: what is saved has none under way. */
    private void save() throws IOException {
        rest();
        updates.undisturbed(this::write);
    }

    private void write() throws IOException {
        trainer.learners.forEach(Learner::settle);
        trainer.checkpoints.save(state(), tensors(), trainer.learners);
        savedSteps = envSteps;
        savedEpisodes = episodes;
    }

    private LearnerState tensors() {
        final LearnerState all = new LearnerState();
        for (int i = 0; i < actors.size(); i++) {
            all.add(i + ".", actors.get(i).state());
        }
        return all;
    }

    private RunState state() {
        return new RunState(
                SavedRun.FORMAT,
                engine.backend().describe(),
                engine.randomStates(),
                envSeed,
                log.positions(),
                envSteps,
                episodes,
                updates.owed(),
                trainer.learners.stream().map(Learner::updates).toList(),
                losses.state(),
                trainer.checkpoints.withReplay()
                        ? actors.stream().map(Actor::memory).toList()
                        : null,
                List.copyOf(lastEpisodes),
                seconds(),
                trainer.checkpoints.notes());
    }

    @Override
    public void close() {
        updates.close();
        actors.forEach(Actor::close);
    }
}

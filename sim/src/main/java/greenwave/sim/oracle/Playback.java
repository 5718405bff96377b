package greenwave.sim.oracle;

import greenwave.engine.env.AgentGroup;
import greenwave.engine.env.EpisodeEnd;
import greenwave.engine.env.GroupBatch;
import greenwave.engine.env.StepBatch;
import greenwave.sim.SumoVecEnv;
import greenwave.sim.SumoVecEnvBuilder;
import greenwave.sim.WorldListener;
import greenwave.sim.WorldView;
import greenwave.sim.signal.DefaultObservation;
import greenwave.sim.signal.Observation;
import greenwave.sim.signal.Reading;
import greenwave.sim.signal.SignalReadings;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.ToIntFunction;

/** One episode of one world, driven by a recording's actions. */
final class Playback implements AutoCloseable {
    private final SumoVecEnv env;
    private final Watcher watcher;
    private StepBatch batch;
    private boolean ended;

    /** Keeps what the first episode shows. */
    private static final class Watcher implements WorldListener {
        private final Runnable atEnd;
        private WorldView latest;
        private boolean over;

        Watcher(final Runnable atEnd) {
            this.atEnd = atEnd;
        }

        @Override
        public Set<Reading> readings() {
            return EnumSet.complementOf(
                    EnumSet.of(Reading.VEHICLES, Reading.COORDINATES, Reading.LENGTHS));
        }

        @Override
        public void onStart(final WorldView now) {
            if (!over) {
                latest = now;
            }
        }

        @Override
        public void onDecision(final WorldView now) {
            latest = now;
        }

        @Override
        public void onEnd(final EpisodeEnd end) {
            if (!over) {
                over = true;
                atEnd.run();
            }
        }
    }

    /**
     * Starts the episode.
     *
     * @param atEnd run when SUMO has written its output
     */
    Playback(final SumoVecEnvBuilder builder, final int seed, final Runnable atEnd) {
        watcher = new Watcher(atEnd);
        env = builder.worlds(1).episodeSeed((_, _) -> seed).listener(_ -> watcher).open();
        try {
            batch = env.reset(0);
        } catch (final RuntimeException e) {
            env.close();
            throw e;
        }
    }

    /** {@return the environment} */
    SumoVecEnv env() {
        return env;
    }

    /** {@return what the world looks like after the last decision} */
    WorldView view() {
        return watcher.latest;
    }

    /** Takes a decision; {@code action} says what each signal does. */
    void decide(final ToIntFunction<String> action) {
        final List<AgentGroup> groups = env.spec().groups();
        final int[][] actions = new int[groups.size()][];
        for (int group = 0; group < actions.length; group++) {
            actions[group] = groups.get(group).agents().stream().mapToInt(action).toArray();
        }
        batch = env.step(actions);
        ended = !batch.ended().isEmpty();
    }

    /** {@return what a signal observes} */
    float[] observation(final String signal) {
        final List<AgentGroup> groups = env.spec().groups();
        for (int group = 0; group < groups.size(); group++) {
            final int place = groups.get(group).agents().indexOf(signal);
            if (place >= 0) {
                final GroupBatch columns = batch.groups().get(group);
                final MemorySegment obs = ended ? columns.finalObs() : columns.obs();
                final long bytes = (long) groups.get(group).obsSize() * Float.BYTES;
                return obs.asSlice(place * bytes, bytes).toArray(ValueLayout.JAVA_FLOAT);
            }
        }
        return alone(signal);
    }

    /** A signal without a choice is no agent, but sumo-rl observes it all the same. */
    private float[] alone(final String signal) {
        final SignalReadings now =
                view().signals().stream()
                        .filter(readings -> readings.signal().id().equals(signal))
                        .findFirst()
                        .orElseThrow();
        final Observation observation = new DefaultObservation();
        final MemorySegment out =
                Arena.ofAuto().allocate(ValueLayout.JAVA_FLOAT, observation.size(now.signal()));
        observation.eye(now).write(out, 0);
        return out.toArray(ValueLayout.JAVA_FLOAT);
    }

    @Override
    public void close() {
        env.close();
    }
}

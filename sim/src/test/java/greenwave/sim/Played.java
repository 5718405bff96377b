package greenwave.sim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import greenwave.engine.env.EpisodeEnd;
import greenwave.engine.env.GroupBatch;
import greenwave.engine.env.StepBatch;

import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;

/** All that came of some decisions, world by world: an environment of one agent group is played. */
final class Played {
    final List<EpisodeEnd> ends = new ArrayList<>();
    private final List<List<float[]>> steps = new ArrayList<>(); // by world, then decision
    private final SumoVecEnv env;

    /** Is called before a decision. */
    interface Before {
        void decision(int decision, GroupBatch batch);
    }

    private Played(final SumoVecEnv env) {
        this.env = env;
        for (int world = 0; world < env.spec().worlds(); world++) {
            steps.add(new ArrayList<>());
        }
    }

    /**
     * Plays {@code decisions} decisions, always the same.
     *
     * @param before hears of each decision, from 0, before it is taken
     */
    static Played of(final SumoVecEnv env, final int decisions, final IntConsumer before) {
        return of(env, decisions, (decision, batch) -> before.accept(decision));
    }

    /** As the other; {@code before} is also shown the batch. */
    static Played of(final SumoVecEnv env, final int decisions, final Before before) {
        final Played played = new Played(env);
        StepBatch batch = env.reset(7);
        played.add(batch);
        final int bound = env.spec().onlyGroup().actions();
        final int[][] actions = {new int[env.spec().rows(0)]};
        for (int decision = 0; decision < decisions; decision++) {
            for (int row = 0; row < actions[0].length; row++) {
                actions[0][row] = (decision / 3 + row) % bound;
            }
            before.decision(decision, batch.groups().getFirst());
            batch = env.step(actions);
            played.add(batch);
        }
        return played;
    }

    /** {@return what {@code builder}'s environment does when nobody disturbs it} */
    static Played undisturbed(final SumoVecEnvBuilder builder, final int decisions) {
        try (SumoVecEnv env = builder.open()) {
            return of(env, decisions, (decision, batch) -> {});
        }
    }

    private void add(final StepBatch batch) {
        ends.addAll(batch.ended());
        final GroupBatch group = batch.groups().getFirst();
        final int agents = env.spec().onlyGroup().agents().size();
        final int size = env.spec().onlyGroup().obsSize() * agents;
        for (int world = 0; world < steps.size(); world++) {
            final float[] step = new float[size + 2 * agents];
            for (int i = 0; i < size; i++) {
                step[i] = group.obs().getAtIndex(ValueLayout.JAVA_FLOAT, (long) world * size + i);
            }
            for (int agent = 0; agent < agents; agent++) {
                final int row = world * agents + agent;
                step[size + agent] = group.reward().getAtIndex(ValueLayout.JAVA_FLOAT, row);
                step[size + agents + agent] = group.truncated().get(ValueLayout.JAVA_BYTE, row);
            }
            steps.get(world).add(step);
        }
    }

    /** Checks that {@code world} has seen and earned what it did in {@code other}, bit by bit. */
    void assertSame(final Played other, final int world) {
        final List<float[]> theirs = other.steps.get(world);
        final List<float[]> ours = steps.get(world);
        for (int i = 0; i < Math.min(ours.size(), theirs.size()); i++) {
            assertArrayEquals(theirs.get(i), ours.get(i), "world " + world + ", decision " + i);
        }
    }

    /** Checks that all worlds have, and how their episodes ended. */
    void assertSame(final Played other) {
        for (int world = 0; world < steps.size(); world++) {
            assertSame(other, world);
        }
        assertArrayEquals(
                other.ends.stream().map(end -> end.metrics().toString()).toArray(),
                ends.stream().map(end -> end.metrics().toString()).toArray());
    }

    /** {@return restarts that the episodes' ends report} */
    int recovered() {
        return ends.stream().mapToInt(EpisodeEnd::recovered).sum();
    }
}

package greenwave.engine.dqn;

import greenwave.engine.RandomStream;
import greenwave.engine.env.AgentGroup;
import greenwave.engine.env.EnvSpec;
import greenwave.engine.env.EpisodeEnd;
import greenwave.engine.env.GroupBatch;
import greenwave.engine.env.StepBatch;
import greenwave.engine.env.VecEnv;

import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * One-step episodes for agents of two shapes: each sees a one-hot context drawn at random and is paid 1 for the action
 * of the same index.
 */
final class BanditEnv implements VecEnv {
    static final List<AgentGroup> GROUPS =
            List.of(
                    new AgentGroup("2x2", List.of("a", "b"), 2, 2),
                    new AgentGroup("3x4", List.of("c"), 3, 4));

    private final EnvSpec spec;
    private final Arena arena = Arena.ofShared();
    private final List<GroupBatch> batches = new ArrayList<>();
    private final List<int[]> contexts = new ArrayList<>();
    private RandomStream random;
    private int episode;

    BanditEnv(final int worlds) {
        spec = new EnvSpec(worlds, GROUPS);
        for (int g = 0; g < GROUPS.size(); g++) {
            batches.add(new GroupBatch(GROUPS.get(g), spec.rows(g), arena));
            contexts.add(new int[spec.rows(g)]);
        }
    }

    @Override
    public EnvSpec spec() {
        return spec;
    }

    @Override
    public StepBatch reset(final long seed) {
        random = new RandomStream(seed);
        drawContexts();
        return new StepBatch(batches, List.of());
    }

    private void drawContexts() {
        for (int g = 0; g < batches.size(); g++) {
            final int size = GROUPS.get(g).obsSize();
            for (int row = 0; row < spec.rows(g); row++) {
                contexts.get(g)[row] = random.nextInt(size);
                for (int i = 0; i < size; i++) {
                    batches.get(g)
                            .obs()
                            .setAtIndex(
                                    ValueLayout.JAVA_FLOAT,
                                    (long) row * size + i,
                                    i == contexts.get(g)[row] ? 1 : 0);
                }
            }
        }
    }

    @Override
    public StepBatch step(final int[][] actions) {
        final double[] total = new double[spec.worlds()];
        for (int g = 0; g < batches.size(); g++) {
            final GroupBatch batch = batches.get(g);
            final int agents = GROUPS.get(g).agents().size();
            batch.finalObs().copyFrom(batch.obs());
            for (int row = 0; row < spec.rows(g); row++) {
                final float reward = actions[g][row] == contexts.get(g)[row] ? 1 : 0;
                batch.reward().setAtIndex(ValueLayout.JAVA_FLOAT, row, reward);
                batch.terminated().set(ValueLayout.JAVA_BYTE, row, (byte) 1);
                total[row / agents] += reward;
            }
        }
        drawContexts();
        final List<EpisodeEnd> ended = new ArrayList<>();
        for (int world = 0; world < spec.worlds(); world++) {
            ended.add(new EpisodeEnd(world, episode, 0, 1, total[world], Map.of()));
        }
        episode++;
        return new StepBatch(batches, ended);
    }

    @Override
    public void close() {
        if (arena.scope().isAlive()) {
            arena.close();
        }
    }
}

package greenwave.engine.dqn;

import greenwave.engine.RandomStream;
import greenwave.engine.Segments;
import greenwave.engine.env.AgentGroup;
import greenwave.engine.env.EnvSpec;
import greenwave.engine.env.EpisodeEnd;
import greenwave.engine.env.GroupBatch;
import greenwave.engine.env.StepBatch;
import greenwave.engine.env.VecEnv;
import greenwave.engine.nn.QNet;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Cells in a row, one agent per world, started at random: action 0 goes left, 1 right, 2 stays but is never legal and
 * would be worth a fortune. Reaching the last cell ends the episode with reward 1; after {@link #LIMIT} decisions it is
 * cut off. Going left in cell 0 is illegal.
 */
final class CorridorEnv implements VecEnv {
    static final int CELLS = 6;
    static final int ACTIONS = 3;
    static final int LIMIT = 20;
    static final AgentGroup GROUP = new AgentGroup("corridor", List.of("walker"), CELLS, ACTIONS);

    private final EnvSpec spec;
    private final Arena arena = Arena.ofShared();
    private final GroupBatch batch;
    private final int[] cell;
    private final int[] decisions;
    private final int[] episode;
    private final double[] total;
    private RandomStream random;

    CorridorEnv(final int worlds) {
        spec = new EnvSpec(worlds, List.of(GROUP));
        batch = new GroupBatch(GROUP, worlds, arena);
        cell = new int[worlds];
        decisions = new int[worlds];
        episode = new int[worlds];
        total = new double[worlds];
    }

    /** The fewest decisions from {@code cell} to the end. */
    static int shortest(final int cell) {
        return CELLS - 1 - cell;
    }

    /** What {@code net} does in cells 0 to the last but one; left is illegal in cell 0, action 2 everywhere. */
    static int[] greedyActions(final QNet net) {
        final int cells = CELLS - 1;
        final float[] obs = new float[cells * CELLS];
        final byte[] legal = new byte[cells * ACTIONS];
        for (int cell = 0; cell < cells; cell++) {
            obs[cell * CELLS + cell] = 1;
            legal[cell * ACTIONS] = (byte) (cell == 0 ? 0 : 1);
            legal[cell * ACTIONS + 1] = 1;
        }
        final int[] actions = new int[cells];
        try (Policy policy = Policy.of(net)) {
            policy.act(Segments.of(obs), Segments.of(legal), actions);
        }
        return actions;
    }

    @Override
    public EnvSpec spec() {
        return spec;
    }

    @Override
    public StepBatch reset(final long seed) {
        random = new RandomStream(seed);
        for (int world = 0; world < spec.worlds(); world++) {
            restart(world);
        }
        return new StepBatch(List.of(batch), List.of());
    }

    private void restart(final int world) {
        cell[world] = random.nextInt(CELLS - 1);
        decisions[world] = 0;
        total[world] = 0;
        show(world, batch.obs(), batch.legal());
    }

    private void show(final int world, final MemorySegment obs, final MemorySegment legal) {
        for (int i = 0; i < CELLS; i++) {
            obs.setAtIndex(
                    ValueLayout.JAVA_FLOAT, (long) world * CELLS + i, i == cell[world] ? 1 : 0);
        }
        final long row = (long) world * ACTIONS;
        legal.set(ValueLayout.JAVA_BYTE, row, (byte) (cell[world] == 0 ? 0 : 1));
        legal.set(ValueLayout.JAVA_BYTE, row + 1, (byte) 1);
        legal.set(ValueLayout.JAVA_BYTE, row + 2, (byte) 0);
    }

    @Override
    public StepBatch step(final int[][] actions) {
        final List<EpisodeEnd> ended = new ArrayList<>();
        for (int world = 0; world < spec.worlds(); world++) {
            move(world, actions[0][world], ended);
        }
        return new StepBatch(List.of(batch), ended);
    }

    /** Takes one step in one world. */
    void move(final int world, final int action, final List<EpisodeEnd> ended) {
        if (batch.legal().get(ValueLayout.JAVA_BYTE, (long) world * ACTIONS + action) == 0) {
            throw new IllegalArgumentException(
                    "corridor: cell=%d, action=%d is illegal".formatted(cell[world], action));
        }
        cell[world] += action == 1 ? 1 : -1;
        decisions[world]++;
        final boolean arrived = cell[world] == CELLS - 1;
        final boolean cut = !arrived && decisions[world] == LIMIT;
        total[world] += arrived ? 1 : 0;
        batch.reward().setAtIndex(ValueLayout.JAVA_FLOAT, world, arrived ? 1 : 0);
        batch.terminated().set(ValueLayout.JAVA_BYTE, world, (byte) (arrived ? 1 : 0));
        batch.truncated().set(ValueLayout.JAVA_BYTE, world, (byte) (cut ? 1 : 0));
        if (arrived || cut) {
            show(world, batch.finalObs(), batch.finalLegal());
            ended.add(
                    new EpisodeEnd(
                            world, episode[world]++, 0, decisions[world], total[world], Map.of()));
            restart(world);
        } else {
            show(world, batch.obs(), batch.legal());
        }
    }

    @Override
    public void close() {
        if (arena.scope().isAlive()) {
            arena.close();
        }
    }
}

package greenwave.engine.dqn;

import greenwave.engine.RandomStream;
import greenwave.engine.env.AgentGroup;
import greenwave.engine.env.EnvSpec;
import greenwave.engine.env.EpisodeEnd;
import greenwave.engine.env.GroupBatch;
import greenwave.engine.env.ImageSpec;
import greenwave.engine.env.StepBatch;
import greenwave.engine.env.VecEnv;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A picture of 8 by 8 pixels shows a bright block left or right, the vector says which action that asks for: paid 1 is action
 * (right ? 1 : 0) if it holds +1, the other if it holds -1. Without a vector it is always as if it held +1. Every episode
 * has {@link #DECISIONS} decisions.
 */
final class PictureEnv implements VecEnv {
    static final ImageSpec IMAGE = new ImageSpec(1, 8, 8);
    static final int DECISIONS = 3;
    static final AgentGroup SEEING = new AgentGroup("picture", List.of("a"), 0, 2, IMAGE);
    static final AgentGroup TOLD_TOO = new AgentGroup("both", List.of("a"), 1, 2, IMAGE);

    private final EnvSpec spec;
    private final Arena arena = Arena.ofShared();
    private final GroupBatch batch;
    private final int[] paid; // by world, the action
    private int decisions;
    private RandomStream random;

    PictureEnv(final AgentGroup group, final int worlds) {
        spec = new EnvSpec(worlds, List.of(group));
        batch = new GroupBatch(group, worlds, arena);
        paid = new int[worlds];
    }

    /** Draws the picture into row {@code row}. */
    static void paint(final MemorySegment images, final int row, final boolean right) {
        for (int y = 0; y < 8; y++) {
            for (int x = 0; x < 8; x++) {
                final boolean bright =
                        y >= 2 && y < 6 && x >= (right ? 5 : 1) && x < (right ? 7 : 3);
                images.set(
                        ValueLayout.JAVA_BYTE,
                        (long) row * IMAGE.size() + y * 8 + x,
                        (byte) (bright ? 200 : 10)); // 200 is negative as a Java byte
            }
        }
    }

    @Override
    public EnvSpec spec() {
        return spec;
    }

    @Override
    public StepBatch reset(final long seed) {
        random = new RandomStream(seed);
        decisions = 0;
        show(batch.obs(), batch.image());
        return new StepBatch(List.of(batch), List.of());
    }

    private void show(final MemorySegment obs, final MemorySegment images) {
        for (int world = 0; world < spec.worlds(); world++) {
            final boolean right = random.nextBoolean();
            final boolean same = spec.onlyGroup().obsSize() == 0 || random.nextBoolean();
            paint(images, world, right);
            if (spec.onlyGroup().obsSize() > 0) {
                obs.setAtIndex(ValueLayout.JAVA_FLOAT, world, same ? 1 : -1);
            }
            paid[world] = right == same ? 1 : 0;
        }
    }

    @Override
    public StepBatch step(final int[][] actions) {
        final boolean last = ++decisions == DECISIONS;
        final List<EpisodeEnd> ended = new ArrayList<>();
        for (int world = 0; world < spec.worlds(); world++) {
            final float reward = actions[0][world] == paid[world] ? 1 : 0;
            batch.reward().setAtIndex(ValueLayout.JAVA_FLOAT, world, reward);
            batch.truncated().set(ValueLayout.JAVA_BYTE, world, (byte) (last ? 1 : 0));
            if (last) {
                ended.add(new EpisodeEnd(world, 0, 0, DECISIONS, reward, Map.of()));
            }
        }
        if (last) {
            show(batch.finalObs(), batch.finalImage());
            decisions = 0;
        }
        show(batch.obs(), batch.image());
        return new StepBatch(List.of(batch), ended);
    }

    @Override
    public void close() {
        if (arena.scope().isAlive()) {
            arena.close();
        }
    }
}

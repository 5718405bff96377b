package greenwave.sim.app;

import greenwave.engine.env.AgentGroup;
import greenwave.engine.env.EnvSpec;
import greenwave.engine.env.StepBatch;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.SplittableRandom;

/** Uniform legal actions that depend on the episode's seed alone, not on its neighbours. */
final class RandomController implements Controller {
    private final EnvSpec spec;
    private final SplittableRandom[] random;

    RandomController(final EnvSpec spec) {
        this.spec = spec;
        this.random = new SplittableRandom[spec.worlds()];
    }

    @Override
    public String name() {
        return "random";
    }

    @Override
    public void onEpisode(final int world, final long seed) {
        random[world] = new SplittableRandom(seed);
    }

    @Override
    public void act(final StepBatch batch, final int[][] actions) {
        for (int g = 0; g < actions.length; g++) {
            final AgentGroup group = spec.groups().get(g);
            final MemorySegment legal = batch.groups().get(g).legal();
            for (int row = 0; row < actions[g].length; row++) {
                final int world = row / group.agents().size();
                final long mask = (long) row * group.actions();
                int action;
                do {
                    action = random[world].nextInt(group.actions());
                } while (legal.get(ValueLayout.JAVA_BYTE, mask + action) == 0);
                actions[g][row] = action;
            }
        }
    }
}

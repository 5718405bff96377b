package greenwave.sim.app;

import greenwave.engine.Engine;
import greenwave.engine.env.AgentGroup;
import greenwave.engine.replay.PrioritizedReplay;
import greenwave.engine.replay.Replay;
import greenwave.engine.replay.UniformReplay;

/**
 * What a network remembers, and how it draws from it.
 *
 * @param capacity transitions remembered
 * @param prioritized whether those with large errors are drawn more often; else all alike
 * @param alpha how far errors decide, in [0, 1]; only where prioritized
 * @param beta how far weights make up for it at first, in [0, 1]; it rises to 1 by the end of training; only where prioritized
 * @param nStep decisions over which a reward is summed
 */
record ReplayConfig(int capacity, boolean prioritized, double alpha, double beta, int nStep) {
    /** {@return an empty replay for {@code group}, which discounts by {@code gamma} per decision} */
    Replay open(final Engine engine, final AgentGroup group, final double gamma) {
        if (!prioritized) {
            return UniformReplay.builder(engine, group)
                    .capacity(capacity)
                    .nStep(nStep, (float) gamma)
                    .build();
        }
        return PrioritizedReplay.builder(engine, group)
                .capacity(capacity)
                .nStep(nStep, (float) gamma)
                .alpha(alpha)
                .beta(beta, 1)
                .build();
    }
}

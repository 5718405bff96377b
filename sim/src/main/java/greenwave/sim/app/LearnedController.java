package greenwave.sim.app;

import greenwave.engine.Engine;
import greenwave.engine.dqn.Policy;
import greenwave.engine.env.GroupBatch;
import greenwave.engine.env.StepBatch;
import greenwave.engine.nn.QNetwork;

import java.util.List;

/** The greedy policy of trained networks, one per agent group. */
final class LearnedController implements Controller {
    private final String name;
    private final List<Policy> policies;

    /** Follows {@code nets}, which stay open and belong to the caller, as does their {@link Engine}. */
    LearnedController(final String name, final List<QNetwork> nets) {
        this.name = name;
        this.policies = nets.stream().map(Policy::of).toList();
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public void act(final StepBatch batch, final int[][] actions) {
        for (int g = 0; g < actions.length; g++) {
            final GroupBatch group = batch.groups().get(g);
            policies.get(g).act(group.obs(), group.image(), group.legal(), actions[g]);
        }
    }

    @Override
    public void close() {
        policies.forEach(Policy::close);
    }
}

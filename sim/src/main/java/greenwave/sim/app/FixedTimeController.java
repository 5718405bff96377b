package greenwave.sim.app;

import greenwave.engine.env.StepBatch;

/** The network's own signal programs; its environment plays them, whatever the actions. */
final class FixedTimeController implements Controller {
    @Override
    public String name() {
        return "fixed";
    }

    @Override
    public void act(final StepBatch batch, final int[][] actions) {}
}

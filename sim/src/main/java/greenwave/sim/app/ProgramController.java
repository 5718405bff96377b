package greenwave.sim.app;

import greenwave.engine.env.StepBatch;

/** The signal programs of the network itself; its environment plays them, whatever the actions. */
record ProgramController(String name) implements Controller {
    @Override
    public void act(final StepBatch batch, final int[][] actions) {}
}

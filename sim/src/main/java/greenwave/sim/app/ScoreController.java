package greenwave.sim.app;

import greenwave.engine.env.EnvSpec;
import greenwave.engine.env.GroupBatch;
import greenwave.engine.env.StepBatch;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Chooses the legal green of the highest {@link GreenScores score}; of equals the one in force, else the first. */
final class ScoreController implements Controller {
    private final String name;
    private final EnvSpec spec;

    /** Decides by observations that are {@link GreenScores}. */
    ScoreController(final String name, final EnvSpec spec) {
        this.name = name;
        this.spec = spec;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public void act(final StepBatch batch, final int[][] actions) {
        for (int g = 0; g < actions.length; g++) {
            final int greens = spec.groups().get(g).actions();
            for (int row = 0; row < actions[g].length; row++) {
                actions[g][row] = best(batch.groups().get(g), row, greens);
            }
        }
    }

    private static int best(final GroupBatch batch, final int row, final int greens) {
        final MemorySegment obs = batch.obs();
        final long scores = 2L * greens * row;
        final long held = scores + greens;
        int best = -1;
        float most = 0;
        for (int green = 0; green < greens; green++) {
            final long legal = (long) row * greens + green;
            if (batch.legal().get(ValueLayout.JAVA_BYTE, legal) == 0) {
                continue;
            }
            final float score = obs.getAtIndex(ValueLayout.JAVA_FLOAT, scores + green);
            final boolean inForce = obs.getAtIndex(ValueLayout.JAVA_FLOAT, held + green) == 1;
            if (best < 0 || score > most || score == most && inForce) {
                best = green;
                most = score;
            }
        }
        return best;
    }
}

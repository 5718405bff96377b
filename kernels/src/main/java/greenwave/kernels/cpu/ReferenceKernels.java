package greenwave.kernels.cpu;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import greenwave.kernels.AdamWRule;
import greenwave.kernels.Buffer;
import greenwave.kernels.Kernels;

import java.lang.foreign.MemorySegment;

/** The contract as plain loops: what every faster implementation is compared with. Sums are taken in f64. */
class ReferenceKernels
        implements Kernels,
                ReferenceArithmetic,
                ReferenceMatrices,
                ReferenceChoices,
                ReferenceElementwise,
                ReferenceViews,
                ReferenceRows,
                ReferenceDistributions,
                ReferenceNorms,
                ReferenceRandom,
                ReferenceImages {
    static float get(final MemorySegment x, final long i) {
        return x.getAtIndex(JAVA_FLOAT, i);
    }

    static void set(final MemorySegment x, final long i, final float value) {
        x.setAtIndex(JAVA_FLOAT, i, value);
    }

    /**
     * Loops here are small, with an int index, their limit in a local and no access in a branch: only then does C2 hoist
     * the bounds checks for good. Others trap and are compiled again a hundred times before it gives up, half a minute
     * at a twentieth of the speed.
     */
    static int size(final Buffer x) {
        return Math.toIntExact(x.length());
    }

    @Override
    public void adamW(
            final AdamWRule rule,
            final Buffer w,
            final Buffer g,
            final Buffer m,
            final Buffer v,
            final Buffer vMax,
            final Buffer target,
            final Buffer step,
            final Buffer rate) {
        if (rule.limit() < Float.POSITIVE_INFINITY) {
            clamp(g, -rule.limit(), rule.limit(), g);
        }
        AdamWLoops.step(rule, count(step), get(rate.segment(), 0), w, g, m, v, vMax);
        if (target != null) {
            lerp(w, rule.tau(), target);
        }
    }

    /** {@return the number of steps with this one, which it counts} */
    static int count(final Buffer step) {
        final int steps = step.segment().get(JAVA_INT, 0) + 1;
        step.segment().set(JAVA_INT, 0, steps);
        return steps;
    }

    @Override
    public void clipNorm(final Buffer x, final float limit, final Buffer norm) {
        OptimizerLoops.clipNorm(x, limit, norm);
    }

    @Override
    public void sgd(
            final Buffer w,
            final Buffer g,
            final Buffer velocity,
            final Buffer rate,
            final float momentum,
            final boolean nesterov,
            final float decay) {
        OptimizerLoops.sgd(w, g, velocity, rate, momentum, nesterov, decay);
    }

    @Override
    public void rmsProp(
            final Buffer w,
            final Buffer g,
            final Buffer squares,
            final Buffer mean,
            final Buffer velocity,
            final Buffer rate,
            final double alpha,
            final float eps,
            final float momentum,
            final float decay) {
        OptimizerLoops.rmsProp(w, g, squares, mean, velocity, rate, alpha, eps, momentum, decay);
    }
}

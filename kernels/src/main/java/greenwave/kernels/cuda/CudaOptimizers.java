package greenwave.kernels.cuda;

import greenwave.kernels.AdamWRule;
import greenwave.kernels.Buffer;

/** Optimizers: a thread per weight, in one pass. Their settings travel as one parameter. */
final class CudaOptimizers {
    private final KernelLauncher launcher;
    private final Words words = new Words();
    private final long finished; // where blocks that have read the number of steps are counted

    CudaOptimizers(final KernelLauncher launcher) {
        this.launcher = launcher;
        final CudaMemory count = launcher.context().heap().workspace(Integer.BYTES);
        count.clear();
        this.finished = count.address();
    }

    /** As {@link greenwave.kernels.Kernels#adamW}. */
    void adamW(
            final AdamWRule rule,
            final Buffer w,
            final Buffer g,
            final Buffer m,
            final Buffer v,
            final Buffer vMax,
            final Buffer target,
            final Buffer step,
            final Buffer rate) {
        words.clear().add(w).add(g).add(m).add(v).add(vMax).add(target).add(step).add(rate);
        words.add(finished).add(rule.beta1()).add(rule.beta2()).add(rule.eps()).add(rule.decay());
        words.add((double) rule.limit()).add((double) rule.tau()).add(w.length());
        words.addTo(launcher.of(KernelName.ADAM_W)).elements(w.length()).run();
    }

    /** As {@link greenwave.kernels.Kernels#sgd}. */
    void sgd(
            final Buffer w,
            final Buffer g,
            final Buffer velocity,
            final Buffer rate,
            final float momentum,
            final boolean nesterov,
            final float decay) {
        final CudaLaunch launch = launcher.of(KernelName.SGD).arg(w).arg(g).arg(velocity);
        launch.arg(rate).arg(momentum).arg(nesterov ? 1 : 0).arg(decay).arg(w.length());
        launch.elements(w.length()).run();
    }

    /** As {@link greenwave.kernels.Kernels#rmsProp}. */
    void rmsProp(
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
        words.clear().add(w).add(g).add(squares).add(mean).add(velocity).add(rate).add(alpha);
        words.add((double) eps).add((double) momentum).add((double) decay).add(w.length());
        words.addTo(launcher.of(KernelName.RMS_PROP)).elements(w.length()).run();
    }
}

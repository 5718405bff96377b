package greenwave.engine.optim;

import greenwave.engine.Engine;
import greenwave.engine.autograd.KernelCall;
import greenwave.engine.nn.Parameters;
import greenwave.kernels.AdamWRule;
import greenwave.kernels.Buffer;
import greenwave.kernels.DType;
import greenwave.kernels.Kernels;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * AdamW as torch.optim.AdamW computes it (Loshchilov and Hutter 2019, arXiv:1711.05101), with PyTorch's betas 0.9 and
 * 0.999 and eps 1e-8.
 */
public final class AdamW implements Optimizer {
    private static final double BETA1 = 0.9;
    private static final double BETA2 = 0.999;
    private static final double EPS = 1e-8;

    private final Parameters parameters;
    private final Buffer firstMoments;
    private final Buffer secondMoments;
    private final Buffer largestSecondMoments; // null without AMSGrad
    private final Buffer step; // on the device, so that a recorded step can be replayed
    private final Rate rate;
    private final AdamWRule alone; // without clip and target

    /** With AMSGrad. */
    public AdamW(
            final Engine engine,
            final Parameters parameters,
            final double rate,
            final double decay) {
        this(engine, parameters, rate, decay, true);
    }

    /**
     * Starts with zero moments.
     *
     * @param parameters trained; later steps change their values by their gradients
     * @param rate the learning rate, not negative
     * @param decay the weight decay, not negative
     * @param amsgrad whether a step divides by the largest second moment so far (Reddi et al. 2018)
     * @throws IllegalArgumentException if a setting is out of range
     */
    public AdamW(
            final Engine engine,
            final Parameters parameters,
            final double rate,
            final double decay,
            final boolean amsgrad) {
        Settings.notNegative("AdamW", "weightDecay", decay);
        this.parameters = parameters;
        this.alone = rule(decay, Float.POSITIVE_INFINITY, 1);
        this.rate = new Rate(engine, "AdamW", rate);
        final long length = parameters.gradients().length();
        this.firstMoments = engine.backend().allocate(DType.F32, length);
        this.secondMoments = engine.backend().allocate(DType.F32, length);
        this.largestSecondMoments = amsgrad ? engine.backend().allocate(DType.F32, length) : null;
        this.step = engine.backend().allocate(DType.I32, 1);
    }

    @Override
    public Parameters parameters() {
        return parameters;
    }

    @Override
    public void setRate(final double rate) {
        this.rate.set(rate);
    }

    private static AdamWRule rule(final double decay, final float limit, final float tau) {
        return new AdamWRule(BETA1, BETA2, EPS, decay, limit, tau);
    }

    @Override
    public void run(final Kernels kernels) {
        step(kernels, alone, null);
    }

    @Override
    public KernelCall thenSoftUpdate(final float limit, final Parameters target, final float tau) {
        final AdamWRule rule = rule(alone.decay(), limit, tau);
        final Buffer follower = target.values();
        final KernelCall statistics = Sweeps.softUpdateStatistics(parameters, target, tau);
        return kernels -> {
            step(kernels, rule, follower);
            statistics.run(kernels);
        };
    }

    private void step(final Kernels kernels, final AdamWRule rule, final Buffer target) {
        kernels.adamW(
                rule,
                parameters.values(),
                parameters.gradients(),
                firstMoments,
                secondMoments,
                largestSecondMoments,
                target,
                step,
                rate.buffer());
    }

    @Override
    public Map<String, Buffer> state() {
        final Map<String, Buffer> state = new LinkedHashMap<>();
        state.put("exp_avg", firstMoments);
        state.put("exp_avg_sq", secondMoments);
        if (largestSecondMoments != null) {
            state.put("max_exp_avg_sq", largestSecondMoments);
        }
        state.put("step", step);
        state.put("lr", rate.buffer());
        return state;
    }

    @Override
    public void close() {
        firstMoments.close();
        secondMoments.close();
        if (largestSecondMoments != null) {
            largestSecondMoments.close();
        }
        step.close();
        rate.close();
    }
}

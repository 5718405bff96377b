package greenwave.engine.optim;

import greenwave.engine.Engine;
import greenwave.engine.autograd.KernelCall;
import greenwave.engine.nn.Parameters;
import greenwave.kernels.Buffer;
import greenwave.kernels.DType;
import greenwave.kernels.Kernels;

import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;

/**
 * AdamW with AMSGrad, as torch.optim.AdamW(amsgrad=True) computes it (Loshchilov and Hutter 2019; Reddi et al. 2018).
 * Its defaults are PyTorch's: betas 0.9 and 0.999, eps 1e-8, weight decay 0.01.
 */
public final class AdamW implements KernelCall, AutoCloseable {
    private static final double BETA1 = 0.9;
    private static final double BETA2 = 0.999;
    private static final double EPS = 1e-8;

    private final Parameters parameters;
    private final Buffer firstMoments;
    private final Buffer secondMoments;
    private final Buffer largestSecondMoments;
    private final Buffer step; // on the device, so that a recorded step can be replayed
    private final Buffer rate;
    private final double decay;

    /**
     * Starts with zero moments.
     *
     * @param parameters trained; later steps change their values by their gradients
     * @param rate the learning rate, positive
     * @param decay the weight decay, not negative
     */
    public AdamW(
            final Engine engine,
            final Parameters parameters,
            final double rate,
            final double decay) {
        requireRate(rate);
        if (!(decay >= 0 && decay < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException(
                    "AdamW: weightDecay=%s, expected >= 0".formatted(decay));
        }
        this.parameters = parameters;
        this.decay = decay;
        final long length = parameters.gradients().length();
        this.firstMoments = engine.backend().allocate(DType.F32, length);
        this.secondMoments = engine.backend().allocate(DType.F32, length);
        this.largestSecondMoments = engine.backend().allocate(DType.F32, length);
        this.step = engine.backend().allocate(DType.I32, 1);
        this.rate = engine.backend().allocate(DType.F32, 1);
        setRate(rate);
    }

    private static void requireRate(final double rate) {
        if (!(rate > 0 && rate < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("AdamW: rate=%s, expected > 0".formatted(rate));
        }
    }

    /** Sets the learning rate of the steps to come; positive. */
    public void setRate(final double rate) {
        requireRate(rate);
        try (Arena arena = Arena.ofConfined()) {
            this.rate.upload(0, arena.allocateFrom(ValueLayout.JAVA_FLOAT, (float) rate), 0, 1);
        }
    }

    @Override
    public void run(final Kernels kernels) {
        kernels.adamW(
                parameters.values(),
                parameters.gradients(),
                firstMoments,
                secondMoments,
                largestSecondMoments,
                step,
                rate,
                BETA1,
                BETA2,
                EPS,
                decay);
    }

    /** Frees the moments; later calls do nothing. */
    @Override
    public void close() {
        firstMoments.close();
        secondMoments.close();
        largestSecondMoments.close();
        step.close();
        rate.close();
    }
}

package greenwave.engine.optim;

import greenwave.engine.Engine;
import greenwave.engine.nn.Parameters;
import greenwave.kernels.Buffer;
import greenwave.kernels.Kernels;

import java.util.Map;

/**
 * Adam as torch.optim.Adam computes it (Kingma and Ba 2015, arXiv:1412.6980): its weight decay is added to the gradients,
 * which a step therefore changes. PyTorch's defaults: betas 0.9 and 0.999, eps 1e-8, no weight decay, no AMSGrad.
 */
public final class Adam implements Optimizer {
    private final Parameters parameters;
    private final AdamW steps; // without decay the two are one
    private final float decay;

    /** Without weight decay and AMSGrad. */
    public Adam(final Engine engine, final Parameters parameters, final double rate) {
        this(engine, parameters, rate, 0, false);
    }

    /**
     * Starts with zero moments.
     *
     * @param rate the learning rate, not negative
     * @param decay the weight decay, not negative
     * @param amsgrad whether a step divides by the largest second moment so far (Reddi et al. 2018)
     * @throws IllegalArgumentException if a setting is out of range
     */
    public Adam(
            final Engine engine,
            final Parameters parameters,
            final double rate,
            final double decay,
            final boolean amsgrad) {
        Settings.notNegative("Adam", "weightDecay", decay);
        this.parameters = parameters;
        this.decay = (float) decay;
        this.steps = new AdamW(engine, parameters, rate, 0, amsgrad);
    }

    @Override
    public Parameters parameters() {
        return parameters;
    }

    @Override
    public void setRate(final double rate) {
        steps.setRate(rate);
    }

    @Override
    public void run(final Kernels kernels) {
        if (decay > 0) {
            kernels.addScaled(decay, parameters.values(), parameters.gradients());
        }
        steps.run(kernels);
    }

    @Override
    public Map<String, Buffer> state() {
        return steps.state();
    }

    @Override
    public void close() {
        steps.close();
    }
}

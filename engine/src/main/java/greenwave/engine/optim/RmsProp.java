package greenwave.engine.optim;

import greenwave.engine.Engine;
import greenwave.engine.nn.Parameters;
import greenwave.kernels.Buffer;
import greenwave.kernels.DType;
import greenwave.kernels.Kernels;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * RMSprop as torch.optim.RMSprop computes it (Tieleman and Hinton 2012; the centered form of Graves 2013,
 * arXiv:1308.0850, trained the first DQN). PyTorch's defaults: alpha 0.99, eps 1e-8, no momentum, not centered.
 */
public final class RmsProp implements Optimizer {
    private final Parameters parameters;
    private final Rate rate;
    private final Buffer squares;
    private final Buffer mean; // null unless centered
    private final Buffer velocity; // null without momentum
    private final double alpha;
    private final float eps;
    private final float momentum;
    private final float decay;

    /** With PyTorch's defaults. */
    public RmsProp(final Engine engine, final Parameters parameters, final double rate) {
        this(engine, parameters, rate, 0.99, 1e-8, 0, false, 0);
    }

    /**
     * Starts at rest.
     *
     * @param rate the learning rate, not negative
     * @param alpha the decay of the running means, in [0, 1)
     * @param eps added to the denominator, positive
     * @param momentum the share of the last step that a step keeps, in [0, 1)
     * @param centered whether the gradients' running mean is taken out of their spread
     * @param decay the weight decay, added to the gradients; not negative
     * @throws IllegalArgumentException if a setting is out of range
     */
    public RmsProp(
            final Engine engine,
            final Parameters parameters,
            final double rate,
            final double alpha,
            final double eps,
            final double momentum,
            final boolean centered,
            final double decay) {
        Settings.fraction("RMSprop", "alpha", alpha);
        Settings.require("RMSprop", "eps", eps, eps > 0, "> 0");
        Settings.fraction("RMSprop", "momentum", momentum);
        Settings.notNegative("RMSprop", "weightDecay", decay);
        this.parameters = parameters;
        this.alpha = alpha;
        this.eps = (float) eps;
        this.momentum = (float) momentum;
        this.decay = (float) decay;
        final long length = parameters.gradients().length();
        this.rate = new Rate(engine, "RMSprop", rate);
        this.squares = engine.backend().allocate(DType.F32, length);
        this.mean = centered ? engine.backend().allocate(DType.F32, length) : null;
        this.velocity = momentum > 0 ? engine.backend().allocate(DType.F32, length) : null;
    }

    @Override
    public Parameters parameters() {
        return parameters;
    }

    @Override
    public void setRate(final double rate) {
        this.rate.set(rate);
    }

    @Override
    public void run(final Kernels kernels) {
        kernels.rmsProp(
                parameters.values(),
                parameters.gradients(),
                squares,
                mean,
                velocity,
                rate.buffer(),
                alpha,
                eps,
                momentum,
                decay);
    }

    @Override
    public Map<String, Buffer> state() {
        final Map<String, Buffer> state = new LinkedHashMap<>();
        state.put("square_avg", squares);
        if (mean != null) {
            state.put("grad_avg", mean);
        }
        if (velocity != null) {
            state.put("momentum_buffer", velocity);
        }
        state.put("lr", rate.buffer());
        return state;
    }

    @Override
    public void close() {
        rate.close();
        squares.close();
        if (mean != null) {
            mean.close();
        }
        if (velocity != null) {
            velocity.close();
        }
    }
}

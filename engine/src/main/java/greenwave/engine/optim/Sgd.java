package greenwave.engine.optim;

import greenwave.engine.Engine;
import greenwave.engine.nn.Parameters;
import greenwave.kernels.Buffer;
import greenwave.kernels.DType;
import greenwave.kernels.Kernels;

import java.util.LinkedHashMap;
import java.util.Map;

/** Stochastic gradient descent as torch.optim.SGD computes it, with momentum if wanted (dampening is 0). */
public final class Sgd implements Optimizer {
    private final Parameters parameters;
    private final Rate rate;
    private final Buffer velocity; // null without momentum
    private final float momentum;
    private final boolean nesterov;
    private final float decay;

    /** Without momentum and weight decay. */
    public Sgd(final Engine engine, final Parameters parameters, final double rate) {
        this(engine, parameters, rate, 0, false, 0);
    }

    /**
     * Starts at rest.
     *
     * @param rate the learning rate, not negative
     * @param momentum the share of the last step that a step keeps, in [0, 1)
     * @param nesterov whether a step looks ahead along its momentum, which must then be positive
     * @param decay the weight decay, added to the gradients; not negative
     * @throws IllegalArgumentException if a setting is out of range
     */
    public Sgd(
            final Engine engine,
            final Parameters parameters,
            final double rate,
            final double momentum,
            final boolean nesterov,
            final double decay) {
        Settings.fraction("SGD", "momentum", momentum);
        Settings.require(
                "SGD", "momentum", momentum, momentum > 0 || !nesterov, "> 0 with nesterov");
        Settings.notNegative("SGD", "weightDecay", decay);
        this.parameters = parameters;
        this.momentum = (float) momentum;
        this.nesterov = nesterov;
        this.decay = (float) decay;
        this.rate = new Rate(engine, "SGD", rate);
        this.velocity =
                momentum > 0
                        ? engine.backend().allocate(DType.F32, parameters.gradients().length())
                        : null;
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
        kernels.sgd(
                parameters.values(),
                parameters.gradients(),
                velocity,
                rate.buffer(),
                momentum,
                nesterov,
                decay);
    }

    @Override
    public Map<String, Buffer> state() {
        final Map<String, Buffer> state = new LinkedHashMap<>();
        if (velocity != null) {
            state.put("momentum_buffer", velocity);
        }
        state.put("lr", rate.buffer());
        return state;
    }

    @Override
    public void close() {
        rate.close();
        if (velocity != null) {
            velocity.close();
        }
    }
}

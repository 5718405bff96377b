package greenwave.engine.optim;

import greenwave.engine.Engine;
import greenwave.engine.autograd.KernelCall;
import greenwave.engine.nn.Parameters;
import greenwave.kernels.Buffer;
import greenwave.kernels.DType;

/** Adds up the gradients of several batches, for one step on all of them. */
public final class GradientSum implements AutoCloseable {
    private final Parameters parameters;
    private final Buffer sum;

    /** Starts at zero. */
    public GradientSum(final Engine engine, final Parameters parameters) {
        this.parameters = parameters;
        this.sum = engine.backend().allocate(DType.F32, parameters.gradients().length());
    }

    /** {@return a call that adds the parameters' gradients to the sum} */
    public KernelCall add() {
        return k -> k.addScaled(1, parameters.gradients(), sum);
    }

    /** {@return a call that makes the sum the parameters' gradients and starts again at zero} */
    public KernelCall take() {
        return k -> {
            k.copy(sum, parameters.gradients());
            k.fill(sum, 0);
        };
    }

    /** Frees the sum; later calls do nothing. */
    @Override
    public void close() {
        sum.close();
    }
}

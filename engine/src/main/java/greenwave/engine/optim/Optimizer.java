package greenwave.engine.optim;

import greenwave.engine.Engine;
import greenwave.engine.autograd.KernelCall;
import greenwave.engine.nn.Parameters;
import greenwave.kernels.Buffer;

import java.util.Map;

/**
 * Changes parameters by their gradients: one step per run. Formulas and order of operations are PyTorch's, so that equal
 * gradients give equal weights.
 */
public interface Optimizer extends KernelCall, AutoCloseable {
    /** Makes an optimizer once there are parameters to train. */
    @FunctionalInterface
    interface Maker {
        /** {@return a new optimizer of {@code parameters}} */
        Optimizer make(Engine engine, Parameters parameters);
    }

    /** {@return what it changes} */
    Parameters parameters();

    /**
     * Sets the learning rate of the steps to come. Allocates nothing.
     *
     * @throws IllegalArgumentException unless {@code rate} is finite and not negative; the rate is unchanged
     */
    void setRate(double rate);

    /**
     * {@return a call that brings every gradient into [-limit, limit], takes a step as {@link #run} does, and moves {@code
     * target} by the fraction {@code tau} towards the new values}
     *
     * @param limit positive
     * @param target parameters of the same layout
     * @param tau in (0, 1]; 1 copies
     */
    default KernelCall thenSoftUpdate(final float limit, final Parameters target, final float tau) {
        final KernelCall clip = Sweeps.clipByValue(parameters(), limit);
        final KernelCall follow = Sweeps.softUpdate(parameters(), target, tau);
        return kernels -> {
            clip.run(kernels);
            run(kernels);
            follow.run(kernels);
        };
    }

    /**
     * {@return what it keeps between steps, such as moments, counts and the rate, by PyTorch's names: restored, the steps to
     * come are the same}
     */
    Map<String, Buffer> state();

    /** Frees what it keeps between steps; later calls do nothing. */
    @Override
    void close();
}

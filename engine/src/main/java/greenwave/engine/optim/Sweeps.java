package greenwave.engine.optim;

import greenwave.engine.autograd.KernelCall;
import greenwave.engine.nn.Parameters;
import greenwave.kernels.Buffer;

/** Single passes over a whole slab. */
public final class Sweeps {
    private Sweeps() {}

    /**
     * {@return a call that brings every gradient into [-limit, limit]}
     *
     * @param limit positive
     */
    public static KernelCall clipByValue(final Parameters parameters, final float limit) {
        if (!(limit > 0)) {
            throw new IllegalArgumentException(
                    "clipByValue: limit=%s, expected > 0".formatted(limit));
        }
        final Buffer gradients = parameters.gradients();
        return k -> k.clamp(gradients, -limit, limit, gradients);
    }

    /**
     * {@return a call that moves {@code target} by the fraction {@code tau} towards {@code online}}
     *
     * @param tau in (0, 1]; 1 copies
     */
    public static KernelCall softUpdate(
            final Parameters online, final Parameters target, final float tau) {
        if (!(tau > 0 && tau <= 1)) {
            throw new IllegalArgumentException(
                    "softUpdate: tau=%s, expected in (0, 1]".formatted(tau));
        }
        final Buffer from = online.values();
        final Buffer to = target.values();
        return k -> k.lerp(from, tau, to);
    }
}

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
     * {@return a call that scales all gradients alike so that their Euclidean norm is at most {@code limit}: PyTorch's
     * clip_grad_norm_}
     *
     * @param limit positive
     * @param norm f32 [1]: receives the norm before
     */
    public static KernelCall clipByNorm(
            final Parameters parameters, final float limit, final Buffer norm) {
        if (!(limit > 0)) {
            throw new IllegalArgumentException(
                    "clipByNorm: limit=%s, expected > 0".formatted(limit));
        }
        final Buffer gradients = parameters.gradients();
        return k -> k.clipNorm(gradients, limit, norm);
    }

    /**
     * {@return a call that moves {@code target}, weights and running statistics, by the fraction {@code tau} towards
     * {@code online}}
     *
     * @param tau in (0, 1]; 1 copies
     */
    public static KernelCall softUpdate(
            final Parameters online, final Parameters target, final float tau) {
        final KernelCall statistics = softUpdateStatistics(online, target, tau);
        final Buffer from = online.values();
        final Buffer to = target.values();
        return k -> {
            k.lerp(from, tau, to);
            statistics.run(k);
        };
    }

    /** As {@link #softUpdate}, of the running statistics alone. */
    static KernelCall softUpdateStatistics(
            final Parameters online, final Parameters target, final float tau) {
        if (!(tau > 0 && tau <= 1)) {
            throw new IllegalArgumentException(
                    "softUpdate: tau=%s, expected in (0, 1]".formatted(tau));
        }
        final Buffer from = online.statistics().orElse(null);
        if (from == null) {
            return k -> {};
        }
        final Buffer to = target.statistics().orElseThrow();
        return k -> k.lerp(from, tau, to);
    }
}

package greenwave.engine.replay;

import java.util.concurrent.atomic.AtomicLong;

/**
 * How errors become priorities (Schaul et al. 2016, section 3.3, proportional variant): (|error| + eps)^alpha. New transitions
 * have the largest seen so far, 1 at first. Any thread uses it.
 */
final class Priorities {
    private final double alpha;
    private final double eps;
    private final double limit; // of what the tree can hold
    private final AtomicLong largest =
            new AtomicLong(Double.doubleToRawLongBits(1)); // bits sort as positive doubles do

    Priorities(final double alpha, final double eps, final double limit) {
        this.alpha = alpha;
        this.eps = eps;
        this.limit = limit;
    }

    /** {@return the priority of a transition with that error, at most what the tree can hold} */
    double of(final double error) {
        return Math.min(limit, Math.pow(Math.abs(error) + eps, alpha));
    }

    /** Takes note of a priority that was given. */
    void given(final double priority) {
        final long bits = Double.doubleToRawLongBits(priority);
        if (bits > largest.getOpaque()) { // seldom: a shared cache line is not written for nothing
            largest.accumulateAndGet(bits, Math::max);
        }
    }

    /** {@return the priority of a new transition} */
    double largest() {
        return Double.longBitsToDouble(largest.getOpaque());
    }

    /** {@return the bits of {@link #largest}, to be stored and restored} */
    AtomicLong state() {
        return largest;
    }
}

package greenwave.engine.replay;

import java.util.concurrent.atomic.AtomicLong;

/**
 * The smallest priority in a tree, tracked: falling at once, and rising whenever the whole tree is read, which is once in as
 * many changes as it has slots. In between it may be that of a transition already gone, and so a little too small: weights
 * are then smaller by one common factor. Any thread uses it.
 */
final class SmallestPriority {
    private final SumTree tree;
    private final AtomicLong value =
            new AtomicLong(Double.doubleToRawLongBits(1)); // bits sort as positive doubles do
    private final AtomicLong changes = new AtomicLong(); // since the tree was last read

    SmallestPriority(final SumTree tree) {
        this.tree = tree;
    }

    /** Takes note of a priority that was given. */
    void given(final double priority) {
        final long bits = Double.doubleToRawLongBits(priority);
        if (bits < value.getOpaque()) {
            value.accumulateAndGet(bits, Math::min);
        }
        changes.incrementAndGet();
    }

    /** {@return it} */
    double get() {
        if (changes.get() >= tree.capacity()) {
            changes.set(0);
            value.set(Double.doubleToRawLongBits(tree.minPriority()));
        }
        return Double.longBitsToDouble(value.get());
    }

    /** {@return the bits of its value, to be stored and restored, as {@link #changes}} */
    AtomicLong value() {
        return value;
    }

    AtomicLong changes() {
        return changes;
    }
}

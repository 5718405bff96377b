package greenwave.engine.autograd;

import greenwave.kernels.Buffer;
import greenwave.kernels.DType;

/** A buffer that a plan needs from one of its steps to another; where it lies is decided once all steps are known. */
final class Slot {
    private final DType dtype;
    private final long length;
    private int first = Integer.MAX_VALUE;
    private int last = -1;
    private boolean kept;
    private Buffer buffer;

    /** A slot of the plan's own memory. */
    Slot(final DType dtype, final long length) {
        this.dtype = dtype;
        this.length = length;
    }

    /** Memory that outlives the plan, such as a parameter's. */
    static Slot outside(final Buffer buffer) {
        final Slot slot = new Slot(buffer.dtype(), buffer.length());
        slot.buffer = buffer;
        slot.kept = true;
        return slot;
    }

    DType dtype() {
        return dtype;
    }

    long length() {
        return length;
    }

    long bytes() {
        return length * dtype.bytes();
    }

    /** Says that step {@code step} reads or writes it. */
    void use(final int step) {
        first = Math.min(first, step);
        last = Math.max(last, step);
    }

    /** Says that it holds its numbers from before the first step until after the last. */
    void keep() {
        kept = true;
    }

    boolean kept() {
        return kept;
    }

    /** {@return whether both hold numbers at the same time} */
    boolean overlaps(final Slot other) {
        return kept || other.kept || first <= other.last && other.first <= last;
    }

    /** {@return whether the plan must find memory for it} */
    boolean needsMemory() {
        return buffer == null && (kept || last >= 0);
    }

    void place(final Buffer buffer) {
        this.buffer = buffer;
    }

    /** {@return where it lies; null as long as that is undecided, or if no step uses it} */
    Buffer buffer() {
        return buffer;
    }
}

package greenwave.engine.replay;

import greenwave.kernels.HostMemory;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * What a transition is beside its observations, off heap: a record per slot, since a draw wants all of it and meets one cache
 * line instead of seven. Says nothing about who may read or write a slot.
 */
final class Facts {
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;
    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;
    private static final int OBSERVED = 0;
    private static final int NEXT = 4;
    private static final int ACTION = 8;
    private static final int REWARD = 12;
    private static final int DISCOUNT = 16;
    private static final int EPISODE = 20;
    private static final int LEGAL = 24;

    private final long stride;
    private final int actions;
    private final MemorySegment records;

    Facts(final int capacity, final int actions, final Arena arena) {
        this.stride = bytesOfOne(actions);
        this.actions = actions;
        this.records = HostMemory.allocate(arena, capacity * stride, 64);
    }

    /** {@return the bytes of one record} */
    static long bytesOfOne(final int actions) {
        return LEGAL + (long) actions;
    }

    MemorySegment records() {
        return records;
    }

    void write(
            final int slot,
            final int observed,
            final int action,
            final float reward,
            final float discount,
            final int next,
            final int episode) {
        final long at = slot * stride;
        records.set(INT, at + OBSERVED, observed);
        records.set(INT, at + NEXT, next);
        records.set(INT, at + ACTION, action);
        records.set(FLOAT, at + REWARD, reward);
        records.set(FLOAT, at + DISCOUNT, discount);
        records.set(INT, at + EPISODE, episode);
    }

    void writeLegal(final int slot, final MemorySegment from, final int row) {
        MemorySegment.copy(from, (long) row * actions, records, slot * stride + LEGAL, actions);
    }

    /** Fetches the records of {@code slots}, those not negative, into the caches; the value means nothing. */
    int touch(final int[] slots) {
        final MemorySegment records = this.records;
        final long stride = this.stride;
        int sum = 0;
        for (final int slot : slots) { // a record may lie in two cache lines
            final long at = Math.max(0, slot) * stride;
            sum += records.get(ValueLayout.JAVA_BYTE, at);
            sum += records.get(ValueLayout.JAVA_BYTE, at + stride - 1);
        }
        return sum;
    }

    int observed(final int slot) {
        return records.get(INT, slot * stride + OBSERVED);
    }

    int next(final int slot) {
        return records.get(INT, slot * stride + NEXT);
    }

    int action(final int slot) {
        return records.get(INT, slot * stride + ACTION);
    }

    float reward(final int slot) {
        return records.get(FLOAT, slot * stride + REWARD);
    }

    float discount(final int slot) {
        return records.get(FLOAT, slot * stride + DISCOUNT);
    }

    int episode(final int slot) {
        return records.get(INT, slot * stride + EPISODE);
    }

    void copyLegal(final int slot, final MemorySegment to, final int row) {
        MemorySegment.copy(records, slot * stride + LEGAL, to, (long) row * actions, actions);
    }
}

package greenwave.engine.replay;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;

/** A counter that many threads draw from, alone in its cache lines: every writer moves it, nothing else should wait for it. */
final class Tickets {
    /** What it takes off the heap: two cache lines, for they are fetched in pairs. */
    static final int BYTES = 128;

    private static final VarHandle COUNT =
            ValueLayout.JAVA_LONG.varHandle().withInvokeExactBehavior();

    private final MemorySegment count;

    Tickets(final Arena arena) {
        this.count = arena.allocate(BYTES, BYTES);
    }

    /** {@return a number that no other call returns, from 0} */
    long next() {
        return (long) COUNT.getAndAdd(count, 0L, 1L);
    }

    /** {@return how many were given out} */
    long given() {
        return (long) COUNT.getOpaque(count, 0L);
    }

    /** Goes on after {@code given} tickets, while nobody draws. */
    void restore(final long given) {
        COUNT.setOpaque(count, 0L, given);
    }
}

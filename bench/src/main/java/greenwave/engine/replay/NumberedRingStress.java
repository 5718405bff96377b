package greenwave.engine.replay;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.IIII_Result;
import org.openjdk.jcstress.infra.results.III_Result;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Stress tests of {@link NumberedRing}, which only its own package sees; each says which of its notes it is about. A payload
 * is two words, equal when it is whole.
 */
public final class NumberedRingStress {
    private NumberedRingStress() {}

    /** A ring of one entry, which holds number 0 with payload 1. */
    private static final class Entry {
        final Arena arena = Arena.ofShared();
        final NumberedRing ring = new NumberedRing(1, arena);
        final MemorySegment payload = arena.allocate(ValueLayout.JAVA_INT, 2);

        Entry() {
            overwrite(1);
        }

        void overwrite(final int value) {
            final int number = ring.claim();
            payload.setAtIndex(ValueLayout.JAVA_INT, 0, value);
            payload.setAtIndex(ValueLayout.JAVA_INT, 1, value);
            ring.publish(number);
        }

        int read(final int word) {
            return payload.getAtIndex(ValueLayout.JAVA_INT, word);
        }
    }

    /** Note 3: a reader who was told a number before its entry is overwritten. */
    @JCStressTest
    @State
    @Outcome(id = "1, 1, 1", expect = Expect.ACCEPTABLE, desc = "Read before the overwrite: whole.")
    @Outcome(id = ".*, .*, 0", expect = Expect.ACCEPTABLE, desc = "Overwritten, and noticed.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "A torn or later copy passed for the one meant.")
    public static class OverwriteWhileReading {
        private final Entry entry = new Entry();

        /** For jcstress. */
        public OverwriteWhileReading() {}

        /** Overwrites. */
        @Actor
        public void writer() {
            entry.overwrite(2);
        }

        /** Copies number 0. */
        @Actor
        public void reader(final III_Result r) {
            r.r1 = entry.read(0);
            r.r2 = entry.read(1);
            r.r3 = entry.ring.stillHolds(0) ? 1 : 0;
        }

        /** Frees the memory. */
        @Arbiter
        public void close() {
            entry.arena.close();
        }
    }

    /** Note 3: a reader who finds the number in the entry itself. */
    @JCStressTest
    @State
    @Outcome(id = "0, 1, 1, 1", expect = Expect.ACCEPTABLE, desc = "The old one, whole.")
    @Outcome(id = "1, 2, 2, 1", expect = Expect.ACCEPTABLE, desc = "The new one, whole.")
    @Outcome(id = "0, .*, .*, 0", expect = Expect.ACCEPTABLE, desc = "Overwritten, and noticed.")
    @Outcome(id = "-1, 0, 0, 0", expect = Expect.ACCEPTABLE, desc = "Being written.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "A copy that is not of the number found.")
    public static class OverwriteWhileFinding {
        private final Entry entry = new Entry();

        /** For jcstress. */
        public OverwriteWhileFinding() {}

        /** Overwrites. */
        @Actor
        public void writer() {
            entry.overwrite(2);
        }

        /** Copies whatever number is there. */
        @Actor
        public void reader(final IIII_Result r) {
            r.r1 = entry.ring.numberAt(0);
            if (r.r1 != NumberedRing.NONE) {
                r.r2 = entry.read(0);
                r.r3 = entry.read(1);
                r.r4 = entry.ring.stillHolds(r.r1) ? 1 : 0;
            }
        }

        /** Frees the memory. */
        @Arbiter
        public void close() {
            entry.arena.close();
        }
    }

    /** Note 2: writers that meet in one entry write it one after the other. */
    @JCStressTest
    @State
    @Outcome(
            id = {"2, 2, 1", "3, 3, 1"},
            expect = Expect.ACCEPTABLE,
            desc = "One of them was last.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "Both wrote at once.")
    public static class WritersOfOneEntry {
        private final Entry entry = new Entry();

        /** For jcstress. */
        public WritersOfOneEntry() {}

        /** Overwrites. */
        @Actor
        public void one() {
            entry.overwrite(2);
        }

        /** Overwrites, too. */
        @Actor
        public void two() {
            entry.overwrite(3);
        }

        /** Reads what is left. */
        @Arbiter
        public void left(final III_Result r) {
            r.r1 = entry.read(0);
            r.r2 = entry.read(1);
            r.r3 = entry.ring.numberAt(0) > 0 ? 1 : 0;
            entry.arena.close();
        }
    }
}

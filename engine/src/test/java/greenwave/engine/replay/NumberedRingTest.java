package greenwave.engine.replay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.lang.foreign.Arena;

class NumberedRingTest {
    @Test
    void anEntryHoldsTheNumberThatWasLastPublishedThere() {
        try (Arena arena = Arena.ofConfined()) {
            final NumberedRing ring = new NumberedRing(3, arena);
            assertEquals(NumberedRing.NONE, ring.numberAt(0));
            for (int i = 0; i < 7; i++) {
                assertEquals(Math.min(i, 3), ring.used());
                final int number = ring.claim();
                assertEquals(i, number);
                assertEquals(NumberedRing.NONE, ring.numberAt(i % 3));
                assertFalse(ring.stillHolds(number));
                ring.publish(number);
                assertEquals(number, ring.numberAt(ring.index(number)));
                assertTrue(ring.stillHolds(number));
                assertFalse(i >= 3 && ring.stillHolds(number - 3));
            }
        }
    }

    @Test
    void aWriterGoesPastAnEntryThatAnotherIsStillWriting() {
        try (Arena arena = Arena.ofConfined()) {
            final NumberedRing ring = new NumberedRing(2, arena);
            final int slow = ring.claim();
            ring.publish(ring.claim());
            final int next = ring.claim(); // 2 would be the entry of 0
            assertEquals(3, next);
            ring.publish(next);
            ring.publish(slow);
            assertTrue(ring.stillHolds(slow));
            assertTrue(ring.stillHolds(3));
        }
    }

    @Test
    void numbersStartAgainAfterWholeLaps() {
        try (Arena arena = Arena.ofConfined()) {
            final NumberedRing ring = new NumberedRing(3, arena);
            final int period = ((1 << 30) - 1) / 3 * 3;
            ring.tickets().restore(period - 1);
            final int last = ring.claim();
            assertEquals(period - 1, last);
            ring.publish(last);
            assertTrue(ring.stillHolds(last));
            final int first = ring.claim();
            assertEquals(0, first);
            ring.publish(first);
            assertEquals(0, ring.numberAt(0));
            assertEquals(last, ring.numberAt(2));
        }
    }
}

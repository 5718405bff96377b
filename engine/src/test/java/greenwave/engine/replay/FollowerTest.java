package greenwave.engine.replay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;

class FollowerTest {
    private final NumberedRing ring = new NumberedRing(4, Arena.ofAuto());
    private final Follower follower = new Follower(ring, 4);
    private final List<Integer> told = new ArrayList<>();

    private int write() {
        final int number = ring.claim();
        ring.publish(number);
        return number;
    }

    /** The numbers that the follower tells of. */
    private List<Integer> follow() {
        told.clear();
        follower.follow(
                (index, number) -> {
                    assertEquals(number % 4, index);
                    return told.add(number);
                });
        return List.copyOf(told);
    }

    @Test
    void tellsOfEachWritingOnce() {
        assertEquals(List.of(), follow());
        write();
        write();
        assertEquals(List.of(0, 1), follow());
        assertEquals(List.of(), follow());
        for (int i = 2; i < 6; i++) {
            write();
        }
        assertEquals(List.of(2, 3, 4, 5), follow());
    }

    @Test
    void tellsOfTheLastWritingOnlyOnceLapped() {
        for (int i = 0; i < 11; i++) {
            write();
        }
        assertEquals(List.of(7, 8, 9, 10), follow());
    }

    @Test
    void comesBackToWhatWasBeingWritten() {
        final int late = ring.claim();
        write();
        assertEquals(List.of(1), follow());
        assertEquals(List.of(), follow());
        ring.publish(late);
        assertEquals(List.of(0), follow());
        assertEquals(List.of(), follow());
    }

    @Test
    void tellsOfAnEntryOnceEvenIfItWasWaiting() {
        final int late = ring.claim();
        follow();
        ring.publish(late);
        for (int i = 0; i < 4; i++) {
            write();
        }
        assertEquals(List.of(1, 2, 3, 4), follow());
    }

    @Test
    void comesBackToWhatChangedWhileItWasCopied() {
        write();
        follower.follow((_, _) -> false);
        assertEquals(List.of(0), follow());
    }

    @Test
    void leavesOutWhatAWriterHadToPassBy() {
        final int late = ring.claim(); // entry 0
        for (int i = 1; i < 5; i++) {
            write(); // the last one's ticket is for entry 0, too: it takes entry 1
        }
        assertEquals(List.of(5, 2, 3), sorted(follow()));
        ring.publish(late);
        assertEquals(List.of(0), follow());
    }

    private static List<Integer> sorted(final List<Integer> numbers) {
        return numbers.stream().sorted((a, b) -> Integer.compare(a % 4, b % 4)).toList();
    }

    @Test
    void startsAnewWithAllThatIsInUse() {
        write();
        write();
        follow();
        follower.restart();
        assertEquals(List.of(0, 1), follow());
        write();
        assertEquals(List.of(2), follow());
    }

    @Test
    void knowsWhetherAnEntryHasChanged() {
        write();
        assertTrue(follower.holds(0, 0));
        for (int i = 0; i < 4; i++) {
            write();
        }
        assertFalse(follower.holds(0, 0));
    }
}

package greenwave.engine.replay;

import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.BitSet;

/**
 * Finds the entries of a ring that have been written since it last looked, while others write. Entries are written in the
 * order of tickets, ticket t belonging to entry t modulo the length; each writing gives an entry another stamp. One whose
 * writer has a ticket but is not done is looked at again. Of one thread.
 */
final class Follower {
    /** Stands for an entry that is being written. */
    static final int BUSY = -1;

    private static final int NEVER = -2; // what no entry has

    /** What is followed. */
    interface Ring {
        /** {@return how many tickets were given out} */
        long given();

        /** {@return the stamp of an entry, whose payload may then be read, or {@link #BUSY}} */
        int stampAt(int index);
    }

    /** What is told of entries. */
    @FunctionalInterface
    interface Copier {
        /** {@return whether the entry was copied as it is with {@code stamp}; false if it has another by now} */
        boolean copy(int index, int stamp);
    }

    private final Ring ring;
    private final int[] stamp; // by entry: as it was last copied
    private final BitSet waiting = new BitSet(); // entries that are to be looked at again
    private int[] queue = new int[16]; // those, and some that are not waiting any more
    private int queued;
    private long seen; // tickets

    /** Starts with all entries of a ring of that length that is in use. */
    Follower(final Ring ring, final int length) {
        this.ring = ring;
        this.stamp = new int[length];
        restart();
    }

    /** {@return whether the entry still has that stamp; if so, what was read of it since is whole} */
    boolean holds(final int index, final int was) {
        VarHandle.acquireFence(); // reads of the payload stay before that of the stamp
        return ring.stampAt(index) == was;
    }

    /** Starts anew: all entries that are in use count as written since. */
    void restart() {
        final int used = (int) Math.min(stamp.length, ring.given());
        Arrays.fill(stamp, 0, used, NEVER);
        for (int index = used; index < stamp.length; index++) {
            stamp[index] = ring.stampAt(index);
        }
        waiting.clear();
        queued = 0;
        seen = 0;
    }

    /**
     * Tells {@code copier} of each entry written since the last call; those being written are left to the next. No entry is
     * told of twice.
     */
    void follow(final Copier copier) {
        final long given = ring.given();
        final long from = Math.max(seen, given - stamp.length);
        final int again = queued;
        queued = 0;
        for (int i = 0; i < again; i++) {
            final int index = queue[i];
            if (waiting.get(index)) {
                waiting.clear(index);
                final long after = Math.floorMod(index - from, (long) stamp.length);
                if (after >= given - from) { // else it is looked at below
                    look(index, copier);
                }
            }
        }
        for (long t = from; t < given; t++) {
            look((int) (t % stamp.length), copier);
        }
        seen = given;
    }

    private void look(final int index, final Copier copier) {
        final int now = ring.stampAt(index);
        if (now != BUSY && now != stamp[index] && copier.copy(index, now)) {
            stamp[index] = now;
            waiting.clear(index);
        } else if (!waiting.get(index)) {
            waiting.set(index);
            if (queued == queue.length) {
                queue = Arrays.copyOf(queue, 2 * queued);
            }
            queue[queued++] = index;
        }
    }
}

package greenwave.engine.replay;

import greenwave.kernels.HostMemory;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;

/**
 * Says, for each entry of a ring, which number it holds: the entries' payload is elsewhere. Any number of threads overwrite
 * and read entries; nobody waits for anybody.
 *
 * <p>A writer {@link #claim}s a number, writes the payload of entry {@code number % length} and {@link #publish}es it. A
 * reader who has been told a number copies the payload and asks {@link #stillHolds}.
 *
 * <p>The notes are the proof.
 *
 * <ol>
 *   <li><b>Numbers.</b> A ticket is given out once; a number is its ticket modulo the largest multiple of the length within
 *       2^30. So one number comes back only after 2^30 - length others: a reader would have to be held up for all of them
 *       and then meet exactly its own.
 *   <li><b>One writer.</b> An entry is one word: {@code (number + 1) * 2 + busy}, 0 if it was never written. A claim sets it by
 *       compare-and-exchange from a word that was not busy, and only the claimant clears the bit. A writer that finds its
 *       entry busy, which is one that a whole lap has passed, draws another ticket.
 *   <li><b>Whole payloads.</b> The writer: sets busy; store-store fence; payload; release store of the word. The reader was told
 *       the number through a release and acquire that follow the publication, so it sees that payload or a later one; then
 *       it reads the payload; acquire fence; the word. Whoever has seen a payload of a later number finds the word at least
 *       at that number, busy. If it is still the reader's number and not busy, the copy is whole.
 *   <li><b>Lock-free.</b> An exchange fails, and an entry is busy, only because another thread has claimed.
 * </ol>
 *
 * Source: Boehm 2012, Can seqlocks get along with programming language memory models? (note 3).
 */
final class NumberedRing implements Follower.Ring {
    /** Stands for an entry that holds nothing, or is being written. */
    static final int NONE = -1;

    /** The longest ring. */
    static final int MAX_LENGTH = 1 << 29;

    private static final int MAX_PERIOD = (1 << 30) - 1; // a word is not negative
    private static final int BUSY = 1;
    private static final VarHandle WORD =
            ValueLayout.JAVA_INT.varHandle().withInvokeExactBehavior();

    private final int length;
    private final int period; // numbers are in [0, period)
    private final MemorySegment words;
    private final Tickets tickets;

    /** Takes {@link #bytes} from {@code arena}; {@code length} is in [1, {@link #MAX_LENGTH}]. */
    NumberedRing(final int length, final Arena arena) {
        this.length = length;
        this.period = MAX_PERIOD / length * length;
        this.words = HostMemory.allocate(arena, (long) length * Integer.BYTES, Tickets.BYTES);
        this.tickets = new Tickets(arena);
    }

    /** {@return the bytes of a ring of that length} */
    static long bytes(final int length) {
        return (long) length * Integer.BYTES + Tickets.BYTES;
    }

    /** {@return the number of entries} */
    int length() {
        return length;
    }

    /** {@return how many entries have been written} They may be being written still. */
    int used() {
        return (int) Math.min(length, tickets.given());
    }

    /** {@return the entry that belongs to {@code number}} */
    int index(final int number) {
        return number % length;
    }

    /** {@return a number whose entry nobody else writes until {@link #publish}, which must follow} */
    int claim() {
        while (true) {
            final int number = (int) (tickets.next() % period); // note 1
            final long at = at(number % length);
            final int word = (int) WORD.getOpaque(words, at);
            if ((word & BUSY) == 0
                    && WORD.compareAndSet(words, at, word, word(number) | BUSY)) { // note 2
                VarHandle.storeStoreFence(); // note 3
                return number;
            }
        }
    }

    /** Ends the writing of {@code number}, which this thread has claimed. */
    void publish(final int number) {
        WORD.setRelease(words, at(number % length), word(number)); // note 3
    }

    /** {@return the number that entry {@code index} holds, or {@link #NONE}; its payload may be read} */
    int numberAt(final int index) {
        final int word = (int) WORD.getAcquire(words, at(index)); // note 3
        return (word & BUSY) == 0 ? (word >> 1) - 1 : NONE;
    }

    @Override
    public long given() {
        return tickets.given();
    }

    @Override
    public int stampAt(final int index) {
        return numberAt(index);
    }

    /** {@return whether the entry of {@code number} holds it; if so, what was read of its payload before is whole} */
    boolean stillHolds(final int number) {
        VarHandle.acquireFence(); // note 3
        return (int) WORD.getOpaque(words, at(number % length)) == word(number);
    }

    /** Fetches the words of {@code numbers}, those not negative, into the caches; the value means nothing. */
    int touch(final int[] numbers) {
        final MemorySegment words = this.words;
        final int length = this.length;
        int sum = 0;
        for (final int number : numbers) {
            sum += words.get(ValueLayout.JAVA_INT, at(Math.max(0, number) % length));
        }
        return sum;
    }

    private static int word(final int number) {
        return number + 1 << 1;
    }

    private static long at(final int index) {
        return (long) index << 2;
    }

    /** {@return the words, to be stored and restored while nobody writes} */
    MemorySegment words() {
        return words;
    }

    /** {@return the counter, likewise} */
    Tickets tickets() {
        return tickets;
    }
}

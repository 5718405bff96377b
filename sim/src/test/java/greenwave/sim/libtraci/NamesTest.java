package greenwave.sim.libtraci;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import org.junit.jupiter.api.Test;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Texts keep their numbers, however many there are and whatever they hold. */
class NamesTest {
    private static final int MANY = 5000; // the table and the bytes grow several times

    private static String text(final int i) {
        return i % 7 == 0 ? "Straße " + i : "flow." + i;
    }

    @Test
    void numbersAreThoseOfFirstSight() {
        final Names names = new Names();
        for (int episode = 0; episode < 2; episode++) {
            for (int i = 0; i < MANY; i++) {
                assertEquals(i, names.of(text(i)));
            }
            for (int i = 0; i < MANY; i++) {
                final byte[] utf8 = ("x" + text(i)).getBytes(StandardCharsets.UTF_8);
                assertEquals(i, names.of(ByteBuffer.wrap(utf8), 1, utf8.length - 1));
                assertEquals(text(i), names.text(i));
                assertSame(names.text(i), names.text(i));
                assertEquals(utf8.length - 1, names.length(i));
            }
            assertEquals(MANY, names.size());
            names.clear();
            assertEquals(0, names.size());
        }
    }

    @Test
    void theEmptyTextIsAName() {
        final Names names = new Names();
        assertEquals(0, names.of(""));
        assertEquals(1, names.of("a"));
        assertEquals(0, names.of(""));
        assertEquals("", names.text(0));
    }
}

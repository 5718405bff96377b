package greenwave.sim.libtraci;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Texts of one world as small numbers, 0, 1, 2... in the order in which they were first seen: what
 * comes over the wire is compared byte by byte, and becomes a {@link String} only where one is asked
 * for. Kept for a next episode, its memory is used again. One thread.
 */
public final class Names {
    private static final int NONE = -1;

    private byte[] bytes = new byte[1024]; // UTF-8, one name after another
    private int[] ends = new int[64];
    private int[] hashes = new int[64];
    private String[] texts = new String[64]; // null until asked for
    private int[] table = new int[256]; // open addressing, at most half full
    private int size;

    /** No names. */
    public Names() {
        Arrays.fill(table, NONE);
    }

    /** Forgets all names. */
    public void clear() {
        Arrays.fill(table, NONE);
        Arrays.fill(texts, 0, size, null);
        size = 0;
    }

    /** {@return how many there are} */
    public int size() {
        return size;
    }

    /** {@return the number of the text in {@code length} bytes of {@code in} from {@code from} on} */
    public int of(final ByteBuffer in, final int from, final int length) {
        int hash = length;
        for (int i = 0; i < length; i++) {
            hash = 31 * hash + in.get(from + i);
        }
        hash ^= hash >>> 15;
        int place = hash & table.length - 1;
        while (table[place] != NONE) {
            if (hashes[table[place]] == hash && equal(table[place], in, from, length)) {
                return table[place];
            }
            place = place + 1 & table.length - 1;
        }
        return add(in, from, length, hash, place);
    }

    /** {@return the number of {@code text}} */
    public int of(final String text) {
        final byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        return of(ByteBuffer.wrap(utf8), 0, utf8.length);
    }

    private boolean equal(final int name, final ByteBuffer in, final int from, final int length) {
        if (length(name) != length) {
            return false;
        }
        final int start = start(name);
        for (int i = 0; i < length; i++) {
            if (bytes[start + i] != in.get(from + i)) {
                return false;
            }
        }
        return true;
    }

    private int add(
            final ByteBuffer in,
            final int from,
            final int length,
            final int hash,
            final int place) {
        final int name = size;
        final int start = start(name);
        if (name == ends.length) {
            ends = Arrays.copyOf(ends, 2 * name);
            hashes = Arrays.copyOf(hashes, 2 * name);
            texts = Arrays.copyOf(texts, 2 * name);
        }
        if (start + length > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, start + length));
        }
        in.get(from, bytes, start, length);
        ends[name] = start + length;
        hashes[name] = hash;
        table[place] = name;
        size++;
        if (2 * size > table.length) {
            rehash();
        }
        return name;
    }

    private void rehash() {
        table = new int[2 * table.length];
        Arrays.fill(table, NONE);
        for (int name = 0; name < size; name++) {
            int place = hashes[name] & table.length - 1;
            while (table[place] != NONE) {
                place = place + 1 & table.length - 1;
            }
            table[place] = name;
        }
    }

    private int start(final int name) {
        return name == 0 ? 0 : ends[name - 1];
    }

    /** {@return bytes of a name in UTF-8} */
    public int length(final int name) {
        return ends[name] - start(name);
    }

    /** Puts a name at {@code out}'s position, in UTF-8. */
    public void put(final int name, final ByteBuffer out) {
        out.put(bytes, start(name), length(name));
    }

    /** {@return the text of a name; the same object every time} */
    public String text(final int name) {
        if (texts[name] == null) {
            texts[name] = new String(bytes, start(name), length(name), StandardCharsets.UTF_8);
        }
        return texts[name];
    }
}

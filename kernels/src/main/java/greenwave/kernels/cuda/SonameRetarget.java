package greenwave.kernels.cuda;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Makes a shared object ask for another version of a library: {@code libcublas.so.13} instead of {@code libcublas.so.12}.
 * The dynamic section names the library once, the version requirement names it again beside a hash of that name; both
 * are rewritten where they stand, so the two names must be equally long.
 *
 * <p>Source of the layout: System V ABI, "Dynamic Section"; LSB Core, "Symbol Versioning". ELF64, little-endian.
 */
final class SonameRetarget {
    private static final int PROGRAM_LOAD = 1;
    private static final int PROGRAM_DYNAMIC = 2;
    private static final long DYNAMIC_NEEDED = 1;
    private static final long DYNAMIC_STRING_TABLE = 5;
    private static final long DYNAMIC_VERSION_NEED = 0x6ffffffeL;
    private static final long DYNAMIC_VERSION_NEED_COUNT = 0x6fffffffL;

    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT =
            ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final MemorySegment elf;
    private final String from;
    private final String to;
    private long strings; // where the string table starts in the file

    private SonameRetarget(final byte[] elf, final String from, final String to) {
        this.elf = MemorySegment.ofArray(elf);
        this.from = from;
        this.to = to;
    }

    /**
     * Rewrites {@code elf} in place.
     *
     * @throws IllegalArgumentException if the names differ in length, or the object does not need {@code from}; nothing
     *     is written
     */
    static void retarget(final byte[] elf, final String from, final String to) {
        if (from.length() != to.length()) {
            throw new IllegalArgumentException(
                    "retarget: from=%s, to=%s, expected equal lengths".formatted(from, to));
        }
        if (!new SonameRetarget(elf, from, to).run()) {
            throw new IllegalArgumentException(
                    "retarget: from=%s, expected a library that the object needs".formatted(from));
        }
    }

    private boolean run() {
        final long headers = elf.get(LONG, 32);
        final int headerSize = elf.get(SHORT, 54);
        final int headerCount = elf.get(SHORT, 56);
        long dynamic = -1;
        for (int i = 0; i < headerCount; i++) {
            final long header = headers + (long) i * headerSize;
            if (elf.get(INT, header) == PROGRAM_DYNAMIC) {
                dynamic = elf.get(LONG, header + 8);
            }
        }
        if (dynamic < 0) {
            return false;
        }
        strings = fileOffset(dynamicValue(dynamic, DYNAMIC_STRING_TABLE));
        boolean needed = false;
        for (long entry = dynamic; elf.get(LONG, entry) != 0; entry += 16) {
            if (elf.get(LONG, entry) == DYNAMIC_NEEDED) {
                needed |= rename(elf.get(LONG, entry + 8));
            }
        }
        final long versions = dynamicValue(dynamic, DYNAMIC_VERSION_NEED);
        if (needed && versions != 0) {
            renameVersions(fileOffset(versions), dynamicValue(dynamic, DYNAMIC_VERSION_NEED_COUNT));
        }
        return needed;
    }

    /** A file that is needed, and after it the versions of it that are. The file's name may share a string with NEEDED. */
    private void renameVersions(final long start, final long count) {
        long file = start;
        for (long i = 0; i < count; i++) {
            final long name = Integer.toUnsignedLong(elf.get(INT, file + 4));
            if (rename(name) || isAt(name, to)) {
                long version = file + elf.get(INT, file + 8);
                for (int k = 0; k < elf.get(SHORT, file + 2); k++) {
                    final long versionName = Integer.toUnsignedLong(elf.get(INT, version + 8));
                    if (rename(versionName) || isAt(versionName, to)) {
                        elf.set(INT, version, hash(to));
                    }
                    version += elf.get(INT, version + 12);
                }
            }
            file += elf.get(INT, file + 12);
        }
    }

    /** Renames the string at {@code offset} of the string table if it is the one sought. */
    private boolean rename(final long offset) {
        if (!isAt(offset, from)) {
            return false;
        }
        elf.setString(strings + offset, to, StandardCharsets.US_ASCII);
        return true;
    }

    private boolean isAt(final long offset, final String name) {
        return elf.getString(strings + offset, StandardCharsets.US_ASCII).equals(name);
    }

    private long dynamicValue(final long dynamic, final long tag) {
        for (long entry = dynamic; elf.get(LONG, entry) != 0; entry += 16) {
            if (elf.get(LONG, entry) == tag) {
                return elf.get(LONG, entry + 8);
            }
        }
        return 0;
    }

    /** Where an address of the loaded object lies in the file. */
    private long fileOffset(final long address) {
        final long headers = elf.get(LONG, 32);
        final int headerSize = elf.get(SHORT, 54);
        for (int i = 0; i < elf.get(SHORT, 56); i++) {
            final long header = headers + (long) i * headerSize;
            final long start = elf.get(LONG, header + 16);
            if (elf.get(INT, header) == PROGRAM_LOAD
                    && address >= start
                    && address < start + elf.get(LONG, header + 32)) {
                return address - start + elf.get(LONG, header + 8);
            }
        }
        throw new IllegalArgumentException(
                "retarget: address=%#x, expected one in a loaded segment".formatted(address));
    }

    /** System V ABI, "Hash Table". */
    private static int hash(final String name) {
        int h = 0;
        for (final byte c : name.getBytes(StandardCharsets.US_ASCII)) {
            h = (h << 4) + c;
            final int high = h & 0xf0000000;
            h ^= high >>> 24;
            h &= ~high;
        }
        return h;
    }
}

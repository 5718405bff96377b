package greenwave.kernels;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandleProxies;

/** Maps memory through Linux's C library and asks for huge pages under it. */
@SuppressWarnings("restricted") // the system's own calls, with sizes of our own
final class HugePages {
    /** Of x86-64, and of AArch64 with plain pages of 4 KiB. */
    static final long SIZE = 2 << 20;

    private static final int READ_WRITE = 3; // PROT_READ | PROT_WRITE, sys/mman.h
    private static final int PRIVATE_ANONYMOUS = 0x22; // MAP_PRIVATE | MAP_ANONYMOUS, likewise
    private static final int ADVISE_HUGE = 14; // MADV_HUGEPAGE, likewise
    private static final long FAILED = -1;

    /** mmap(2). */
    public interface Mmap {
        long call(long address, long length, int protection, int flags, int file, long offset);
    }

    /** munmap(2). */
    public interface Munmap {
        int call(long address, long length);
    }

    /** madvise(2). */
    public interface Madvise {
        int call(long address, long length, int advice);
    }

    private final Mmap mmap;
    private final Munmap munmap;
    private final Madvise madvise;

    private HugePages() {
        this.mmap =
                bind(
                        Mmap.class,
                        "mmap",
                        FunctionDescriptor.of(
                                JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT,
                                JAVA_LONG));
        this.munmap =
                bind(Munmap.class, "munmap", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG));
        this.madvise =
                bind(
                        Madvise.class,
                        "madvise",
                        FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT));
    }

    private static <T> T bind(
            final Class<T> type, final String symbol, final FunctionDescriptor signature) {
        final Linker linker = Linker.nativeLinker();
        return MethodHandleProxies.asInterfaceInstance(
                type, linker.downcallHandle(linker.defaultLookup().findOrThrow(symbol), signature));
    }

    /** {@return the calls; null on other systems, or if this JVM denies native access} */
    static HugePages find() {
        if (!System.getProperty("os.name").equals("Linux")) {
            return null;
        }
        try {
            return new HugePages();
        } catch (final IllegalCallerException e) {
            return null; // plain memory serves, too
        }
    }

    /** {@return {@code bytes} zeroed bytes on a boundary of huge pages; null if the system has none to map} */
    MemorySegment map(final Arena arena, final long bytes) {
        final long length = Math.addExact(bytes, SIZE);
        final long start = mmap.call(0, length, READ_WRITE, PRIVATE_ANONYMOUS, -1, 0);
        if (start == FAILED) {
            return null;
        }
        final long aligned = Math.ceilDiv(start, SIZE) * SIZE;
        madvise.call(aligned, bytes, ADVISE_HUGE); // a wish: without it the pages are plain ones
        return MemorySegment.ofAddress(aligned)
                .reinterpret(bytes, arena, _ -> munmap.call(start, length));
    }
}

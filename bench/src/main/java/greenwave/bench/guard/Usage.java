package greenwave.bench.guard;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/** Processor time of this process and of those that it has started and that have ended: getrusage(2). */
final class Usage implements Clock {
    private static final int SELF = 0;
    private static final int CHILDREN = -1;
    private static final int BYTES =
            144; // struct rusage of Linux on 64 bits; it begins with two timevals
    private static final long NANOS_PER_SECOND = 1_000_000_000;
    private static final long NANOS_PER_MICRO = 1_000;

    @SuppressWarnings("restricted")
    private final MethodHandle getrusage =
            Linker.nativeLinker()
                    .downcallHandle(
                            Linker.nativeLinker().defaultLookup().findOrThrow("getrusage"),
                            FunctionDescriptor.of(
                                    ValueLayout.JAVA_INT,
                                    ValueLayout.JAVA_INT,
                                    ValueLayout.ADDRESS));

    private final MemorySegment usage = Arena.ofAuto().allocate(BYTES, Long.BYTES);

    @Override
    public long nanos() {
        return nanos(SELF) + nanos(CHILDREN);
    }

    private long nanos(final int who) {
        try {
            final int status = (int) getrusage.invokeExact(who, usage);
            if (status != 0) {
                throw new IllegalStateException("getrusage: status=" + status + ", expected 0");
            }
        } catch (final Throwable e) {
            throw new IllegalStateException("getrusage: " + e, e);
        }
        long nanos = 0;
        for (int part = 0; part < 4; part += 2) { // user, system; each seconds, microseconds
            nanos += usage.getAtIndex(ValueLayout.JAVA_LONG, part) * NANOS_PER_SECOND;
            nanos += usage.getAtIndex(ValueLayout.JAVA_LONG, part + 1) * NANOS_PER_MICRO;
        }
        return nanos;
    }
}

package greenwave.kernels.cpu;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.function.IntConsumer;

/**
 * Runs parts of our own work on the threads of the OpenMP that oneDNN uses: a pool of our own would have to wait until those
 * stop spinning. Belongs to one prepared computation; one thread at a time.
 */
final class OpenMpTeam {
    private final int parts;
    private final MemorySegment member; // null if there is but one part
    private volatile IntConsumer work;
    private volatile Throwable failure;

    /** For so many parts, on as many threads if OpenMP gives them. */
    OpenMpTeam(final OneDnnObjects objects, final int parts) {
        this.parts = parts;
        this.member =
                parts == 1 ? null : objects.function(bound(), FunctionDescriptor.ofVoid(JAVA_LONG));
    }

    private MethodHandle bound() {
        try {
            return MethodHandles.lookup()
                    .bind(this, "member", MethodType.methodType(void.class, long.class));
        } catch (final ReflectiveOperationException e) {
            throw new AssertionError(e); // it is right below
        }
    }

    /** What each thread of the team runs; nothing may be thrown into native code. */
    private void member(final long ignored) {
        try {
            final int threads = OneDnn.Calls.TEAM_SIZE.call();
            for (int part = OneDnn.Calls.TEAM_MEMBER.call(); part < parts; part += threads) {
                work.accept(part);
            }
        } catch (final Throwable e) { // rethrown by run
            failure = e;
        }
    }

    /** Does all parts, by number, each on one thread; returns when they are done. */
    void run(final IntConsumer work) {
        if (member == null) {
            work.accept(0);
            return;
        }
        this.work = work;
        OneDnn.Calls.PARALLEL.call(member, MemorySegment.NULL, parts, 0);
        if (failure != null) {
            final Throwable thrown = failure;
            failure = null;
            throw new IllegalStateException("a part of a computation failed", thrown);
        }
    }
}

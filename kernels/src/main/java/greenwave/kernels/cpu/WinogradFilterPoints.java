package greenwave.kernels.cpu;

import static greenwave.kernels.cpu.Reach.ADDRESS;
import static greenwave.kernels.cpu.Reach.DISTANCE;
import static greenwave.kernels.cpu.VectorArithmetic.LANES;
import static greenwave.kernels.cpu.VectorArithmetic.MEMORY;
import static greenwave.kernels.cpu.VectorArithmetic.ORDER;
import static greenwave.kernels.cpu.VectorArithmetic.STEP;

import static jdk.incubator.vector.FloatVector.fromMemorySegment;

import jdk.incubator.vector.FloatVector;

/**
 * One dimension of {@code U = G g Gᵀ}, and of its transpose, over many filters side by side: {@code G} takes three taps to {@code g0,
 * (g0 + g1 + g2) / 2, (g0 - g1 + g2) / 2, g2}.
 */
final class WinogradFilterPoints {
    private static final long VECTOR = (long) STEP * Float.BYTES;

    private WinogradFilterPoints() {}

    /**
     * u0 to u3 = G (g0, g1, g2); no u3 unless {@code four}.
     *
     * @param n floats of a line; lines of g lie one after another
     * @param step from line to line of u0 to u2, in bytes; {@code lastStep} of u3
     */
    static void points(
            final long g0,
            final long g1,
            final long g2,
            final int n,
            final int lines,
            final long u0,
            final long u1,
            final long u2,
            final long step,
            final long u3,
            final long lastStep,
            final boolean four) {
        final long from0 = g0 & ADDRESS;
        final long from1 = g1 & ADDRESS;
        final long from2 = g2 & ADDRESS;
        final long to0 = u0 & ADDRESS;
        final long to1 = u1 & ADDRESS;
        final long to2 = u2 & ADDRESS;
        final long to3 = u3 & ADDRESS;
        long at = 0;
        for (int line = 0; line < lines; line++) {
            long to = (line * step) & DISTANCE;
            long toLast = (line * lastStep) & DISTANCE;
            for (int i = 0; i < n; i += STEP) {
                final FloatVector first = fromMemorySegment(LANES, MEMORY, from0 + at, ORDER);
                final FloatVector third = fromMemorySegment(LANES, MEMORY, from2 + at, ORDER);
                final FloatVector second =
                        fromMemorySegment(LANES, MEMORY, from1 + at, ORDER).mul(0.5f);
                final FloatVector outer = first.add(third).mul(0.5f);
                first.intoMemorySegment(MEMORY, to0 + to, ORDER);
                outer.add(second).intoMemorySegment(MEMORY, to1 + to, ORDER);
                outer.sub(second).intoMemorySegment(MEMORY, to2 + to, ORDER);
                if (four) {
                    third.intoMemorySegment(MEMORY, to3 + toLast, ORDER);
                }
                at = (at + VECTOR) & DISTANCE;
                to = (to + VECTOR) & DISTANCE;
                toLast = (toLast + VECTOR) & DISTANCE;
            }
        }
    }

    /** g0 to g2 = Gᵀ (u0, u1, u2, u3), {@code n} floats each; u3 counts as zero unless {@code four}. */
    static void taps(
            final long u0,
            final long u1,
            final long u2,
            final long u3,
            final boolean four,
            final int n,
            final long g0,
            final long g1,
            final long g2) {
        final long from0 = u0 & ADDRESS;
        final long from1 = u1 & ADDRESS;
        final long from2 = u2 & ADDRESS;
        final long from3 = u3 & ADDRESS;
        final long to0 = g0 & ADDRESS;
        final long to1 = g1 & ADDRESS;
        final long to2 = g2 & ADDRESS;
        long at = 0;
        for (int i = 0; i < n; i += STEP) {
            final FloatVector second = fromMemorySegment(LANES, MEMORY, from1 + at, ORDER);
            final FloatVector third = fromMemorySegment(LANES, MEMORY, from2 + at, ORDER);
            final FloatVector half = second.add(third).mul(0.5f);
            FloatVector last = half;
            if (four) {
                last = last.add(fromMemorySegment(LANES, MEMORY, from3 + at, ORDER));
            }
            fromMemorySegment(LANES, MEMORY, from0 + at, ORDER)
                    .add(half)
                    .intoMemorySegment(MEMORY, to0 + at, ORDER);
            second.sub(third).mul(0.5f).intoMemorySegment(MEMORY, to1 + at, ORDER);
            last.intoMemorySegment(MEMORY, to2 + at, ORDER);
            at = (at + VECTOR) & DISTANCE;
        }
    }
}

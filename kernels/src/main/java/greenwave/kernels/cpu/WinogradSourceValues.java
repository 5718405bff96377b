package greenwave.kernels.cpu;

import static greenwave.kernels.cpu.ChannelVectors.VECTOR;
import static greenwave.kernels.cpu.Reach.ADDRESS;
import static greenwave.kernels.cpu.Reach.DISTANCE;
import static greenwave.kernels.cpu.VectorArithmetic.LANES;
import static greenwave.kernels.cpu.VectorArithmetic.MEMORY;
import static greenwave.kernels.cpu.VectorArithmetic.ORDER;

import static jdk.incubator.vector.FloatVector.fromMemorySegment;

import jdk.incubator.vector.FloatVector;

/**
 * {@code V = Bᵀ d B} by columns of points: {@code Bᵀ} takes four values to {@code d0 - d2, d1 + d2, d2 - d1, d1 - d3}. The last
 * is left out where {@code tall} is false. Tiles lie {@code step} apart in the image and {@code row} at the points, vectors of
 * channels {@code channels} apart in the image. Distances are in bytes.
 */
final class WinogradSourceValues {
    private WinogradSourceValues() {}

    /** The column of points that is the difference of two columns of pixels. */
    static void difference(
            final long r0,
            final long r1,
            final long r2,
            final long r3,
            final long left,
            final long right,
            final long step,
            final long v,
            final long down,
            final long row,
            final int tiles,
            final int vectors,
            final long channels,
            final boolean tall) {
        final long l0 = (r0 + left) & ADDRESS;
        final long l1 = (r1 + left) & ADDRESS;
        final long l2 = (r2 + left) & ADDRESS;
        final long l3 = (r3 + left) & ADDRESS;
        final long gap = (right - left) & DISTANCE;
        final long v1 = down & DISTANCE;
        final long v2 = (2 * down) & DISTANCE;
        final long v3 = (3 * down) & DISTANCE;
        final long next = channels & DISTANCE;
        long at = 0;
        long to = v & ADDRESS;
        for (int i = 0; i < tiles; i++) {
            long from = at;
            long into = to;
            for (int vector = 0; vector < vectors; vector++) {
                final FloatVector d0 =
                        fromMemorySegment(LANES, MEMORY, l0 + from, ORDER)
                                .sub(fromMemorySegment(LANES, MEMORY, l0 + from + gap, ORDER));
                final FloatVector d1 =
                        fromMemorySegment(LANES, MEMORY, l1 + from, ORDER)
                                .sub(fromMemorySegment(LANES, MEMORY, l1 + from + gap, ORDER));
                final FloatVector d2 =
                        fromMemorySegment(LANES, MEMORY, l2 + from, ORDER)
                                .sub(fromMemorySegment(LANES, MEMORY, l2 + from + gap, ORDER));
                d0.sub(d2).intoMemorySegment(MEMORY, into, ORDER);
                d1.add(d2).intoMemorySegment(MEMORY, into + v1, ORDER);
                d2.sub(d1).intoMemorySegment(MEMORY, into + v2, ORDER);
                if (tall) {
                    final FloatVector d3 =
                            fromMemorySegment(LANES, MEMORY, l3 + from, ORDER)
                                    .sub(fromMemorySegment(LANES, MEMORY, l3 + from + gap, ORDER));
                    d1.sub(d3).intoMemorySegment(MEMORY, into + v3, ORDER);
                }
                from = (from + next) & DISTANCE;
                into = (into + VECTOR) & ADDRESS;
            }
            at = (at + step) & DISTANCE;
            to = (to + row) & ADDRESS;
        }
    }

    /** The two columns of points that are the sum of two columns of pixels, and the right less the left. */
    static void sumAndDifference(
            final long r0,
            final long r1,
            final long r2,
            final long r3,
            final long left,
            final long right,
            final long step,
            final long v,
            final long column,
            final long down,
            final long row,
            final int tiles,
            final int vectors,
            final long channels,
            final boolean tall) {
        final long l0 = (r0 + left) & ADDRESS;
        final long l1 = (r1 + left) & ADDRESS;
        final long l2 = (r2 + left) & ADDRESS;
        final long l3 = (r3 + left) & ADDRESS;
        final long gap = (right - left) & DISTANCE;
        final long after = column & DISTANCE;
        final long v1 = down & DISTANCE;
        final long v2 = (2 * down) & DISTANCE;
        final long v3 = (3 * down) & DISTANCE;
        final long next = channels & DISTANCE;
        long at = 0;
        long to = v & ADDRESS;
        for (int i = 0; i < tiles; i++) {
            long from = at;
            long into = to;
            for (int vector = 0; vector < vectors; vector++) {
                final FloatVector a0 = fromMemorySegment(LANES, MEMORY, l0 + from, ORDER);
                final FloatVector b0 = fromMemorySegment(LANES, MEMORY, l0 + from + gap, ORDER);
                final FloatVector a1 = fromMemorySegment(LANES, MEMORY, l1 + from, ORDER);
                final FloatVector b1 = fromMemorySegment(LANES, MEMORY, l1 + from + gap, ORDER);
                final FloatVector a2 = fromMemorySegment(LANES, MEMORY, l2 + from, ORDER);
                final FloatVector b2 = fromMemorySegment(LANES, MEMORY, l2 + from + gap, ORDER);
                final FloatVector s1 = a1.add(b1);
                final FloatVector s2 = a2.add(b2);
                final FloatVector e1 = b1.sub(a1);
                final FloatVector e2 = b2.sub(a2);
                a0.add(b0).sub(s2).intoMemorySegment(MEMORY, into, ORDER);
                s1.add(s2).intoMemorySegment(MEMORY, into + v1, ORDER);
                s2.sub(s1).intoMemorySegment(MEMORY, into + v2, ORDER);
                b0.sub(a0).sub(e2).intoMemorySegment(MEMORY, into + after, ORDER);
                e1.add(e2).intoMemorySegment(MEMORY, into + after + v1, ORDER);
                e2.sub(e1).intoMemorySegment(MEMORY, into + after + v2, ORDER);
                if (tall) {
                    final FloatVector a3 = fromMemorySegment(LANES, MEMORY, l3 + from, ORDER);
                    final FloatVector b3 = fromMemorySegment(LANES, MEMORY, l3 + from + gap, ORDER);
                    s1.sub(a3.add(b3)).intoMemorySegment(MEMORY, into + v3, ORDER);
                    e1.sub(b3.sub(a3)).intoMemorySegment(MEMORY, into + after + v3, ORDER);
                }
                from = (from + next) & DISTANCE;
                into = (into + VECTOR) & ADDRESS;
            }
            at = (at + step) & DISTANCE;
            to = (to + row) & ADDRESS;
        }
    }
}

package greenwave.kernels.cpu;

import static greenwave.kernels.cpu.Reach.ADDRESS;
import static greenwave.kernels.cpu.VectorArithmetic.LANES;
import static greenwave.kernels.cpu.VectorArithmetic.MEMORY;
import static greenwave.kernels.cpu.VectorArithmetic.ORDER;

import static jdk.incubator.vector.FloatVector.fromMemorySegment;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/** One vector at a time, by address. */
final class VectorCopies {
    private VectorCopies() {}

    /** to = 0. */
    static void clear(final long to) {
        FloatVector.zero(LANES).intoMemorySegment(MEMORY, to & ADDRESS, ORDER);
    }

    /** to = from. */
    static void copy(final long from, final long to) {
        fromMemorySegment(LANES, MEMORY, from & ADDRESS, ORDER)
                .intoMemorySegment(MEMORY, to & ADDRESS, ORDER);
    }

    /** to += from. */
    static void add(final long from, final long to) {
        fromMemorySegment(LANES, MEMORY, to & ADDRESS, ORDER)
                .add(fromMemorySegment(LANES, MEMORY, from & ADDRESS, ORDER))
                .intoMemorySegment(MEMORY, to & ADDRESS, ORDER);
    }

    /** So many vectors of to = 0. */
    static void clear(final long to, final int vectors) {
        for (int i = 0; i < vectors; i++) {
            clear(to + i * ChannelVectors.VECTOR);
        }
    }

    /** So many vectors of to = from, so far apart. */
    static void copy(
            final long from, final long step, final long to, final long toStep, final int vectors) {
        for (int i = 0; i < vectors; i++) {
            copy(from + i * step, to + i * toStep);
        }
    }

    /** So many vectors of to += from, so far apart. */
    static void add(
            final long from, final long step, final long to, final long toStep, final int vectors) {
        for (int i = 0; i < vectors; i++) {
            add(from + i * step, to + i * toStep);
        }
    }

    /** {@return whether so many vectors are finite} */
    static boolean finite(final long from, final int vectors) {
        FloatVector sum = FloatVector.zero(LANES);
        for (int i = 0; i < vectors; i++) {
            final long at = (from + i * ChannelVectors.VECTOR) & ADDRESS;
            sum = fromMemorySegment(LANES, MEMORY, at, ORDER).mul(0).add(sum);
        }
        return sum.reduceLanes(VectorOperators.ADD) == 0; // NaN if one is not
    }
}

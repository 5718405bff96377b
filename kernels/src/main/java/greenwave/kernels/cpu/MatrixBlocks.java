package greenwave.kernels.cpu;

import static greenwave.kernels.cpu.Reach.ADDRESS;
import static greenwave.kernels.cpu.Reach.DISTANCE;
import static greenwave.kernels.cpu.VectorArithmetic.LANES;
import static greenwave.kernels.cpu.VectorArithmetic.MEMORY;
import static greenwave.kernels.cpu.VectorArithmetic.ORDER;
import static greenwave.kernels.cpu.VectorArithmetic.STEP;

import static jdk.incubator.vector.FloatVector.broadcast;
import static jdk.incubator.vector.FloatVector.fromMemorySegment;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;

import jdk.incubator.vector.FloatVector;

/**
 * Products of small matrices that lie in a cache, by blocks of {@link #ROWS} x {@link #COLUMNS} sums held in registers: they run
 * at the processor's peak, where a library would copy the factors into an order of its own first. Distances are in bytes.
 */
final class MatrixBlocks {
    /** Rows of c must be a multiple of it; twelve vectors of sums, two of b and one of a fill AVX2's registers. */
    static final int ROWS = 6;

    /** Columns of c must be a multiple of it. */
    static final int COLUMNS = 2 * STEP;

    private static final long VECTOR = (long) STEP * Float.BYTES;

    private MatrixBlocks() {}

    /** {@return the next multiple of {@link #ROWS}} */
    static int wholeRows(final int rows) {
        return Math.ceilDiv(rows, ROWS) * ROWS;
    }

    /**
     * c [rows, columns] = a · b, plus c if asked; a [rows, depth], b [depth, columns].
     *
     * @param aRow the distance between rows of a; one float if a comes transposed
     * @param aColumn the distance between columns of a
     */
    static void multiply(
            final long a,
            final long aRow,
            final long aColumn,
            final long b,
            final long bRow,
            final int rows,
            final int columns,
            final int depth,
            final boolean add,
            final long c,
            final long cRow) {
        for (int j = 0; j < columns; j += COLUMNS) {
            final long column = (long) j * Float.BYTES;
            for (int i = 0; i < rows; i += ROWS) {
                final long at = c + i * cRow + column;
                block(a + i * aRow, aRow, aColumn, b + column, bRow, depth, add, at, cRow);
            }
        }
    }

    private static void block(
            final long a,
            final long aRow,
            final long aColumn,
            final long b,
            final long bRow,
            final int depth,
            final boolean add,
            final long c,
            final long cRow) {
        final long a1 = aRow & DISTANCE;
        final long a2 = (2 * aRow) & DISTANCE;
        final long a3 = (3 * aRow) & DISTANCE;
        final long a4 = (4 * aRow) & DISTANCE;
        final long a5 = (5 * aRow) & DISTANCE;
        final long c0 = c & ADDRESS;
        final long c1 = (c + cRow) & ADDRESS;
        final long c2 = (c + 2 * cRow) & ADDRESS;
        final long c3 = (c + 3 * cRow) & ADDRESS;
        final long c4 = (c + 4 * cRow) & ADDRESS;
        final long c5 = (c + 5 * cRow) & ADDRESS;
        FloatVector l0 = FloatVector.zero(LANES);
        FloatVector r0 = FloatVector.zero(LANES);
        FloatVector l1 = FloatVector.zero(LANES);
        FloatVector r1 = FloatVector.zero(LANES);
        FloatVector l2 = FloatVector.zero(LANES);
        FloatVector r2 = FloatVector.zero(LANES);
        FloatVector l3 = FloatVector.zero(LANES);
        FloatVector r3 = FloatVector.zero(LANES);
        FloatVector l4 = FloatVector.zero(LANES);
        FloatVector r4 = FloatVector.zero(LANES);
        FloatVector l5 = FloatVector.zero(LANES);
        FloatVector r5 = FloatVector.zero(LANES);
        long p = a & ADDRESS;
        long q = b & ADDRESS;
        for (int k = 0; k < depth; k++) {
            final FloatVector left = fromMemorySegment(LANES, MEMORY, q, ORDER);
            final FloatVector right = fromMemorySegment(LANES, MEMORY, q + VECTOR, ORDER);
            final FloatVector x0 = broadcast(LANES, MEMORY.get(JAVA_FLOAT_UNALIGNED, p));
            l0 = x0.fma(left, l0);
            r0 = x0.fma(right, r0);
            final FloatVector x1 = broadcast(LANES, MEMORY.get(JAVA_FLOAT_UNALIGNED, p + a1));
            l1 = x1.fma(left, l1);
            r1 = x1.fma(right, r1);
            final FloatVector x2 = broadcast(LANES, MEMORY.get(JAVA_FLOAT_UNALIGNED, p + a2));
            l2 = x2.fma(left, l2);
            r2 = x2.fma(right, r2);
            final FloatVector x3 = broadcast(LANES, MEMORY.get(JAVA_FLOAT_UNALIGNED, p + a3));
            l3 = x3.fma(left, l3);
            r3 = x3.fma(right, r3);
            final FloatVector x4 = broadcast(LANES, MEMORY.get(JAVA_FLOAT_UNALIGNED, p + a4));
            l4 = x4.fma(left, l4);
            r4 = x4.fma(right, r4);
            final FloatVector x5 = broadcast(LANES, MEMORY.get(JAVA_FLOAT_UNALIGNED, p + a5));
            l5 = x5.fma(left, l5);
            r5 = x5.fma(right, r5);
            p = (p + aColumn) & ADDRESS;
            q = (q + bRow) & ADDRESS;
        }
        if (add) {
            l0 = l0.add(fromMemorySegment(LANES, MEMORY, c0, ORDER));
            r0 = r0.add(fromMemorySegment(LANES, MEMORY, c0 + VECTOR, ORDER));
            l1 = l1.add(fromMemorySegment(LANES, MEMORY, c1, ORDER));
            r1 = r1.add(fromMemorySegment(LANES, MEMORY, c1 + VECTOR, ORDER));
            l2 = l2.add(fromMemorySegment(LANES, MEMORY, c2, ORDER));
            r2 = r2.add(fromMemorySegment(LANES, MEMORY, c2 + VECTOR, ORDER));
            l3 = l3.add(fromMemorySegment(LANES, MEMORY, c3, ORDER));
            r3 = r3.add(fromMemorySegment(LANES, MEMORY, c3 + VECTOR, ORDER));
            l4 = l4.add(fromMemorySegment(LANES, MEMORY, c4, ORDER));
            r4 = r4.add(fromMemorySegment(LANES, MEMORY, c4 + VECTOR, ORDER));
            l5 = l5.add(fromMemorySegment(LANES, MEMORY, c5, ORDER));
            r5 = r5.add(fromMemorySegment(LANES, MEMORY, c5 + VECTOR, ORDER));
        }
        l0.intoMemorySegment(MEMORY, c0, ORDER);
        r0.intoMemorySegment(MEMORY, c0 + VECTOR, ORDER);
        l1.intoMemorySegment(MEMORY, c1, ORDER);
        r1.intoMemorySegment(MEMORY, c1 + VECTOR, ORDER);
        l2.intoMemorySegment(MEMORY, c2, ORDER);
        r2.intoMemorySegment(MEMORY, c2 + VECTOR, ORDER);
        l3.intoMemorySegment(MEMORY, c3, ORDER);
        r3.intoMemorySegment(MEMORY, c3 + VECTOR, ORDER);
        l4.intoMemorySegment(MEMORY, c4, ORDER);
        r4.intoMemorySegment(MEMORY, c4 + VECTOR, ORDER);
        l5.intoMemorySegment(MEMORY, c5, ORDER);
        r5.intoMemorySegment(MEMORY, c5 + VECTOR, ORDER);
    }
}

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
 * {@code d += B V Bᵀ} by rows of pixels, the transpose of {@link WinogradSourceValues}: {@code B} takes four values to {@code v0, v1 -
 * v2 + v3, v1 + v2 - v0, -v3}. A column of points that is not there, {@code wide} or {@code tall} being false, counts as zero.
 * Distances are in bytes.
 */
final class WinogradSourceGradient {
    private WinogradSourceGradient() {}

    /** The first row of pixels from the first row of points, sign 1, or the last from the last, sign -1. */
    static void outer(
            final long pixels,
            final long pixel,
            final long step,
            final float sign,
            final long v,
            final long column,
            final long row,
            final long last,
            final long lastRow,
            final int tiles,
            final int vectors,
            final long channels,
            final boolean wide) {
        final long d0 = pixels & ADDRESS;
        final long gap = pixel & DISTANCE;
        final long after = column & DISTANCE;
        final long v0 = v & ADDRESS;
        final long v3 = last & ADDRESS;
        final long next = channels & DISTANCE;
        long at = 0;
        long of = 0;
        long ofLast = 0;
        for (int i = 0; i < tiles; i++) {
            long image = at;
            long point = of;
            long pointLast = ofLast;
            for (int vector = 0; vector < vectors; vector++) {
                final FloatVector w0 =
                        fromMemorySegment(LANES, MEMORY, v0 + point, ORDER).mul(sign);
                final FloatVector w1 =
                        fromMemorySegment(LANES, MEMORY, v0 + point + after, ORDER).mul(sign);
                final FloatVector w2 =
                        fromMemorySegment(LANES, MEMORY, v0 + point + after + after, ORDER)
                                .mul(sign);
                FloatVector second =
                        fromMemorySegment(LANES, MEMORY, d0 + image + gap, ORDER).add(w1).sub(w2);
                fromMemorySegment(LANES, MEMORY, d0 + image, ORDER)
                        .add(w0)
                        .intoMemorySegment(MEMORY, d0 + image, ORDER);
                fromMemorySegment(LANES, MEMORY, d0 + image + gap + gap, ORDER)
                        .add(w1.add(w2).sub(w0))
                        .intoMemorySegment(MEMORY, d0 + image + gap + gap, ORDER);
                if (wide) {
                    final FloatVector w3 =
                            fromMemorySegment(LANES, MEMORY, v3 + pointLast, ORDER).mul(sign);
                    second = second.add(w3);
                    fromMemorySegment(LANES, MEMORY, d0 + image + gap + gap + gap, ORDER)
                            .sub(w3)
                            .intoMemorySegment(MEMORY, d0 + image + gap + gap + gap, ORDER);
                }
                second.intoMemorySegment(MEMORY, d0 + image + gap, ORDER);
                image = (image + next) & DISTANCE;
                point = (point + VECTOR) & DISTANCE;
                pointLast = (pointLast + VECTOR) & DISTANCE;
            }
            at = (at + step) & DISTANCE;
            of = (of + row) & DISTANCE;
            ofLast = (ofLast + lastRow) & DISTANCE;
        }
    }

    /** The two rows of pixels between, each from three rows of points. */
    static void inner(
            final long pixels1,
            final long pixels2,
            final long pixel,
            final long step,
            final long v,
            final long down,
            final long column,
            final long row,
            final long last,
            final long lastDown,
            final long lastRow,
            final int tiles,
            final int vectors,
            final long channels,
            final boolean tall,
            final boolean wide) {
        final long d1 = pixels1 & ADDRESS;
        final long d2 = pixels2 & ADDRESS;
        final long gap = pixel & DISTANCE;
        final long after = column & DISTANCE;
        final long v1 = down & DISTANCE;
        final long v2 = (2 * down) & DISTANCE;
        final long v3 = (3 * down) & DISTANCE;
        final long last1 = lastDown & DISTANCE;
        final long last2 = (2 * lastDown) & DISTANCE;
        final long last3 = (3 * lastDown) & DISTANCE;
        final long next = channels & DISTANCE;
        long at = 0;
        long of = v & ADDRESS;
        long ofLast = last & ADDRESS;
        for (int i = 0; i < tiles; i++) {
            long image = at;
            long point = of;
            long pointLast = ofLast;
            for (int vector = 0; vector < vectors; vector++) {
                final FloatVector m0 = fromMemorySegment(LANES, MEMORY, point + v1, ORDER);
                final FloatVector n0 = fromMemorySegment(LANES, MEMORY, point + v2, ORDER);
                FloatVector a0 = m0.sub(n0);
                final FloatVector b0 =
                        m0.add(n0).sub(fromMemorySegment(LANES, MEMORY, point, ORDER));
                if (tall) {
                    a0 = a0.add(fromMemorySegment(LANES, MEMORY, point + v3, ORDER));
                }
                final FloatVector m1 = fromMemorySegment(LANES, MEMORY, point + after + v1, ORDER);
                final FloatVector n1 = fromMemorySegment(LANES, MEMORY, point + after + v2, ORDER);
                FloatVector a1 = m1.sub(n1);
                final FloatVector b1 =
                        m1.add(n1).sub(fromMemorySegment(LANES, MEMORY, point + after, ORDER));
                if (tall) {
                    a1 = a1.add(fromMemorySegment(LANES, MEMORY, point + after + v3, ORDER));
                }
                final FloatVector m2 =
                        fromMemorySegment(LANES, MEMORY, point + after + after + v1, ORDER);
                final FloatVector n2 =
                        fromMemorySegment(LANES, MEMORY, point + after + after + v2, ORDER);
                FloatVector a2 = m2.sub(n2);
                final FloatVector b2 =
                        m2.add(n2)
                                .sub(
                                        fromMemorySegment(
                                                LANES, MEMORY, point + after + after, ORDER));
                if (tall) {
                    a2 =
                            a2.add(
                                    fromMemorySegment(
                                            LANES, MEMORY, point + after + after + v3, ORDER));
                }
                FloatVector upper =
                        fromMemorySegment(LANES, MEMORY, d1 + image + gap, ORDER).add(a1).sub(a2);
                FloatVector lower =
                        fromMemorySegment(LANES, MEMORY, d2 + image + gap, ORDER).add(b1).sub(b2);
                fromMemorySegment(LANES, MEMORY, d1 + image, ORDER)
                        .add(a0)
                        .intoMemorySegment(MEMORY, d1 + image, ORDER);
                fromMemorySegment(LANES, MEMORY, d2 + image, ORDER)
                        .add(b0)
                        .intoMemorySegment(MEMORY, d2 + image, ORDER);
                fromMemorySegment(LANES, MEMORY, d1 + image + gap + gap, ORDER)
                        .add(a1.add(a2).sub(a0))
                        .intoMemorySegment(MEMORY, d1 + image + gap + gap, ORDER);
                fromMemorySegment(LANES, MEMORY, d2 + image + gap + gap, ORDER)
                        .add(b1.add(b2).sub(b0))
                        .intoMemorySegment(MEMORY, d2 + image + gap + gap, ORDER);
                if (wide) {
                    final FloatVector m3 =
                            fromMemorySegment(LANES, MEMORY, pointLast + last1, ORDER);
                    final FloatVector n3 =
                            fromMemorySegment(LANES, MEMORY, pointLast + last2, ORDER);
                    FloatVector a3 = m3.sub(n3);
                    final FloatVector b3 =
                            m3.add(n3).sub(fromMemorySegment(LANES, MEMORY, pointLast, ORDER));
                    if (tall) {
                        a3 = a3.add(fromMemorySegment(LANES, MEMORY, pointLast + last3, ORDER));
                    }
                    upper = upper.add(a3);
                    lower = lower.add(b3);
                    fromMemorySegment(LANES, MEMORY, d1 + image + gap + gap + gap, ORDER)
                            .sub(a3)
                            .intoMemorySegment(MEMORY, d1 + image + gap + gap + gap, ORDER);
                    fromMemorySegment(LANES, MEMORY, d2 + image + gap + gap + gap, ORDER)
                            .sub(b3)
                            .intoMemorySegment(MEMORY, d2 + image + gap + gap + gap, ORDER);
                }
                upper.intoMemorySegment(MEMORY, d1 + image + gap, ORDER);
                lower.intoMemorySegment(MEMORY, d2 + image + gap, ORDER);
                image = (image + next) & DISTANCE;
                point = (point + VECTOR) & ADDRESS;
                pointLast = (pointLast + VECTOR) & ADDRESS;
            }
            at = (at + step) & DISTANCE;
            of = (of + row) & ADDRESS;
            ofLast = (ofLast + lastRow) & ADDRESS;
        }
    }
}

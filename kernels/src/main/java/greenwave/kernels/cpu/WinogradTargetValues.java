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
 * {@code Y = Aᵀ M A + b} and its transpose {@code M = A Y Aᵀ}: {@code Aᵀ} takes the values at four points to {@code m0 + m1 + m2, m1 - m2
 * - m3}. The last row or column of points is not there where {@code tall} or {@code wide} is false. Points of a tile lie
 * {@code point} apart, columns of points {@code column}. Distances are in bytes.
 */
final class WinogradTargetValues {
    private WinogradTargetValues() {}

    /**
     * Writes two rows of pixels of whole tiles.
     *
     * @param check a vector to which 0 · y is added: NaN from the first y on that is not finite
     */
    static void outputs(
            final long m,
            final long point,
            final long column,
            final long row,
            final int tiles,
            final boolean tall,
            final boolean wide,
            final long bias,
            final long check,
            final long y0,
            final long y1,
            final long pixel,
            final int vectors,
            final long channels) {
        final long p1 = point & DISTANCE;
        final long p2 = (2 * point) & DISTANCE;
        final long p3 = (3 * point) & DISTANCE;
        final long after = column & DISTANCE;
        final long gap = pixel & DISTANCE;
        final long upper = y0 & ADDRESS;
        final long lower = y1 & ADDRESS;
        final long biases = bias & ADDRESS;
        final long next = channels & DISTANCE;
        FloatVector sound = fromMemorySegment(LANES, MEMORY, check & ADDRESS, ORDER);
        long of = m & ADDRESS;
        long at = 0;
        for (int i = 0; i < tiles; i++) {
            long image = at;
            long tile = of;
            long channel = 0;
            for (int vector = 0; vector < vectors; vector++) {
                final FloatVector shift = fromMemorySegment(LANES, MEMORY, biases + channel, ORDER);
                final FloatVector m0 = fromMemorySegment(LANES, MEMORY, tile + p1, ORDER);
                final FloatVector n0 = fromMemorySegment(LANES, MEMORY, tile + p2, ORDER);
                final FloatVector a0 =
                        fromMemorySegment(LANES, MEMORY, tile, ORDER).add(m0).add(n0);
                FloatVector b0 = m0.sub(n0);
                if (tall) {
                    b0 = b0.sub(fromMemorySegment(LANES, MEMORY, tile + p3, ORDER));
                }
                final FloatVector m1 = fromMemorySegment(LANES, MEMORY, tile + after + p1, ORDER);
                final FloatVector n1 = fromMemorySegment(LANES, MEMORY, tile + after + p2, ORDER);
                final FloatVector a1 =
                        fromMemorySegment(LANES, MEMORY, tile + after, ORDER).add(m1).add(n1);
                FloatVector b1 = m1.sub(n1);
                if (tall) {
                    b1 = b1.sub(fromMemorySegment(LANES, MEMORY, tile + after + p3, ORDER));
                }
                final FloatVector m2 =
                        fromMemorySegment(LANES, MEMORY, tile + after + after + p1, ORDER);
                final FloatVector n2 =
                        fromMemorySegment(LANES, MEMORY, tile + after + after + p2, ORDER);
                final FloatVector a2 =
                        fromMemorySegment(LANES, MEMORY, tile + after + after, ORDER)
                                .add(m2)
                                .add(n2);
                FloatVector b2 = m2.sub(n2);
                if (tall) {
                    b2 = b2.sub(fromMemorySegment(LANES, MEMORY, tile + after + after + p3, ORDER));
                }
                final FloatVector y00 = a0.add(a1).add(a2).add(shift);
                final FloatVector y10 = b0.add(b1).add(b2).add(shift);
                FloatVector y01 = a1.sub(a2).add(shift);
                FloatVector y11 = b1.sub(b2).add(shift);
                if (wide) {
                    final FloatVector m3 =
                            fromMemorySegment(
                                    LANES, MEMORY, tile + after + after + after + p1, ORDER);
                    final FloatVector n3 =
                            fromMemorySegment(
                                    LANES, MEMORY, tile + after + after + after + p2, ORDER);
                    final FloatVector a3 =
                            fromMemorySegment(LANES, MEMORY, tile + after + after + after, ORDER)
                                    .add(m3)
                                    .add(n3);
                    FloatVector b3 = m3.sub(n3);
                    if (tall) {
                        b3 =
                                b3.sub(
                                        fromMemorySegment(
                                                LANES,
                                                MEMORY,
                                                tile + after + after + after + p3,
                                                ORDER));
                    }
                    y01 = y01.sub(a3);
                    y11 = y11.sub(b3);
                }
                sound = y00.mul(0).add(y01.mul(0)).add(sound);
                sound = y10.mul(0).add(y11.mul(0)).add(sound);
                y00.intoMemorySegment(MEMORY, upper + image, ORDER);
                y01.intoMemorySegment(MEMORY, upper + image + gap, ORDER);
                y10.intoMemorySegment(MEMORY, lower + image, ORDER);
                y11.intoMemorySegment(MEMORY, lower + image + gap, ORDER);
                image = (image + next) & DISTANCE;
                tile = (tile + VECTOR) & ADDRESS;
                channel = (channel + VECTOR) & DISTANCE;
            }
            of = (of + row) & ADDRESS;
            at = (at + gap + gap) & DISTANCE;
        }
        sound.intoMemorySegment(MEMORY, check & ADDRESS, ORDER);
    }

    /**
     * Writes the points of tiles from two rows of pixels.
     *
     * @param sum by channel, to which all pixels are added
     */
    static void points(
            final long y0,
            final long y1,
            final long pixel,
            final int vectors,
            final long channels,
            final int tiles,
            final boolean tall,
            final boolean wide,
            final long sum,
            final long m,
            final long point,
            final long column,
            final long row) {
        final long p1 = point & DISTANCE;
        final long p2 = (2 * point) & DISTANCE;
        final long p3 = (3 * point) & DISTANCE;
        final long after = column & DISTANCE;
        final long gap = pixel & DISTANCE;
        final long upper = y0 & ADDRESS;
        final long lower = y1 & ADDRESS;
        final long sums = sum & ADDRESS;
        final long next = channels & DISTANCE;
        long to = m & ADDRESS;
        long at = 0;
        for (int i = 0; i < tiles; i++) {
            long image = at;
            long tile = to;
            long channel = 0;
            for (int vector = 0; vector < vectors; vector++) {
                final FloatVector a = fromMemorySegment(LANES, MEMORY, upper + image, ORDER);
                final FloatVector b = fromMemorySegment(LANES, MEMORY, upper + image + gap, ORDER);
                final FloatVector c = fromMemorySegment(LANES, MEMORY, lower + image, ORDER);
                final FloatVector d = fromMemorySegment(LANES, MEMORY, lower + image + gap, ORDER);
                fromMemorySegment(LANES, MEMORY, sums + channel, ORDER)
                        .add(a.add(b))
                        .add(c.add(d))
                        .intoMemorySegment(MEMORY, sums + channel, ORDER);
                a.intoMemorySegment(MEMORY, tile, ORDER);
                a.add(c).intoMemorySegment(MEMORY, tile + p1, ORDER);
                a.sub(c).intoMemorySegment(MEMORY, tile + p2, ORDER);
                final FloatVector e = a.add(b);
                final FloatVector f = c.add(d);
                e.intoMemorySegment(MEMORY, tile + after, ORDER);
                e.add(f).intoMemorySegment(MEMORY, tile + after + p1, ORDER);
                e.sub(f).intoMemorySegment(MEMORY, tile + after + p2, ORDER);
                final FloatVector g = a.sub(b);
                final FloatVector h = c.sub(d);
                g.intoMemorySegment(MEMORY, tile + after + after, ORDER);
                g.add(h).intoMemorySegment(MEMORY, tile + after + after + p1, ORDER);
                g.sub(h).intoMemorySegment(MEMORY, tile + after + after + p2, ORDER);
                if (tall) {
                    c.neg().intoMemorySegment(MEMORY, tile + p3, ORDER);
                    f.neg().intoMemorySegment(MEMORY, tile + after + p3, ORDER);
                    h.neg().intoMemorySegment(MEMORY, tile + after + after + p3, ORDER);
                }
                if (wide) {
                    final long last = tile + after + after + after;
                    b.neg().intoMemorySegment(MEMORY, last, ORDER);
                    b.add(d).neg().intoMemorySegment(MEMORY, last + p1, ORDER);
                    d.sub(b).intoMemorySegment(MEMORY, last + p2, ORDER);
                    if (tall) {
                        d.intoMemorySegment(MEMORY, last + p3, ORDER);
                    }
                }
                image = (image + next) & DISTANCE;
                tile = (tile + VECTOR) & ADDRESS;
                channel = (channel + VECTOR) & DISTANCE;
            }
            to = (to + row) & ADDRESS;
            at = (at + gap + gap) & DISTANCE;
        }
    }
}

package greenwave.kernels.cpu;

import static greenwave.kernels.cpu.OneDnnPrimitive.SOURCE;
import static greenwave.kernels.cpu.OneDnnPrimitive.TARGET;

import greenwave.kernels.Window;

import java.lang.foreign.MemorySegment;

/**
 * The weights' side of {@link WinogradConvolution}: weights at the points, as they are or transposed, and the gradient by the
 * weights from that at the points. One thread at a time.
 */
final class WinogradFilter {
    private static final int LAST = WinogradSide.FEWEST; // the point that few taps lack

    private final WinogradShape shape;
    private final WinogradSide rows;
    private final WinogradSide columns;
    private final int one; // floats of one tap: all pairs of channels
    private final long taps; // [kernelHeight, kernelWidth] of those
    private final long half; // [points of a column, kernelWidth] of those
    private final long absent; // zeros for one tap
    private final long ignored; // takes one tap
    private final long points; // [point, depth, out], or [point, out, depth]
    private final OneDnnPrimitive toTaps;
    private final OneDnnPrimitive toTransposedTaps;
    private final OneDnnPrimitive fromTaps;

    WinogradFilter(final WinogradShape shape, final OneDnnObjects objects) {
        final Window w = shape.convolution().window();
        final long bytes = shape.convolution().weightSize() * Float.BYTES;
        final long[] dimensions = {shape.out(), shape.in(), w.kernelHeight(), w.kernelWidth()};
        this.shape = shape;
        this.rows = shape.rows();
        this.columns = shape.columns();
        this.one = shape.in() * shape.out();
        final MemorySegment tapMemory = objects.memory(bytes);
        this.taps = tapMemory.address();
        this.half = objects.memory((long) rows.points() * columns.kernel() * one * 4).address();
        this.absent = objects.memory((long) one * Float.BYTES).address();
        this.ignored = objects.memory((long) one * Float.BYTES).address();
        this.points = objects.memory((long) shape.depths() * shape.out() * Float.BYTES).address();
        final MemorySegment given = objects.rowMajor(dimensions);
        final long line = (long) w.kernelWidth() * one;
        final MemorySegment inFirst =
                objects.strided(dimensions, new long[] {1, shape.out(), line, one});
        final MemorySegment outFirst =
                objects.strided(dimensions, new long[] {shape.in(), 1, line, one});
        this.toTaps = OneDnnStep.reorder(objects, given, inFirst);
        this.toTransposedTaps = OneDnnStep.reorder(objects, given, outFirst);
        this.fromTaps = OneDnnStep.reorder(objects, inFirst, given);
        toTaps.set(TARGET, tapMemory);
        toTransposedTaps.set(TARGET, tapMemory);
        fromTaps.set(SOURCE, tapMemory);
    }

    /** {@return where the weights at a point are, after {@link #transform}} */
    long point(final int point) {
        return points + (long) shape.depthBefore(point) * shape.out() * Float.BYTES;
    }

    /** Brings weights [out, in, kernelHeight, kernelWidth] to the points: [depth, out] at each. */
    void transform(final MemorySegment w) {
        transform(toTaps, w, one, 1);
    }

    /** Brings them there transposed: [out, depth] at each. */
    void transformTransposed(final MemorySegment w) {
        transform(toTransposedTaps, w, shape.in(), shape.out());
    }

    /** Every tap is {@code lines} runs of {@code n} floats. */
    private void transform(
            final OneDnnPrimitive reorder, final MemorySegment w, final int n, final int lines) {
        reorder.set(SOURCE, w);
        reorder.run();
        for (int phase = 0; phase < rows.phases(); phase++) {
            for (int v = 0; v < columns.kernel(); v++) {
                WinogradFilterPoints.points(
                        tap(phase, 0, v),
                        tap(phase, 1, v),
                        tap(phase, 2, v),
                        one,
                        1,
                        half(0, v),
                        half(1, v),
                        half(2, v),
                        0,
                        half(LAST, v),
                        0,
                        rows.points(phase) > LAST);
            }
            for (int a = 0; a < rows.points(phase); a++) {
                for (int q = 0; q < columns.phases(); q++) {
                    final boolean four = columns.points(q) > LAST;
                    WinogradFilterPoints.points(
                            half(a, q, 0),
                            half(a, q, 1),
                            half(a, q, 2),
                            n,
                            lines,
                            place(a, 0, phase, q, n),
                            place(a, 1, phase, q, n),
                            place(a, 2, phase, q, n),
                            bytes(shape.depth(shape.point(a, 0))),
                            four ? place(a, LAST, phase, q, n) : 0,
                            four ? bytes(shape.depth(shape.point(a, LAST))) : 0,
                            four);
                }
            }
        }
    }

    private static long bytes(final int floats) {
        return (long) floats * Float.BYTES;
    }

    /** {@return where tap {@code t} of a phase of the rows lies, {@code v} being the column} */
    private long tap(final int phase, final int t, final int v) {
        final int u = phase + t * rows.stride();
        return u < rows.kernel() ? taps + ((long) u * columns.kernel() + v) * one * 4 : absent;
    }

    private long half(final int a, final int v) {
        return half + ((long) a * columns.kernel() + v) * one * Float.BYTES;
    }

    private long half(final int a, final int phase, final int t) {
        final int v = phase + t * columns.stride();
        return v < columns.kernel() ? half(a, v) : absent;
    }

    /** {@return where the first run of {@code n} floats of a pair of phases lies at point (a, b)} */
    private long place(final int a, final int b, final int phase, final int q, final int n) {
        final int first = shape.phase(b, phase, q);
        return point(shape.point(a, b)) + bytes(n == one ? first * shape.out() : first);
    }

    /**
     * Brings the gradient at the points back to the weights' own place.
     *
     * @param gradients where [depth, out] lies for each point
     */
    void gradient(final long[] gradients, final MemorySegment dw) {
        for (int phase = 0; phase < rows.phases(); phase++) {
            for (int a = 0; a < rows.points(phase); a++) {
                for (int q = 0; q < columns.phases(); q++) {
                    WinogradFilterPoints.taps(
                            gradient(gradients, a, 0, phase, q),
                            gradient(gradients, a, 1, phase, q),
                            gradient(gradients, a, 2, phase, q),
                            gradient(gradients, a, LAST, phase, q),
                            columns.points(q) > LAST,
                            one,
                            written(half(a, q, 0)),
                            written(half(a, q, 1)),
                            written(half(a, q, 2)));
                }
            }
            for (int v = 0; v < columns.kernel(); v++) {
                WinogradFilterPoints.taps(
                        half(0, v),
                        half(1, v),
                        half(2, v),
                        half(LAST, v),
                        rows.points(phase) > LAST,
                        one,
                        written(tap(phase, 0, v)),
                        written(tap(phase, 1, v)),
                        written(tap(phase, 2, v)));
            }
        }
        fromTaps.set(TARGET, dw);
        fromTaps.run();
    }

    private long written(final long tap) {
        return tap == absent ? ignored : tap;
    }

    private long gradient(
            final long[] gradients, final int a, final int b, final int phase, final int q) {
        return b < columns.points(q)
                ? gradients[shape.point(a, b)]
                        + (long) shape.phase(b, phase, q) * shape.out() * Float.BYTES
                : 0;
    }
}

package greenwave.engine;

import greenwave.kernels.Buffer;
import greenwave.kernels.DType;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Between Java arrays and the memory of buffers. */
public final class Segments {
    private Segments() {}

    /** {@return off-heap floats that live as long as they are used} */
    public static MemorySegment of(final float... values) {
        return Arena.ofAuto().allocateFrom(ValueLayout.JAVA_FLOAT, values);
    }

    /** {@return off-heap bytes that live as long as they are used} */
    public static MemorySegment of(final byte... values) {
        return Arena.ofAuto().allocateFrom(ValueLayout.JAVA_BYTE, values);
    }

    /** {@return the elements of an f32 buffer} */
    public static float[] floats(final Buffer buffer) {
        final float[] values = new float[Math.toIntExact(buffer.length())];
        buffer.download(0, MemorySegment.ofArray(values), 0, values.length);
        return values;
    }

    /** {@return the elements of an i32 buffer} */
    public static int[] ints(final Buffer buffer) {
        final int[] values = new int[Math.toIntExact(buffer.length())];
        buffer.download(0, MemorySegment.ofArray(values), 0, values.length);
        return values;
    }

    /** {@return the bytes of a buffer} */
    public static byte[] bytes(final Buffer buffer) {
        final byte[] values = new byte[Math.toIntExact(buffer.length() * buffer.dtype().bytes())];
        buffer.download(0, MemorySegment.ofArray(values), 0, buffer.length());
        return values;
    }

    /** Overwrites a buffer of the same dtype. */
    public static void fill(final Buffer buffer, final Object array) {
        final MemorySegment source =
                switch (array) {
                    case final float[] floats when buffer.dtype() == DType.F32 ->
                            MemorySegment.ofArray(floats);
                    case final int[] ints when buffer.dtype() == DType.I32 ->
                            MemorySegment.ofArray(ints);
                    case final byte[] bytes when buffer.dtype() == DType.U8 ->
                            MemorySegment.ofArray(bytes);
                    default -> throw new IllegalArgumentException("fill: buffer=" + buffer);
                };
        buffer.upload(0, source, 0, buffer.length());
    }
}

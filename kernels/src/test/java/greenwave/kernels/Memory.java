package greenwave.kernels;

import java.lang.foreign.MemorySegment;
import java.util.Random;

/** Fills and reads buffers. */
final class Memory {
    private Memory() {}

    static Buffer of(final Backend backend, final float... values) {
        final Buffer buffer = backend.allocate(DType.F32, values.length);
        buffer.upload(0, MemorySegment.ofArray(values), 0, values.length);
        return buffer;
    }

    static Buffer of(final Backend backend, final int... values) {
        final Buffer buffer = backend.allocate(DType.I32, values.length);
        buffer.upload(0, MemorySegment.ofArray(values), 0, values.length);
        return buffer;
    }

    /** {@return normal random numbers, the same for one seed} */
    static float[] gaussian(final int length, final long seed) {
        final Random random = new Random(seed);
        final float[] values = new float[length];
        for (int i = 0; i < length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    static float[] floats(final Buffer buffer) {
        final float[] values = new float[Math.toIntExact(buffer.length())];
        buffer.download(0, MemorySegment.ofArray(values), 0, values.length);
        return values;
    }

    static int[] ints(final Buffer buffer) {
        final int[] values = new int[Math.toIntExact(buffer.length())];
        buffer.download(0, MemorySegment.ofArray(values), 0, values.length);
        return values;
    }
}

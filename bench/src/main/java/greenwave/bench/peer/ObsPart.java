package greenwave.bench.peer;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * One input of a network: a vector f32, or an image u8.
 *
 * @param levels an image's pixels are whole numbers in [0, levels); 0 for a vector
 * @param scale what a pixel is multiplied by before the first layer; 1 for a vector
 * @param dims of one observation
 */
@SuppressWarnings("ArrayRecordComponent") // read only, never compared
public record ObsPart(int levels, float scale, int... dims) {
    static ObsPart vector(final int width) {
        return new ObsPart(0, 1, width);
    }

    static ObsPart image(final int levels, final float scale, final int... dims) {
        return new ObsPart(levels, scale, dims);
    }

    /** {@return whether it is an image, not a vector} */
    public boolean isImage() {
        return levels > 0;
    }

    /** {@return the elements of one observation} */
    public int size() {
        return IntStream.of(dims).reduce(1, Math::multiplyExact);
    }

    /** {@return the shape of so many observations} */
    public int[] shape(final int rows) {
        return IntStream.concat(IntStream.of(rows), IntStream.of(dims)).toArray();
    }

    /** {@return so many observations, row-major: vectors standard normal, pixels uniform} */
    MemorySegment draw(final SplittableRandom random, final int rows) {
        final int length = rows * size();
        final long bytes = (long) length * (isImage() ? 1 : Float.BYTES);
        final MemorySegment values = Arena.ofAuto().allocate(bytes, Float.BYTES);
        for (int i = 0; i < length; i++) {
            if (isImage()) {
                values.set(ValueLayout.JAVA_BYTE, i, (byte) random.nextInt(levels));
            } else {
                values.setAtIndex(ValueLayout.JAVA_FLOAT, i, (float) random.nextGaussian());
            }
        }
        return values;
    }

    /** {@return what {@code values}, so many observations, are once they are scaled} */
    public float[] scaled(final MemorySegment values, final int rows) {
        final float[] floats = new float[rows * size()];
        for (int i = 0; i < floats.length; i++) {
            floats[i] =
                    isImage()
                            ? scale * Byte.toUnsignedInt(values.get(ValueLayout.JAVA_BYTE, i))
                            : values.getAtIndex(ValueLayout.JAVA_FLOAT, i);
        }
        return floats;
    }
}

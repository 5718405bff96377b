package greenwave.kernels.cpu;

import static greenwave.kernels.cpu.VectorArithmetic.STEP;

import java.util.List;
import java.util.Optional;

/**
 * A layout of images in which a pixel's channels lie side by side by the vector: channels last, or in blocks of a vector.
 * Distances are in bytes.
 *
 * @param channels from a vector of channels to the next
 */
record ChannelVectors(long sample, long channels, long row, long pixel) {
    /** Bytes of a vector. */
    static final long VECTOR = (long) STEP * Float.BYTES;

    /** {@return the distances of a layout, if it is of that kind} */
    static Optional<ChannelVectors> of(final OneDnnLayout layout) {
        final List<Long> strides = layout.strides();
        final List<Long> blocks = layout.blocks();
        final boolean last =
                blocks.isEmpty() && strides.get(1) == 1 && layout.channels() % STEP == 0;
        final boolean blocked = blocks.equals(List.of((long) STEP, 1L));
        if (layout.padded() || !last && !blocked) {
            return Optional.empty();
        }
        return Optional.of(
                new ChannelVectors(
                        strides.get(0) * Float.BYTES,
                        last ? VECTOR : strides.get(1) * Float.BYTES,
                        strides.get(2) * Float.BYTES,
                        strides.get(3) * Float.BYTES));
    }

    /** {@return bytes from a row's first vector to the end of its last, of so many pixels and channels} */
    long reach(final int pixels, final int vectors) {
        return pixels * pixel + (vectors - 1) * channels + VECTOR;
    }
}

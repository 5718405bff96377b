package greenwave.engine.replay;

import greenwave.engine.env.AgentGroup;
import greenwave.kernels.HostMemory;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Objects;

/**
 * A ring of observations off heap, vectors and images in a column each. Transitions name theirs by number, so that one
 * which ends a transition and starts the next is stored once. Any thread writes and reads.
 */
final class Observations {
    private static final int CACHE_LINE = 64;

    private final long vectorBytes;
    private final long imageBytes;
    private final MemorySegment vectors;
    private final MemorySegment images;
    private final NumberedRing ring;

    Observations(final AgentGroup group, final int length, final Arena arena) {
        this.vectorBytes = (long) group.obsSize() * Float.BYTES;
        this.imageBytes = group.imageSize();
        this.vectors = HostMemory.allocate(arena, length * vectorBytes, CACHE_LINE);
        this.images = HostMemory.allocate(arena, length * imageBytes, CACHE_LINE);
        this.ring = new NumberedRing(length, arena);
    }

    /** {@return the bytes of one observation} */
    static long bytesOfOne(final AgentGroup group) {
        return (long) group.obsSize() * Float.BYTES + group.imageSize();
    }

    NumberedRing ring() {
        return ring;
    }

    MemorySegment vectors() {
        return vectors;
    }

    MemorySegment images() {
        return images;
    }

    /**
     * {@return the number of a new observation, copied from row {@code row}}
     *
     * @param vector f32 [R, D]; null or empty if D is 0
     * @param image u8 [R, C, H, W]; null or empty if there are none
     * @throws IndexOutOfBoundsException if there is no such row; nothing is stored
     */
    int append(final int row, final MemorySegment vector, final MemorySegment image) {
        requireRow(row, vectorBytes, vector);
        requireRow(row, imageBytes, image);
        final int number = ring.claim();
        final int index = ring.index(number);
        if (vectorBytes > 0) {
            MemorySegment.copy(
                    vector, row * vectorBytes, vectors, index * vectorBytes, vectorBytes);
        }
        if (imageBytes > 0) {
            MemorySegment.copy(image, row * imageBytes, images, index * imageBytes, imageBytes);
        }
        ring.publish(number);
        return number;
    }

    private static void requireRow(final int row, final long bytes, final MemorySegment from) {
        if (bytes > 0) {
            Objects.checkFromIndexSize(row * bytes, bytes, from.byteSize());
        }
    }

    /** Fetches the vectors of observations {@code numbers}, those not negative, into the caches; the value means nothing. */
    int touch(final int[] numbers) {
        final MemorySegment vectors = this.vectors;
        final long bytes = vectorBytes;
        final int length = ring.length();
        int sum = 0;
        for (final int number : numbers) {
            final long start = Math.max(0, number) % length * bytes;
            for (long at = start; at < start + bytes; at += CACHE_LINE) {
                sum += vectors.get(ValueLayout.JAVA_BYTE, at);
            }
        }
        return sum;
    }

    /** Copies the vector of observation {@code number} to row {@code row} of {@code to}. */
    void copyVector(final int number, final MemorySegment to, final int row) {
        final long from = ring.index(number) * vectorBytes;
        MemorySegment.copy(vectors, from, to, row * vectorBytes, vectorBytes);
    }

    /** Copies the image of observation {@code number} to row {@code row} of {@code to}. */
    void copyImage(final int number, final MemorySegment to, final int row) {
        final long from = ring.index(number) * imageBytes;
        MemorySegment.copy(images, from, to, row * imageBytes, imageBytes);
    }
}

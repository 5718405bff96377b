package greenwave.engine.env;

/**
 * The size of an image, stored as u8 [channels, height, width].
 *
 * @param channels positive
 * @param height rows, positive
 * @param width columns, positive
 */
public record ImageSpec(int channels, int height, int width) {
    /** Checks the ranges above. */
    public ImageSpec {
        if (channels < 1 || height < 1 || width < 1) {
            throw new IllegalArgumentException(
                    "ImageSpec: channels=%d, height=%d, width=%d, expected each >= 1"
                            .formatted(channels, height, width));
        }
    }

    /** {@return bytes, which are pixels, of one image} */
    public int size() {
        return Math.multiplyExact(Math.multiplyExact(channels, height), width);
    }
}

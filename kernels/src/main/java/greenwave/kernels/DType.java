package greenwave.kernels;

/** Element type of a {@link Buffer}. Arithmetic is done in {@link #F32}; the others carry indices and flags. */
public enum DType {
    /** IEEE 754 single precision. */
    F32(4),
    /** Signed 32-bit integer. */
    I32(4),
    /** Unsigned 8-bit integer. */
    U8(1);

    private final int bytes;

    DType(final int bytes) {
        this.bytes = bytes;
    }

    /** {@return the size of one element in bytes} */
    public int bytes() {
        return bytes;
    }
}

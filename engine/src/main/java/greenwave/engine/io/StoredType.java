package greenwave.engine.io;

import greenwave.kernels.DType;

/** Type of the elements of a tensor in a safetensors file, by the format's names. The engine computes on few of them. */
public enum StoredType {
    /** A truth value in a byte. */
    BOOL(1),
    /** Unsigned, 8 bits. */
    U8(1),
    /** Signed, 8 bits. */
    I8(1),
    /** Floating point: 5 bits of exponent, 2 of mantissa. */
    F8_E5M2(1),
    /** Floating point: 4 bits of exponent, 3 of mantissa. */
    F8_E4M3(1),
    /** Signed, 16 bits. */
    I16(2),
    /** Unsigned, 16 bits. */
    U16(2),
    /** IEEE 754 half precision. */
    F16(2),
    /** The upper half of single precision. */
    BF16(2),
    /** Signed, 32 bits. */
    I32(4),
    /** Unsigned, 32 bits. */
    U32(4),
    /** IEEE 754 single precision. */
    F32(4),
    /** IEEE 754 double precision. */
    F64(8),
    /** Signed, 64 bits. */
    I64(8),
    /** Unsigned, 64 bits. */
    U64(8);

    private final int bytes;

    StoredType(final int bytes) {
        this.bytes = bytes;
    }

    /** {@return the size of one element in bytes} */
    public int bytes() {
        return bytes;
    }

    /** {@return what elements of a backend's {@code dtype} are in a file} */
    public static StoredType of(final DType dtype) {
        return valueOf(dtype.name());
    }
}

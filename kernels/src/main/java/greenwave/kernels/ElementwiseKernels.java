package greenwave.kernels;

/** The part of {@link Kernels} that works element by element, all buffers being f32 of one length. */
public interface ElementwiseKernels {
    /** y = f(x), with the constants of f. */
    void unary(UnaryFunction f, float a, float b, Buffer x, Buffer y);

    /**
     * dx += dy · f'(x).
     *
     * @param y what {@link #unary} gave for x
     */
    void addUnaryGradient(
            UnaryFunction f, float a, float b, Buffer x, Buffer y, Buffer dy, Buffer dx);

    /** y = a / b. */
    void div(Buffer a, Buffer b, Buffer y);

    /** da += dy / b: {@link #div}'s gradient by a. */
    void addDividendGradient(Buffer b, Buffer dy, Buffer da);

    /** db -= dy · y / b: {@link #div}'s gradient by b, from its result y. */
    void addDivisorGradient(Buffer b, Buffer y, Buffer dy, Buffer db);

    /** y = scale · x; x u8, for example an image. */
    void fromBytes(Buffer x, float scale, Buffer y);
}

package greenwave.kernels;

/** The part of {@link Kernels} that works on images, f32, row-major, [batch, channels, height, width]. */
public interface ImageKernels {
    /**
     * y = the cross-correlation of x with w, plus b by output channel.
     *
     * @param b [outChannels], or null for none
     */
    void convolve(Convolution c, Buffer x, Buffer w, Buffer b, Buffer y);

    /** dx += the gradient of {@link #convolve} by x. */
    void addConvolveDataGradient(Convolution c, Buffer w, Buffer dy, Buffer dx);

    /** dw += the gradient of {@link #convolve} by w. */
    void addConvolveWeightGradient(Convolution c, Buffer x, Buffer dy, Buffer dw);

    /**
     * y = the largest in each window, padding left out, NaN counting as larger than any number, -infinity where all is
     * padding; x is {@code planes} images.
     */
    void maxPool(Window window, int planes, Buffer x, Buffer y);

    /** dx += dy where {@link #maxPool} found the largest, the first of equals in row-major order. */
    void addMaxPoolGradient(Window window, int planes, Buffer x, Buffer dy, Buffer dx);

    /** y = the mean of each window, padding counting as zeros; x is {@code planes} images. */
    void averagePool(Window window, int planes, Buffer x, Buffer y);

    /** dx += the gradient of {@link #averagePool} by x. */
    void addAveragePoolGradient(Window window, int planes, Buffer dy, Buffer dx);
}

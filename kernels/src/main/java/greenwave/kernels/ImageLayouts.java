package greenwave.kernels;

/**
 * Image computations in memory layouts of the backend's own choice, prepared once for a shape and run many times: a net
 * whose steps agree on a layout never converts. Buffers are f32 and as long as their layout says; weights, and what there
 * is one of per channel, are row-major as in {@link ImageKernels} and {@link NormKernels}. NaN and infinities propagate.
 *
 * <p>Running allocates nothing on the Java heap, except the first time that a gradient by an input is asked for or that a
 * number is not finite. It refuses wrong dtypes and lengths with {@link IllegalArgumentException} before anything is
 * written. No output may overlap an input or another output. A prepared computation may hold memory of its own, freed by
 * its {@code close}, at the latest with the backend; closing twice does nothing, running it after that throws {@link
 * IllegalStateException}. One thread at a time uses a computation, any thread; of {@link
 * Backend#isConcurrent} backends several at once.
 */
public interface ImageLayouts {
    /**
     * How an image tensor [batch, channels, height, width] lies in a buffer. Equal layouts place every element alike; every
     * element of the buffer belongs to the tensor or is padding that is neither read nor kept.
     */
    interface Layout {
        /** {@return elements of a buffer, padding included} */
        long length();

        /** {@return how many channels the tensor has} */
        int channels();

        /** {@return whether it is the row-major one, with no padding} */
        boolean rowMajor();
    }

    /**
     * {@return the layout of {@link ImageKernels}}
     *
     * @throws IllegalArgumentException unless every dimension is positive
     */
    Layout rowMajor(int batch, int channels, int height, int width);

    /** A convolution of one shape, and ReLU on its result if asked. */
    interface PreparedConvolution extends AutoCloseable {
        /** {@return the layout in which x must come, and dx goes: another than was asked about if a copy into it pays} */
        Layout x();

        /** {@return the layout of y and dy} */
        Layout y();

        /**
         * y = the cross-correlation of x with w, plus b by output channel, then ReLU if asked.
         *
         * @param w [outChannels, inChannels / groups, kernelHeight, kernelWidth]
         * @param b [outChannels], or null for none
         */
        void forward(Buffer x, Buffer w, Buffer b, Buffer y);

        /**
         * Overwrites dx, dw and db with the gradients of {@link #forward} by x, w and b; with ReLU, dy is undefined afterwards.
         *
         * @param y what {@link #forward} gave; may be null without ReLU
         * @param dx null for none
         * @param db null for none
         * @throws IllegalStateException if it was not prepared for training
         */
        void gradients(Buffer x, Buffer w, Buffer y, Buffer dy, Buffer dx, Buffer dw, Buffer db);

        /** {@return the implementations behind it, on one line} */
        String describe();

        @Override
        void close();
    }

    /**
     * Prepares a convolution.
     *
     * @param x the layout that x has so far
     * @param relu whether y is max(0, convolution)
     * @param training whether gradients will be asked for
     * @throws IllegalArgumentException if {@code x} is not a layout of this backend for the shape of {@code c}'s input
     */
    PreparedConvolution convolution(Convolution c, Layout x, boolean relu, boolean training);

    /** A batch normalisation of one shape by the moments of the batch, and ReLU on its result if asked. */
    interface PreparedNorm extends AutoCloseable {
        /**
         * y = (x - mean) / sqrt(variance + eps) · scale + shift by channel, then ReLU if asked; mean and biased variance of
         * the batch are written. All but x and y are [channels].
         */
        void forward(Buffer x, Buffer scale, Buffer shift, Buffer mean, Buffer variance, Buffer y);

        /**
         * Overwrites dx, dscale and dshift with the gradients of the last {@link #forward}, the flow through mean and variance
         * included; with ReLU, dy is undefined afterwards.
         *
         * @param y what {@link #forward} gave, as mean and variance
         */
        void gradients(
                Buffer x,
                Buffer scale,
                Buffer mean,
                Buffer variance,
                Buffer y,
                Buffer dy,
                Buffer dx,
                Buffer dscale,
                Buffer dshift);

        @Override
        void close();
    }

    /**
     * Prepares a batch normalisation.
     *
     * @param x the layout of x, y and their gradients
     * @throws IllegalArgumentException if {@code x} is not of this backend or {@code eps} is not positive
     */
    PreparedNorm batchNorm(Layout x, float eps, boolean relu);

    /** A scale and a shift by channel, for one shape, and ReLU on the result if asked. */
    interface PreparedAffine extends AutoCloseable {
        /** y = x · scale + shift by channel, then ReLU if asked; scale and shift [channels]. */
        void forward(Buffer x, Buffer scale, Buffer shift, Buffer y);

        @Override
        void close();
    }

    /**
     * Prepares a scale and shift.
     *
     * @param x the layout of x and y
     * @throws IllegalArgumentException if {@code x} is not of this backend
     */
    PreparedAffine channelAffine(Layout x, boolean relu);

    /** A copy from layout to layout. */
    interface PreparedCopy extends AutoCloseable {
        /** Overwrites {@code to} with the same tensor. */
        void run(Buffer from, Buffer to);

        @Override
        void close();
    }

    /**
     * Prepares a copy.
     *
     * @throws IllegalArgumentException unless both are layouts of this backend for one shape
     */
    PreparedCopy copy(Layout from, Layout to);
}

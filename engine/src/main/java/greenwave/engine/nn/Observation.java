package greenwave.engine.nn;

import greenwave.engine.autograd.Trace;
import greenwave.engine.env.ImageSpec;
import greenwave.engine.tensor.Tensor;
import greenwave.kernels.DType;

/**
 * What B agents see, as tensors of one trace: a vector, an image or both.
 *
 * @param vector f32 [B, D]; null without
 * @param image u8 [B, C, H, W]; null without
 */
public record Observation(Tensor vector, Tensor image) {
    /** {@return new inputs of {@code trace} for {@code rows} observations of what {@code net} sees} */
    public static Observation inputs(
            final Trace trace,
            final String vectorName,
            final String imageName,
            final int rows,
            final QNetwork net) {
        return inputs(trace, vectorName, imageName, rows, net.obsSize(), net.image());
    }

    /** {@return new inputs of {@code trace}; {@code obsSize} is 0 for no vector, {@code image} null for no image} */
    public static Observation inputs(
            final Trace trace,
            final String vectorName,
            final String imageName,
            final int rows,
            final int obsSize,
            final ImageSpec image) {
        return new Observation(
                obsSize == 0 ? null : trace.input(vectorName, DType.F32, rows, obsSize),
                image == null
                        ? null
                        : trace.input(
                                imageName,
                                DType.U8,
                                rows,
                                image.channels(),
                                image.height(),
                                image.width()));
    }
}

package greenwave.kernels.cpu;

import greenwave.kernels.Convolution;
import greenwave.kernels.cpu.OneDnnConvolutionChoice.Layouts;

/**
 * When {@link WinogradConvolution} is faster than oneDNN: told from the shape alone, so that a seed gives the same numbers every
 * time. Measured with AVX2 on one thread and on two; where vectors are longer, or the JVM has none, it is never chosen.
 */
final class WinogradChoice {
    private static final int MEASURED_LANES = 8;
    private static final double MOST_MULTIPLICATIONS = 0.75; // for each that the definition has
    private static final int FEWEST_TILES = 512; // that the weights' transformation pays for
    private static final long MOST_WEIGHT_BYTES =
            1 << 21; // at the points: they are read for every few tiles

    private WinogradChoice() {}

    /** {@return whether it is} */
    static boolean pays(final Convolution c, final Layouts layouts) {
        return VectorModule.present()
                && VectorArithmetic.STEP == MEASURED_LANES
                && possible(c, layouts)
                && pays(new WinogradShape(c));
    }

    /** {@return whether it can be computed at all} */
    static boolean possible(final Convolution c, final Layouts layouts) {
        return WinogradShape.covers(c)
                && ChannelVectors.of(layouts.x()).isPresent()
                && ChannelVectors.of(layouts.y()).isPresent();
    }

    private static boolean pays(final WinogradShape shape) {
        return shape.multiplications() <= MOST_MULTIPLICATIONS
                && (long) shape.tiles() * shape.convolution().batch() >= FEWEST_TILES
                && (long) shape.depths() * shape.out() * Float.BYTES <= MOST_WEIGHT_BYTES;
    }
}

package greenwave.engine.nn;

import greenwave.engine.tensor.Tensor;

/**
 * The mean of each window of images [B, C, H, W], padding counting as zeros: torch.nn.AvgPool2d. Sizes that do not fit are
 * refused when the layer is used.
 *
 * @param kernel size of the window, positive
 * @param stride from one window to the next, positive
 * @param padding around the image, at most half the kernel
 */
public record AvgPool2d(Pair kernel, Pair stride, Pair padding) implements Module {
    /** Square windows side by side. */
    public AvgPool2d(final int kernel) {
        this(Pair.of(kernel), Pair.of(kernel), Pair.of(0));
    }

    @Override
    public void declare(final ParameterLayout layout, final String prefix) {}

    @Override
    public Tensor forward(final Tensor x, final Scope scope) {
        return Functional.avgPool2d(x, kernel, stride, padding);
    }
}

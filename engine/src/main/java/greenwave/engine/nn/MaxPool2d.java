package greenwave.engine.nn;

import greenwave.engine.tensor.Tensor;

/**
 * The largest in each window of images [B, C, H, W], padding left out: torch.nn.MaxPool2d. Sizes that do not fit are refused
 * when the layer is used.
 *
 * @param kernel size of the window, positive
 * @param stride from one window to the next, positive
 * @param padding around the image, at most half the kernel
 * @param dilation between the window's places, positive
 */
public record MaxPool2d(Pair kernel, Pair stride, Pair padding, Pair dilation) implements Module {
    /** Square windows side by side. */
    public MaxPool2d(final int kernel) {
        this(Pair.of(kernel), Pair.of(kernel), Pair.of(0), Pair.of(1));
    }

    @Override
    public void declare(final ParameterLayout layout, final String prefix) {}

    @Override
    public Tensor forward(final Tensor x, final Scope scope) {
        return Functional.maxPool2d(x, kernel, stride, padding, dilation);
    }
}

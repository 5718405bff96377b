package greenwave.engine.nn;

import greenwave.engine.tensor.Shape;
import greenwave.engine.tensor.Tensor;

/**
 * A convolution of images [B, in, H, W] with bias: torch.nn.Conv2d. First values are PyTorch's: uniform within 1/sqrt(fan
 * in), for weight [out, in / groups, KH, KW] and bias [out], the fan in being in / groups · KH · KW.
 *
 * @param in channels, positive, divisible by groups
 * @param out channels, likewise
 * @param kernel its size, positive
 * @param stride from one place to the next, positive
 * @param padding around the image, not negative
 * @param dilation between the kernel's places, positive
 * @param groups of channels that do not see each other, positive
 */
public record Conv2d(
        int in, int out, Pair kernel, Pair stride, Pair padding, Pair dilation, int groups)
        implements Module {
    /** Checks the ranges above. */
    public Conv2d {
        final boolean positive =
                Math.min(in, out) > 0
                        && groups > 0
                        && Math.min(kernel.height(), kernel.width()) > 0
                        && Math.min(stride.height(), stride.width()) > 0
                        && Math.min(dilation.height(), dilation.width()) > 0
                        && Math.min(padding.height(), padding.width()) >= 0;
        if (!positive || in % groups != 0 || out % groups != 0) {
            throw new IllegalArgumentException(
                    ("Conv2d: in=%d, out=%d, kernel=%s, stride=%s, padding=%s, dilation=%s,"
                                    + " groups=%d, expected groups to divide in and out, sizes > 0")
                            .formatted(in, out, kernel, stride, padding, dilation, groups));
        }
    }

    /** A square kernel, without padding, dilation and groups. */
    public Conv2d(final int in, final int out, final int kernel, final int stride) {
        this(in, out, Pair.of(kernel), Pair.of(stride), Pair.of(0), Pair.of(1), 1);
    }

    @Override
    public void declare(final ParameterLayout layout, final String prefix) {
        final int inputs = in / groups;
        final double bound = 1 / Math.sqrt((double) inputs * kernel.height() * kernel.width());
        layout.uniform(
                prefix + "weight", Shape.of(out, inputs, kernel.height(), kernel.width()), bound);
        layout.uniform(prefix + "bias", Shape.of(out), bound);
    }

    @Override
    public Tensor forward(final Tensor x, final Scope scope) {
        final Tensor weight = scope.parameter(x.trace(), "weight");
        final Tensor bias = scope.parameter(x.trace(), "bias");
        return Functional.conv2d(x, weight, bias, stride, padding, dilation, groups);
    }
}

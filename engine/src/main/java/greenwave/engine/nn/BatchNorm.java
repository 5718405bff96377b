package greenwave.engine.nn;

import greenwave.engine.tensor.Shape;
import greenwave.engine.tensor.Tensor;

/**
 * Batch normalisation by channel, of [B, C] or [B, C, ...]: torch.nn.BatchNorm1d and BatchNorm2d with their first values
 * (weight 1, bias 0, running mean 0, running variance 1). In training the batch's own statistics count, and every run moves
 * the running ones; in evaluation those count.
 *
 * @param channels C, positive
 * @param eps added to the variance, positive; PyTorch's default is 1e-5
 * @param momentum how far the running statistics move, in [0, 1]; PyTorch's default is 0.1
 */
public record BatchNorm(int channels, float eps, float momentum) implements Module {
    /** PyTorch's default. */
    public static final float EPS = 1e-5f;

    /** Checks the ranges above. */
    public BatchNorm {
        if (channels < 1 || !(eps > 0) || !(momentum >= 0 && momentum <= 1)) {
            throw new IllegalArgumentException(
                    "BatchNorm: channels=%d, eps=%s, momentum=%s, expected >= 1, > 0, in [0, 1]"
                            .formatted(channels, eps, momentum));
        }
    }

    /** With PyTorch's defaults. */
    public BatchNorm(final int channels) {
        this(channels, EPS, 0.1f);
    }

    @Override
    public void declare(final ParameterLayout layout, final String prefix) {
        final Shape shape = Shape.of(channels);
        layout.constant(prefix + "weight", shape, 1);
        layout.constant(prefix + "bias", shape, 0);
        layout.statistic(prefix + "running_mean", shape, 0);
        layout.statistic(prefix + "running_var", shape, 1);
    }

    @Override
    public Tensor forward(final Tensor x, final Scope scope) {
        final Tensor weight = scope.parameter(x.trace(), "weight");
        final Tensor bias = scope.parameter(x.trace(), "bias");
        final Tensor mean = scope.parameter(x.trace(), "running_mean");
        final Tensor variance = scope.parameter(x.trace(), "running_var");
        return scope.training()
                ? Functional.batchNormTraining(x, weight, bias, mean, variance, momentum, eps)
                : Functional.batchNorm(x, weight, bias, mean, variance, eps);
    }
}

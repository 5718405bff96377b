package greenwave.engine.nn;

import greenwave.engine.autograd.DistributionOps;
import greenwave.engine.autograd.ImageOps;
import greenwave.engine.autograd.Op;
import greenwave.engine.autograd.RandomOps;
import greenwave.engine.autograd.Trace;
import greenwave.engine.tensor.Tensor;

import java.util.random.RandomGenerator;

/**
 * The computations of layers and losses, their weights being arguments, as torch.nn.functional has them. Each throws
 * {@link IllegalArgumentException} on shapes or dtypes that do not fit.
 */
public final class Functional {
    private static final float[] NO_ATTRIBUTES = {};

    private Functional() {}

    /** {@return the mean of (prediction - goal)², a scalar: torch.nn.functional.mse_loss; shapes broadcast} */
    public static Tensor mse(final Tensor prediction, final Tensor goal) {
        return prediction.squaredError(goal).mean();
    }

    /**
     * {@return -log of the softmax of each row at its label, [B]}
     *
     * @param logits [B, C]
     * @param label i32 [B], in [0, C)
     */
    public static Tensor crossEntropy(final Tensor logits, final Tensor label) {
        return logits.logSoftmax(1).gather(label).neg();
    }

    /**
     * {@return value + advantage - mean of advantage over actions: the action values of a dueling network (Wang et al. 2016,
     * arXiv:1511.06581, equation 9), by atom where values are distributions (Hessel et al. 2018, arXiv:1710.02298)}
     *
     * @param value [B, 1], or [B, 1, N]
     * @param advantage [B, A], or [B, A, N]
     */
    public static Tensor dueling(final Tensor value, final Tensor advantage) {
        return value.add(advantage).sub(advantage.mean(1).reshape(value.shape().dims()));
    }

    /** {@return row index[b] of each x[b], [B, N]; x [B, A, N], index i32 [B] in [0, A)} */
    public static Tensor choose(final Tensor x, final Tensor index) {
        final int actions = x.shape().dim(1);
        final Tensor flat =
                x.trace()
                        .record(
                                DistributionOps.FLAT_INDEX,
                                NO_ATTRIBUTES,
                                new int[] {actions},
                                index);
        return x.reshape(x.shape().dim(0) * actions, x.shape().dim(2)).embedding(flat);
    }

    /**
     * {@return the probabilities [B, N] of atoms from {@code low} to {@code high} once each has moved to reward + discount ·
     * atom, without gradient (Bellemare et al. 2017, arXiv:1707.06887, algorithm 1)}
     *
     * @param p probabilities of the atoms, [B, N]
     * @param reward [B]
     * @param discount [B]
     */
    public static Tensor projectCategorical(
            final Tensor p,
            final Tensor reward,
            final Tensor discount,
            final float low,
            final float high) {
        final float[] range = {low, high};
        return p.trace().record(DistributionOps.PROJECT_CATEGORICAL, range, p, reward, discount);
    }

    /**
     * {@return the quantile Huber loss of each row, [B]: the sum over quantiles of the mean over draws (Dabney et al. 2018,
     * arXiv:1710.10044, algorithm 1)}
     *
     * @param x quantiles at levels (2 i + 1) / (2 N), [B, N]
     * @param goal draws [B, M]; no gradient flows there
     * @param kappa where a square turns into a line, positive
     */
    public static Tensor quantileHuber(final Tensor x, final Tensor goal, final float kappa) {
        if (!(kappa > 0)) {
            throw new IllegalArgumentException(
                    "quantileHuber: kappa=%s, expected > 0".formatted(kappa));
        }
        return x.trace().record(DistributionOps.QUANTILE_HUBER, new float[] {kappa}, x, goal);
    }

    /**
     * {@return x normalised over its last dimensions, then scaled and shifted (Ba, Kiros and Hinton 2016,
     * arXiv:1607.06450)}
     *
     * @param weight of the shape of those dimensions, as is {@code bias}
     * @param eps added to the variance
     */
    public static Tensor layerNorm(
            final Tensor x, final Tensor weight, final Tensor bias, final float eps) {
        final Normalisation rows = Normalisation.ofRows(x, weight.shape());
        final int places = Math.toIntExact(weight.shape().size());
        return Normalisation.ofPlaces(rows.standardise(rows.moments(), eps), weight.shape())
                .affine(weight.reshape(places), bias.reshape(places));
    }

    /**
     * {@return x [B, C, ...] normalised by channel with the statistics of the batch, then scaled and shifted (Ioffe and
     * Szegedy 2015, arXiv:1502.03167); every run moves the running statistics, as PyTorch does, towards the batch's mean
     * and unbiased variance}
     *
     * @param weight [C], as are {@code bias} and the running statistics
     * @param runningMean changed in place, as is {@code runningVariance}
     * @param momentum how far the running statistics move, in [0, 1]
     * @param eps added to the variance
     * @throws IllegalArgumentException also if a channel has a single value: it has no variance
     */
    public static Tensor batchNormTraining(
            final Tensor x,
            final Tensor weight,
            final Tensor bias,
            final Tensor runningMean,
            final Tensor runningVariance,
            final float momentum,
            final float eps) {
        final Normalisation seen = Normalisation.ofChannels("batchNorm", x);
        if (seen.count() < 2) {
            throw new IllegalArgumentException(
                    "batchNorm: x=%s, expected more than one value per channel in training"
                            .formatted(x.shape()));
        }
        final int channels = seen.channels();
        final Tensor moments = seen.moments();
        final Tensor mean = moments.slice(0, 0, 1).reshape(channels);
        final Tensor variance = moments.slice(0, 1, 1).reshape(channels);
        final float unbias = (float) (seen.count() / (seen.count() - 1.0));
        runningMean.movingAverage(mean, momentum);
        runningVariance.movingAverage(variance.mul(unbias), momentum);
        return seen.of(seen.standardise(moments, eps)).affine(weight, bias);
    }

    /** {@return x [B, C, ...] normalised by channel with given statistics, then scaled and shifted; the others [C]} */
    public static Tensor batchNorm(
            final Tensor x,
            final Tensor weight,
            final Tensor bias,
            final Tensor mean,
            final Tensor variance,
            final float eps) {
        final Tensor scale = variance.add(eps).pow(-0.5f).mul(weight);
        return Normalisation.ofChannels("batchNorm", x).affine(scale, bias.sub(mean.mul(scale)));
    }

    /**
     * {@return x convolved with weight (not flipped, as all of the field has it), plus bias by channel, [B, O, H', W']}
     *
     * @param x [B, I, H, W]
     * @param weight [O, I / groups, KH, KW]
     * @param bias [O]
     */
    public static Tensor conv2d(
            final Tensor x,
            final Tensor weight,
            final Tensor bias,
            final Pair stride,
            final Pair padding,
            final Pair dilation,
            final int groups) {
        final int[] constants = {
            stride.height(),
            stride.width(),
            padding.height(),
            padding.width(),
            dilation.height(),
            dilation.width(),
            groups
        };
        return x.trace().record(ImageOps.CONV2D, NO_ATTRIBUTES, constants, x, weight, bias);
    }

    /** {@return the largest in each window, padding left out, [B, C, H', W']; x [B, C, H, W]} */
    public static Tensor maxPool2d(
            final Tensor x,
            final Pair kernel,
            final Pair stride,
            final Pair padding,
            final Pair dilation) {
        return pool(ImageOps.MAX_POOL2D, x, kernel, stride, padding, dilation);
    }

    /** {@return the mean of each window, padding counting as zeros, [B, C, H', W']; x [B, C, H, W]} */
    public static Tensor avgPool2d(
            final Tensor x, final Pair kernel, final Pair stride, final Pair padding) {
        return pool(ImageOps.AVG_POOL2D, x, kernel, stride, padding, Pair.of(1));
    }

    private static Tensor pool(
            final Op op,
            final Tensor x,
            final Pair kernel,
            final Pair stride,
            final Pair padding,
            final Pair dilation) {
        final int[] constants = {
            kernel.height(),
            kernel.width(),
            stride.height(),
            stride.width(),
            padding.height(),
            padding.width(),
            dilation.height(),
            dilation.width()
        };
        return x.trace().record(op, NO_ATTRIBUTES, constants, x);
    }

    /**
     * {@return x with every element made 0 with probability {@code rate}, drawn anew in every run, and the others
     * divided by 1 - rate (Srivastava et al. 2014, JMLR 15)}
     *
     * @param random gives the seed
     * @throws IllegalArgumentException unless {@code rate} is in [0, 1)
     */
    public static Tensor dropout(final Tensor x, final float rate, final RandomGenerator random) {
        if (!(rate >= 0 && rate < 1)) {
            throw new IllegalArgumentException(
                    "dropout: rate=%s, expected in [0, 1)".formatted(rate));
        }
        final float[] keep = {1 - rate};
        return x.mul(draw(RandomOps.DROPOUT_MASK, keep, x.trace(), random, x.shape().dims()));
    }

    /** {@return a tensor of {@code trace} drawn from the standard normal distribution, anew in every run} */
    public static Tensor normal(
            final Trace trace, final RandomGenerator random, final int... dims) {
        return draw(RandomOps.NORMAL, NO_ATTRIBUTES, trace, random, dims);
    }

    private static Tensor draw(
            final Op op,
            final float[] attributes,
            final Trace trace,
            final RandomGenerator random,
            final int... dims) {
        final Tensor stream = trace.state("random", random.nextInt(), random.nextInt(), 0);
        return trace.record(op, attributes, dims.clone(), stream);
    }
}

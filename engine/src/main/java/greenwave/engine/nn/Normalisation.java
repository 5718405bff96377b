package greenwave.engine.nn;

import greenwave.engine.autograd.NormOps;
import greenwave.engine.tensor.Shape;
import greenwave.engine.tensor.Tensor;

import java.util.Arrays;

/** A tensor seen as [outer, channels, inner], to be normalised by channel. */
record Normalisation(Tensor x, int outer, int channels, int inner) {
    /** Dimension 1 is the channels', as in images [B, C, H, W]. */
    static Normalisation ofChannels(final String op, final Tensor x) {
        if (x.shape().rank() < 2) {
            throw new IllegalArgumentException(
                    "%s: x=%s, expected x [B, C, ...]".formatted(op, x.shape()));
        }
        final int outer = x.shape().dim(0);
        final int channels = x.shape().dim(1);
        final long inner = x.shape().size() / outer / channels;
        return new Normalisation(x, outer, channels, Math.toIntExact(inner));
    }

    /** Every place in the last dimensions, {@code last}, is a channel: what a layer's weights scale. */
    static Normalisation ofPlaces(final Tensor x, final Shape last) {
        final int channels = Math.toIntExact(last.size());
        return new Normalisation(x, Math.toIntExact(x.shape().size() / channels), channels, 1);
    }

    /** The last dimensions, {@code last}, are normalised together: each row of them is a channel. */
    static Normalisation ofRows(final Tensor x, final Shape last) {
        final int rank = x.shape().rank();
        final int from = rank - last.rank();
        final boolean fits =
                last.rank() > 0
                        && from >= 0
                        && Arrays.equals(
                                last.dims(), Arrays.copyOfRange(x.shape().dims(), from, rank));
        if (!fits) {
            throw new IllegalArgumentException(
                    "layerNorm: x=%s, weight=%s, expected weight of x's last dimensions"
                            .formatted(x.shape(), last));
        }
        final int inner = Math.toIntExact(last.size());
        return new Normalisation(x, 1, Math.toIntExact(x.shape().size() / inner), inner);
    }

    private int[] seen() {
        return new int[] {outer, channels, inner};
    }

    /** Values per channel. */
    long count() {
        return (long) outer * inner;
    }

    Tensor moments() {
        return x.trace().record(NormOps.MOMENTS, new float[0], seen(), x);
    }

    Tensor standardise(final Tensor moments, final float eps) {
        return x.trace().record(NormOps.STANDARDISE, new float[] {eps}, seen(), x, moments);
    }

    Tensor affine(final Tensor scale, final Tensor shift) {
        return x.trace().record(NormOps.CHANNEL_AFFINE, new float[0], seen(), x, scale, shift);
    }

    /** The same view of another tensor of this size. */
    Normalisation of(final Tensor y) {
        return new Normalisation(y, outer, channels, inner);
    }
}

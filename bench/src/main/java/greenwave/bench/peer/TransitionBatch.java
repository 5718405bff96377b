package greenwave.bench.peer;

import java.util.SplittableRandom;

/**
 * A batch of B invented transitions, row-major; equal arguments give equal numbers in every process.
 *
 * @param obs [B, D], standard normal
 * @param action [B], in [0, A)
 * @param reward [B], standard normal
 * @param discount [B], 0.99, or 0 in one of twenty
 * @param nextObs [B, D], standard normal
 */
@SuppressWarnings("ArrayRecordComponent") // read only, never compared
public record TransitionBatch(
        float[] obs, int[] action, float[] reward, float[] discount, float[] nextObs) {
    private static final float GAMMA = 0.99f;
    private static final double TERMINAL_SHARE = 0.05;

    /** {@return batch number {@code index} of {@code size} rows} */
    public static TransitionBatch of(final PeerNet net, final int size, final int index) {
        final SplittableRandom random = new SplittableRandom(index);
        final int[] action = new int[size];
        final float[] discount = new float[size];
        for (int row = 0; row < size; row++) {
            action[row] = random.nextInt(net.actions());
            discount[row] = random.nextDouble() < TERMINAL_SHARE ? 0 : GAMMA;
        }
        return new TransitionBatch(
                normal(random, size * net.obsSize()),
                action,
                normal(random, size),
                discount,
                normal(random, size * net.obsSize()));
    }

    private static float[] normal(final SplittableRandom random, final int length) {
        final float[] values = new float[length];
        for (int i = 0; i < length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    /** {@return B} */
    public int size() {
        return action.length;
    }
}

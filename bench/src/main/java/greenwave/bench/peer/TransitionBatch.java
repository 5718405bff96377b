package greenwave.bench.peer;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.SplittableRandom;

/**
 * A batch of B invented transitions, row-major; equal arguments give equal numbers in every process.
 *
 * @param obs [B, ...] of each part of an observation, as {@link ObsPart} says
 * @param action [B], in [0, A)
 * @param reward [B], standard normal
 * @param discount [B], 0.99, or 0 in one of twenty
 * @param nextObs as {@code obs}
 */
@SuppressWarnings("ArrayRecordComponent") // read only, never compared
public record TransitionBatch(
        List<MemorySegment> obs,
        int[] action,
        float[] reward,
        float[] discount,
        List<MemorySegment> nextObs) {
    static final float GAMMA = 0.99f;
    private static final double TERMINAL_SHARE = 0.05;

    /** {@return batch number {@code index} of {@code size} rows} */
    public static TransitionBatch of(final PeerNet net, final int size, final int index) {
        final SplittableRandom random = new SplittableRandom(index);
        final int[] action = new int[size];
        final float[] reward = new float[size];
        final float[] discount = new float[size];
        for (int row = 0; row < size; row++) {
            action[row] = random.nextInt(net.actions());
            reward[row] = (float) random.nextGaussian();
            discount[row] = random.nextDouble() < TERMINAL_SHARE ? 0 : GAMMA;
        }
        return new TransitionBatch(
                net.obs().stream().map(part -> part.draw(random, size)).toList(),
                action,
                reward,
                discount,
                net.obs().stream().map(part -> part.draw(random, size)).toList());
    }

    /** {@return B} */
    public int size() {
        return action.length;
    }
}

package greenwave.kernels;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * What a {@link ResidentReplay} does, in the plainest way: transition i leads from observation i to i + 1, and all its numbers
 * follow from i. Priorities are looked through from the first slot on.
 */
final class PlainReplay {
    static final int CAPACITY = 300;
    static final int VECTOR = 3;
    static final int IMAGE = 5;
    static final int ACTIONS = 2;
    static final double ALPHA = 0.6;
    static final double EPS = 1e-6;
    static final ReplayLayout LAYOUT =
            new ReplayLayout(
                    CAPACITY,
                    CAPACITY + 1,
                    VECTOR,
                    IMAGE,
                    ACTIONS,
                    new ReplayLayout.Priorities(ALPHA, EPS, 1 << 20, false));

    private static final long GOLDEN_GAMMA = 0x9e3779b97f4a7c15L;

    final long[] units = new long[CAPACITY];
    private long random;

    /** Starts with all transitions, of so few units that one more or less is seen, and a state of random numbers. */
    PlainReplay(final long random) {
        this.random = random;
        Arrays.setAll(units, slot -> slot % 3);
    }

    static float vector(final int observation, final int i) {
        return observation * 10 + i;
    }

    static byte image(final int observation, final int i) {
        return (byte) (observation * 7 + i);
    }

    static byte legal(final int transition, final int action) {
        return (byte) (transition + action & 1);
    }

    /** Fills {@code replay} as the staging areas have room. */
    static void fill(final ResidentReplay replay) {
        for (int from = 0; from <= CAPACITY; ) {
            final ReplayStaging staged = replay.stage();
            final int observations = Math.min(staged.observations(), CAPACITY + 1 - from);
            final int transitions = Math.min(observations, CAPACITY - from);
            for (int row = 0; row < observations; row++) {
                stageObservation(staged, row, from + row);
            }
            for (int row = 0; row < transitions; row++) {
                stageTransition(staged, row, from + row);
            }
            from += observations;
            replay.append(observations, transitions, Math.min(from, CAPACITY));
        }
    }

    private static void stageObservation(
            final ReplayStaging staged, final int row, final int observation) {
        set(staged.number(), row, observation);
        for (int i = 0; i < VECTOR; i++) {
            set(staged.vector(), row * VECTOR + i, vector(observation, i));
        }
        for (int i = 0; i < IMAGE; i++) {
            set(staged.image(), row * IMAGE + i, image(observation, i));
        }
    }

    private static void stageTransition(
            final ReplayStaging staged, final int row, final int transition) {
        set(staged.slot(), row, transition);
        set(staged.stamp(), row, 1);
        set(staged.observed(), row, transition);
        set(staged.next(), row, transition + 1);
        set(staged.action(), row, transition % ACTIONS);
        set(staged.reward(), row, transition / 2f);
        set(staged.discount(), row, transition / 3f);
        for (int a = 0; a < ACTIONS; a++) {
            set(staged.legal(), row * ACTIONS + a, legal(transition, a));
        }
    }

    private static void set(final MemorySegment column, final int i, final int value) {
        column.setAtIndex(ValueLayout.JAVA_INT, i, value);
    }

    private static void set(final MemorySegment column, final int i, final float value) {
        column.setAtIndex(ValueLayout.JAVA_FLOAT, i, value);
    }

    private static void set(final MemorySegment column, final int i, final byte value) {
        column.setAtIndex(ValueLayout.JAVA_BYTE, i, value);
    }

    /** {@return the slots of a batch} */
    int[] draw(final int rows) {
        final long total = Arrays.stream(units).sum();
        final double width = (double) total / rows;
        final int[] slots = new int[rows];
        for (int row = 0; row < rows; row++) {
            random += GOLDEN_GAMMA;
            final double within = (mix(random) >>> 11) * 0x1.0p-53;
            long target = Math.min(total, 1 + (long) ((row + within) * width));
            int slot = 0;
            while (target > units[slot]) {
                target -= units[slot++];
            }
            slots[row] = slot;
        }
        return slots;
    }

    /** The finaliser of SplitMix64. */
    private static long mix(final long state) {
        long z = (state ^ state >>> 30) * 0xbf58476d1ce4e5b9L;
        z = (z ^ z >>> 27) * 0x94d049bb133111ebL;
        return z ^ z >>> 31;
    }

    /** {@return what each row of a batch counts} */
    float[] weights(final int[] slots, final double beta) {
        final long least = Arrays.stream(slots).mapToLong(slot -> units[slot]).min().orElseThrow();
        final float[] weights = new float[slots.length];
        for (int row = 0; row < slots.length; row++) {
            weights[row] = (float) Math.pow((double) least / units[slots[row]], beta);
        }
        return weights;
    }

    /** Sets the priorities of a batch by its errors. */
    void update(final int[] slots, final float[] errors) {
        for (int row = 0; row < slots.length; row++) {
            final double priority = Math.pow(Math.abs((double) errors[row]) + EPS, ALPHA);
            units[slots[row]] = Math.max(1, Math.round(priority * ReplayLayout.UNITS));
        }
    }

    /** {@return errors for a batch, of very different sizes} */
    static float[] errors(final int rows, final SplittableRandom random) {
        final float[] errors = new float[rows];
        for (int row = 0; row < rows; row++) {
            errors[row] = (float) Math.exp(3 * random.nextGaussian());
        }
        return errors;
    }
}

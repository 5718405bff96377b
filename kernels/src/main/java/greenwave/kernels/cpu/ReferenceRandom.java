package greenwave.kernels.cpu;

import static greenwave.kernels.cpu.ReferenceKernels.set;
import static greenwave.kernels.cpu.ReferenceKernels.size;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import greenwave.kernels.Buffer;
import greenwave.kernels.RandomKernels;

import java.lang.foreign.MemorySegment;

/**
 * Numbers by hashing (seed, draw, element): element i of draw d is a function of these alone, so that no order of
 * computation changes it. The hash is the finaliser of SplitMix64 (Steele, Lea and Flood 2014), taken twice.
 */
interface ReferenceRandom extends RandomKernels {
    @Override
    default void dropoutMask(final Buffer state, final float keep, final Buffer y) {
        final long stream = next(state);
        final MemorySegment ys = y.segment();
        final float kept = 1 / keep;
        final int n = size(y);
        for (int i = 0; i < n; i++) {
            set(ys, i, unit(stream, i) < keep ? kept : 0);
        }
    }

    @Override
    default void normal(final Buffer state, final Buffer y) {
        final long stream = next(state);
        final MemorySegment ys = y.segment();
        final int n = size(y);
        for (int i = 0; i < n; i++) {
            final double radius = Math.sqrt(-2 * Math.log(1 - unit(stream, 2L * i))); // 1 - u > 0
            final double angle = 2 * Math.PI * unit(stream, 2L * i + 1);
            set(ys, i, (float) (radius * Math.cos(angle)));
        }
    }

    /** The stream of the next draw. */
    private static long next(final Buffer state) {
        final MemorySegment words = state.segment();
        final long high = (long) words.getAtIndex(JAVA_INT, 0) << 32;
        final long seed = high | Integer.toUnsignedLong(words.getAtIndex(JAVA_INT, 1));
        final int draw = words.getAtIndex(JAVA_INT, 2);
        words.setAtIndex(JAVA_INT, 2, draw + 1);
        return mix(seed + mix(draw));
    }

    /** Uniform in [0, 1), a multiple of 2 to the -24: exact in f32. */
    private static double unit(final long stream, final long i) {
        return (mix(stream + i * 0x9e3779b97f4a7c15L) >>> 40) * 0x1p-24;
    }

    private static long mix(final long input) {
        long z = input + 0x9e3779b97f4a7c15L;
        z = (z ^ z >>> 30) * 0xbf58476d1ce4e5b9L;
        z = (z ^ z >>> 27) * 0x94d049bb133111ebL;
        return z ^ z >>> 31;
    }
}

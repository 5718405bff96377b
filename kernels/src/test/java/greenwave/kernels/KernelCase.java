package greenwave.kernels;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/**
 * One or several methods of {@link Kernels} on inputs of size n.
 *
 * @param body calls them and gives the buffers that they have written
 * @param wild whether inputs that are not finite have one right result, whatever the order of sums
 */
record KernelCase(String name, Body body, boolean wild) {
    /** The rows of the table, by family. */
    static final List<KernelCase> ALL =
            Stream.of(
                            ElementKernelCases.ALL,
                            SumKernelCases.ALL,
                            RowKernelCases.ALL,
                            ImageKernelCases.ALL,
                            OptimizerKernelCases.ALL)
                    .flatMap(List::stream)
                    .toList();

    /** What a case does. */
    @FunctionalInterface
    interface Body {
        List<Buffer> run(Inputs in, Kernels k, int n);
    }

    static KernelCase of(final String name, final Body body) {
        return new KernelCase(name, body, true);
    }

    KernelCase onFiniteNumbers() {
        return new KernelCase(name, body, false);
    }

    @Override
    public String toString() {
        return name;
    }

    /** Makes the inputs of a case on one backend, the same on each, and frees them. */
    static final class Inputs implements AutoCloseable {
        private static final float[] WILD = {
            Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, 0f, -0f, 1e30f, -1e-30f
        };

        private final Backend backend;
        private final boolean wild;
        private final List<Buffer> made = new ArrayList<>();
        private int seed;

        Inputs(final Backend backend, final boolean wild) {
            this.backend = backend;
            this.wild = wild;
        }

        /** Normal numbers, some of them replaced by what is not finite or extreme. */
        Buffer floats(final int length) {
            final float[] values = Memory.gaussian(length, ++seed);
            if (wild) {
                final Random random = new Random(seed);
                for (int i = 0; i < Math.max(1, length / 8); i++) {
                    values[random.nextInt(length)] = WILD[random.nextInt(WILD.length)];
                }
            }
            return kept(Memory.of(backend, values));
        }

        /** At least 0.1, always finite. */
        Buffer positive(final int length) {
            final float[] values = Memory.gaussian(length, ++seed);
            for (int i = 0; i < length; i++) {
                values[i] = 0.1f + Math.abs(values[i]);
            }
            return kept(Memory.of(backend, values));
        }

        /** In [0, bound). */
        Buffer ints(final int length, final int bound) {
            return of(new Random(++seed).ints(length, 0, bound).toArray());
        }

        Buffer of(final int... values) {
            return kept(Memory.of(backend, values));
        }

        Buffer bytes(final int length, final int bound) {
            final byte[] values = new byte[length];
            final Random random = new Random(++seed);
            for (int i = 0; i < length; i++) {
                values[i] = (byte) random.nextInt(bound);
            }
            final Buffer buffer = backend.allocate(DType.U8, length);
            buffer.upload(0, MemorySegment.ofArray(values), 0, length);
            return kept(buffer);
        }

        private Buffer kept(final Buffer buffer) {
            made.add(buffer);
            return buffer;
        }

        @Override
        public void close() {
            made.forEach(Buffer::close);
        }
    }
}

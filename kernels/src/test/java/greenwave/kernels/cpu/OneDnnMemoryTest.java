package greenwave.kernels.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import greenwave.kernels.Backend;
import greenwave.kernels.Backends;
import greenwave.kernels.Buffer;
import greenwave.kernels.Convolution;
import greenwave.kernels.DType;
import greenwave.kernels.ImageLayouts;
import greenwave.kernels.ImageLayouts.Layout;
import greenwave.kernels.ImageLayouts.PreparedAffine;
import greenwave.kernels.ImageLayouts.PreparedConvolution;
import greenwave.kernels.ImageLayouts.PreparedCopy;
import greenwave.kernels.ImageLayouts.PreparedNorm;
import greenwave.kernels.Window;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** What oneDNN does to memory: nothing outside its buffers, nothing after it is closed, on whatever thread it runs. */
class OneDnnMemoryTest {
    private static final byte CANARY = 0x5a;
    private static final long GUARD = 4096;
    private static final int MOST_SPANS = 20;
    private static final int CYCLES = 50;
    private static final long FLAT_BYTES = 2 << 20; // 40 KiB per cycle

    /** Buffers side by side in one piece of memory, canaries between them. */
    private static final class Guarded {
        private final MemorySegment all;
        private final List<MemorySegment> guards = new ArrayList<>();
        private long used;

        Guarded(final Arena arena, final long bytes) {
            this.all = arena.allocate(bytes, 64);
            guard();
        }

        private void guard() {
            final MemorySegment guard = all.asSlice(used, GUARD);
            guard.fill(CANARY);
            guards.add(guard);
            used += GUARD;
        }

        /** A buffer of random numbers; the canaries begin with its last byte, not at its end's alignment. */
        Buffer buffer(final long length, final Random random) {
            final long bytes = length * Float.BYTES;
            final MemorySegment memory = all.asSlice(used, bytes, 4);
            for (long at = 0; at < bytes; at += Float.BYTES) {
                memory.set(ValueLayout.JAVA_FLOAT, at, (float) random.nextGaussian());
            }
            used += bytes;
            guard();
            used = (used + 63) / 64 * 64;
            return new HostBuffer(DType.F32, length, memory, null);
        }

        void assertUntouched(final String what) {
            for (final MemorySegment guard : guards) {
                for (long at = 0; at < GUARD; at++) {
                    assertEquals(CANARY, guard.get(ValueLayout.JAVA_BYTE, at), what);
                }
            }
        }
    }

    private static Convolution convolution(final Random random) {
        final int groups = random.nextInt(4) == 0 ? 2 : 1;
        final int kernelHeight = 1 + random.nextInt(4);
        final int kernelWidth = 1 + random.nextInt(4);
        return new Convolution(
                1 + random.nextInt(4),
                groups * (1 + random.nextInt(18)),
                groups * (1 + random.nextInt(18)),
                groups,
                new Window(
                        7 + random.nextInt(9),
                        7 + random.nextInt(9),
                        kernelHeight,
                        kernelWidth,
                        1 + random.nextInt(3),
                        1 + random.nextInt(3),
                        random.nextInt(kernelHeight),
                        random.nextInt(kernelWidth),
                        1 + random.nextInt(2),
                        1 + random.nextInt(2)));
    }

    private static Layout in(final ImageLayouts layouts, final Convolution c) {
        return layouts.rowMajor(c.batch(), c.inChannels(), c.window().height(), c.window().width());
    }

    @Test
    void nothingIsWrittenOutsideTheBuffers() {
        final Random random = new Random(7);
        try (OneDnnLayouts layouts = new OneDnnLayouts(1, new ReferenceKernels())) {
            for (int round = 0; round < 150; round++) {
                final Convolution c = convolution(random);
                final boolean relu = random.nextBoolean();
                final Layout x = in(layouts, c);
                try (Arena arena = Arena.ofConfined();
                        PreparedConvolution prepared = layouts.convolution(c, x, relu, true);
                        PreparedNorm norm = layouts.batchNorm(prepared.y(), 1e-3f, relu);
                        PreparedAffine affine = layouts.channelAffine(prepared.y(), relu);
                        PreparedCopy copy = layouts.copy(x, prepared.x())) {
                    final Guarded memory = new Guarded(arena, 4 << 20);
                    final Buffer plain = memory.buffer(c.inSize(), random);
                    final Buffer xs = memory.buffer(prepared.x().length(), random);
                    final Buffer dx = memory.buffer(prepared.x().length(), random);
                    final Buffer w = memory.buffer(c.weightSize(), random);
                    final Buffer dw = memory.buffer(c.weightSize(), random);
                    final Buffer b = memory.buffer(c.outChannels(), random);
                    final Buffer db = memory.buffer(c.outChannels(), random);
                    final Buffer mean = memory.buffer(c.outChannels(), random);
                    final Buffer variance = memory.buffer(c.outChannels(), random);
                    final Buffer y = memory.buffer(prepared.y().length(), random);
                    final Buffer dy = memory.buffer(prepared.y().length(), random);
                    final Buffer z = memory.buffer(prepared.y().length(), random);
                    final Buffer dz = memory.buffer(prepared.y().length(), random);
                    copy.run(plain, xs);
                    prepared.forward(xs, w, b, y);
                    norm.forward(y, b, b, mean, variance, z);
                    norm.gradients(y, b, mean, variance, z, dz, dy, db, mean);
                    prepared.gradients(xs, w, y, dy, dx, dw, db);
                    affine.forward(y, b, b, z);
                    memory.assertUntouched(c + ", " + prepared.describe());
                }
            }
        }
    }

    /** What a training step of one layer gives on the calling thread. */
    private static float[] step(
            final Backend backend, final PreparedConvolution prepared, final Convolution c) {
        final Random random = new Random(3);
        final Buffer x = gaussian(backend, prepared.x().length(), random);
        final Buffer w = gaussian(backend, c.weightSize(), random);
        final Buffer y = backend.allocate(DType.F32, prepared.y().length());
        final Buffer dy = gaussian(backend, prepared.y().length(), random);
        final Buffer dx = backend.allocate(DType.F32, prepared.x().length());
        final Buffer dw = backend.allocate(DType.F32, c.weightSize());
        prepared.forward(x, w, null, y);
        prepared.gradients(x, w, y, dy, dx, dw, null);
        return dw.segment().toArray(ValueLayout.JAVA_FLOAT);
    }

    private static Buffer gaussian(final Backend backend, final long length, final Random random) {
        final Buffer buffer = backend.allocate(DType.F32, length);
        for (long i = 0; i < length; i++) {
            buffer.segment().setAtIndex(ValueLayout.JAVA_FLOAT, i, (float) random.nextGaussian());
        }
        return buffer;
    }

    @Test
    void aComputationGivesTheSameBitsOnAnyThread() throws InterruptedException {
        final Convolution c =
                new Convolution(8, 16, 32, 1, new Window(18, 20, 5, 5, 2, 2, 0, 0, 1, 1));
        try (Backend backend = Backends.open("cpu")) {
            final ImageLayouts layouts = backend.imageLayouts().orElseThrow();
            try (PreparedConvolution prepared =
                    layouts.convolution(c, in(layouts, c), true, true)) {
                final float[] here = step(backend, prepared, c);
                final List<float[]> there = new ArrayList<>();
                final Thread thread =
                        new Thread(
                                () -> {
                                    OneDnn.Calls.SET_THREADS.call(4); // as another library may
                                    there.add(step(backend, prepared, c));
                                });
                thread.start();
                thread.join();
                assertArrayEquals(here, there.getFirst());
            }
        }
    }

    @Test
    void twoThreadsAgreeWithOne() {
        final Convolution c =
                new Convolution(8, 16, 32, 1, new Window(18, 20, 5, 5, 2, 2, 0, 0, 1, 1));
        final List<float[]> results = new ArrayList<>();
        for (final int threads : new int[] {1, 2}) {
            try (Backend memory = Backends.open("reference");
                    OneDnnLayouts layouts = new OneDnnLayouts(threads, new ReferenceKernels());
                    PreparedConvolution prepared =
                            layouts.convolution(c, in(layouts, c), true, true)) {
                results.add(step(memory, prepared, c));
            }
        }
        assertArrayEquals(results.get(0), results.get(1), 1e-3f);
    }

    private static long residentBytes() throws IOException {
        final String[] pages = Files.readString(Path.of("/proc/self/statm")).split(" ");
        return Long.parseLong(pages[1]) * 4096;
    }

    private static void openStepAndClose() {
        final Convolution c =
                new Convolution(8, 16, 32, 1, new Window(18, 20, 5, 5, 2, 2, 0, 0, 1, 1));
        try (Backend backend = Backends.open("cpu")) {
            final ImageLayouts layouts = backend.imageLayouts().orElseThrow();
            final PreparedConvolution prepared = layouts.convolution(c, in(layouts, c), true, true);
            layouts.batchNorm(prepared.y(), 1e-3f, true);
            step(backend, prepared, c);
        }
    }

    /**
     * Resident memory is the whole JVM's. Its compiler and its heap grow by spells, a leak grows in every span of cycles: one
     * flat span shows that there is none.
     */
    @Test
    void openingAndClosingKeepsMemoryFlat() throws IOException {
        long least = Long.MAX_VALUE;
        for (int span = 0; span < MOST_SPANS && least >= FLAT_BYTES; span++) {
            final long before = residentBytes();
            for (int cycle = 0; cycle < CYCLES; cycle++) {
                openStepAndClose();
            }
            least = Math.min(least, residentBytes() - before);
        }
        assertTrue(
                least < FLAT_BYTES,
                "resident memory grew by " + least + " bytes or more in every span");
    }
}

package greenwave.kernels.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import greenwave.kernels.Backend;
import greenwave.kernels.Backends;
import greenwave.kernels.Buffer;
import greenwave.kernels.Convolution;
import greenwave.kernels.DType;
import greenwave.kernels.Kernels;
import greenwave.kernels.Window;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/** Against the plain loops of the reference backend, whether it would be chosen for the shape or not. */
class WinogradConvolutionTest {
    private static final float TOLERANCE = 4e-6f; // times the terms of a sum
    private static final int BLOCKS_OF_EIGHT = 102; // dnnl_aBcd8b
    private static final int GUARD = 64; // floats
    private static final float CANARY = 0.375f;
    private static final int CHANNELS = 2 * VectorArithmetic.STEP;

    static Stream<Convolution> convolutions() {
        final List<Convolution> all = new ArrayList<>();
        for (final int size : new int[] {5, 6, 7, 8, 13}) {
            for (final int pad : new int[] {0, 1, 2}) {
                all.add(convolution(3, 1, 2, size, size + 3, 3, 3, 1, 1, pad));
                all.add(convolution(3, 2, 1, size, 9, 5, 5, 2, 2, pad));
                all.add(convolution(3, 1, 1, 9, size, 4, 4, 2, 2, pad));
            }
        }
        all.add(convolution(2, 1, 1, 18, 43, 5, 5, 2, 2, 0));
        all.add(convolution(2, 2, 2, 7, 20, 5, 5, 2, 2, 0));
        all.add(convolution(2, 1, 1, 20, 20, 8, 8, 4, 4, 0));
        all.add(
                convolution(
                        2, 1, 1, 11, 10, 7, 3, 3, 1, 2)); // three phases of rows, one of columns
        all.add(convolution(2, 1, 1, 11, 10, 2, 5, 1, 3, 1));
        all.add(convolution(2, 1, 1, 9, 9, 1, 1, 1, 1, 0)); // a single tap
        all.add(convolution(2, 1, 1, 9, 9, 2, 2, 3, 3, 0)); // pixels that nothing sees
        all.add(convolution(1, 1, 1, 3, 3, 3, 3, 1, 1, 0)); // one output
        return all.stream();
    }

    private static Convolution convolution(
            final int batch,
            final int in,
            final int out,
            final int height,
            final int width,
            final int kernelHeight,
            final int kernelWidth,
            final int strideHeight,
            final int strideWidth,
            final int pad) {
        return new Convolution(
                batch,
                in * CHANNELS,
                out * CHANNELS,
                1,
                new Window(
                        height,
                        width,
                        kernelHeight,
                        kernelWidth,
                        strideHeight,
                        strideWidth,
                        Math.min(pad, kernelHeight - 1),
                        Math.min(pad, kernelWidth - 1),
                        1,
                        1));
    }

    @ParameterizedTest
    @MethodSource("convolutions")
    void aConvolutionAndItsGradientsAreThoseOfThePlainLoops(final Convolution c) {
        for (final boolean last : new boolean[] {false, true}) {
            for (final boolean relu : new boolean[] {false, true}) {
                for (final int threads : new int[] {1, 2}) {
                    assertNumbers(c, last, relu, threads);
                }
            }
        }
    }

    private static void assertNumbers(
            final Convolution c, final boolean last, final boolean relu, final int threads) {
        final float[] x = gaussian(c.inSize(), 1);
        final float[] w = gaussian(c.weightSize(), 2);
        final float[] b = gaussian(c.outChannels(), 3);
        final float[] dy = gaussian(c.outSize(), 4);
        final Expected expected = new Expected(c, relu, x, w, b, dy);
        final String what = "last=%s, relu=%s, threads=%d, ".formatted(last, relu, threads);
        try (Subject s = new Subject(c, last, relu, threads)) {
            final WinogradConvolution winograd = s.winograd;
            final OneDnnLayout in = (OneDnnLayout) winograd.x();
            final OneDnnLayout out = (OneDnnLayout) winograd.y();
            final Buffer ownX = s.image(s.in, in, x);
            final Buffer ownW = s.of(w);
            final Buffer ownB = s.of(b);
            final Buffer ownDy = s.image(s.out, out, dy);
            final Buffer y = s.unwritten(c.outSize());
            final Buffer dx = s.unwritten(c.inSize());
            final Buffer dw = s.unwritten(c.weightSize());
            final Buffer db = s.unwritten(c.outChannels());
            for (int run = 0; run < 2; run++) {
                winograd.forward(ownX, ownW, ownB, y);
                winograd.gradients(ownX, ownW, y, ownDy, dx, dw, db);
                final int taps = c.window().kernelHeight() * c.window().kernelWidth();
                final int places = (int) (c.outSize() / c.outChannels());
                assertClose(expected.y, s.values(y, out, s.out), taps * c.inChannels(), what + "y");
                assertClose(
                        expected.dx, s.values(dx, in, s.in), taps * c.outChannels(), what + "dx");
                assertClose(expected.dw, floats(dw), places, what + "dw");
                assertClose(expected.db, floats(db), places, what + "db");
            }
            final float[] weights = floats(dw);
            winograd.gradients(ownX, ownW, y, ownDy, null, dw, null);
            assertArrayEquals(weights, floats(dw), what + "dw alone");
            assertTrue(winograd.describe().startsWith("Winograd F(2 x 2, 3 x 3), "));
            assertEquals(-1, winograd.describe().indexOf("oneDNN"), winograd.describe());
        }
    }

    /** What the reference backend computes. */
    private static final class Expected {
        private final float[] y;
        private final float[] dx;
        private final float[] dw;
        private final float[] db;

        Expected(
                final Convolution c,
                final boolean relu,
                final float[] x,
                final float[] w,
                final float[] b,
                final float[] dy) {
            try (Backend reference = Backends.open("reference")) {
                final Kernels k = reference.kernels();
                final Buffer ownX = of(reference, x);
                final Buffer ownW = of(reference, w);
                final Buffer result = reference.allocate(DType.F32, c.outSize());
                final Buffer slope = reference.allocate(DType.F32, c.outSize());
                final Buffer ones = reference.allocate(DType.F32, c.outSize());
                final Buffer ownDx = reference.allocate(DType.F32, c.inSize());
                final Buffer ownDw = reference.allocate(DType.F32, c.weightSize());
                final Buffer ownDb = reference.allocate(DType.F32, c.outChannels());
                k.fill(ones, 1);
                k.convolve(c, ownX, ownW, b == null ? null : of(reference, b), result);
                if (relu) {
                    k.relu(result, result);
                    k.addReluGradient(result, of(reference, dy), slope);
                } else {
                    k.copy(of(reference, dy), slope);
                }
                k.addConvolveDataGradient(c, ownW, slope, ownDx);
                k.addConvolveWeightGradient(c, ownX, slope, ownDw);
                final int plane = c.window().outHeight() * c.window().outWidth();
                k.addChannelDots(slope, ones, ownDb, c.batch(), c.outChannels(), plane);
                y = floats(result);
                dx = floats(ownDx);
                dw = floats(ownDw);
                db = floats(ownDb);
            }
        }

        private static Buffer of(final Backend backend, final float... values) {
            final Buffer buffer = backend.allocate(DType.F32, values.length);
            buffer.upload(0, MemorySegment.ofArray(values), 0, values.length);
            return buffer;
        }
    }

    /** What is not finite reaches those outputs and gradients that the definition lets it reach, and no others. */
    @Test
    void notANumberAndInfinityReachWhatTheySee() {
        final Convolution c = convolution(2, 1, 1, 9, 8, 5, 5, 2, 2, 1);
        for (final float poison :
                new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
            for (int place = 0; place < 3; place++) {
                final float[] x = gaussian(c.inSize(), 1);
                final float[] w = gaussian(c.weightSize(), 2);
                final float[] dy = gaussian(c.outSize(), 3);
                final float[][] all = {x, w, dy};
                all[place][11] = poison;
                final Expected expected = new Expected(c, true, x, w, null, dy);
                final String what = "poison=%s, place=%d, ".formatted(poison, place);
                try (Subject s = new Subject(c, false, true, 2)) {
                    final OneDnnLayout in = (OneDnnLayout) s.winograd.x();
                    final OneDnnLayout out = (OneDnnLayout) s.winograd.y();
                    final Buffer ownX = s.image(s.in, in, x);
                    final Buffer ownW = s.of(w);
                    final Buffer ownDy = s.image(s.out, out, dy);
                    final Buffer y = s.unwritten(c.outSize());
                    final Buffer dx = s.unwritten(c.inSize());
                    final Buffer dw = s.unwritten(c.weightSize());
                    s.winograd.forward(ownX, ownW, null, y);
                    s.winograd.gradients(ownX, ownW, y, ownDy, dx, dw, null);
                    assertClose(expected.y, s.values(y, out, s.out), 500, what + "y");
                    assertClose(expected.dx, s.values(dx, in, s.in), 500, what + "dx");
                    assertClose(expected.dw, floats(dw), 50, what + "dw");
                    assertTrue(
                            s.winograd.describe().contains("; not finite: oneDNN forward "),
                            s.winograd.describe());
                }
            }
        }
    }

    @Test
    void itsScratchMemoryIsCountedAndFreed() {
        final Convolution c = convolution(2, 1, 1, 9, 8, 5, 5, 2, 2, 1);
        try (Subject s = new Subject(c, false, false, 1)) {
            final Buffer x = s.of(gaussian(c.inSize(), 1));
            final Buffer w = s.of(gaussian(c.weightSize(), 2));
            final Buffer y = s.unwritten(c.outSize());
            assertTrue(s.objects.bytes() > 4 * c.weightSize());
            s.winograd.close();
            s.winograd.close();
            assertEquals(0, s.objects.bytes());
            assertEquals(
                    "oneDNN: closed=true, expected a computation in use",
                    assertThrows(
                                    IllegalStateException.class,
                                    () -> s.winograd.forward(x, w, null, y))
                            .getMessage());
        }
    }

    /** The shapes of the nets in the README, and those beside which it would lose. */
    @Test
    void itIsChosenByShape() {
        assertChosen(true, convolution(128, 1, 2, 18, 43, 5, 5, 2, 2, 0));
        assertChosen(true, convolution(128, 2, 2, 7, 20, 5, 5, 2, 2, 0));
        assertChosen(true, convolution(128, 2, 4, 20, 20, 4, 4, 2, 2, 0));
        assertChosen(true, convolution(128, 4, 4, 9, 9, 3, 3, 1, 1, 0));
        assertChosen(false, convolution(1, 1, 2, 18, 43, 5, 5, 2, 2, 0)); // weights would cost more
        assertChosen(false, convolution(128, 1, 2, 18, 43, 1, 1, 1, 1, 0)); // no fewer products
        assertChosen(false, convolution(128, 1, 2, 18, 43, 3, 3, 2, 2, 0));
        assertChosen(false, convolution(128, 1, 2, 18, 43, 9, 9, 2, 2, 0)); // five taps
    }

    private static void assertChosen(final boolean expected, final Convolution c) {
        Assumptions.assumeTrue(VectorArithmetic.STEP == 8, "measured with AVX2 alone");
        try (OneDnnLayouts layouts = new OneDnnLayouts(1, new VectorKernels())) {
            final Window w = c.window();
            final var before =
                    new Convolution(
                            c.batch(),
                            1,
                            c.inChannels(),
                            1,
                            new Window(w.height(), w.width(), 1, 1, 1, 1, 0, 0, 1, 1));
            final var x = layouts.rowMajor(c.batch(), 1, w.height(), w.width());
            final var given = layouts.convolution(before, x, false, true).y();
            final var prepared = layouts.convolution(c, given, false, true);
            assertEquals(expected, prepared.describe().startsWith("Winograd"), prepared.describe());
        }
    }

    /** A convolution under test, and what converts to its layouts. */
    private static final class Subject implements AutoCloseable {
        private final Backend backend = Backends.open("cpu");
        private final List<Buffer> guarded = new ArrayList<>();
        private final OneDnnObjects objects;
        private final WinogradConvolution winograd;
        private final OneDnnLayout in;
        private final OneDnnLayout out;

        Subject(final Convolution c, final boolean last, final boolean relu, final int threads) {
            objects = new OneDnnObjects(threads);
            final Window w = c.window();
            final long[] x = {c.batch(), c.inChannels(), w.height(), w.width()};
            final long[] y = {c.batch(), c.outChannels(), w.outHeight(), w.outWidth()};
            in = OneDnnLayout.of(objects.rowMajor(x));
            out = OneDnnLayout.of(objects.rowMajor(y));
            final var layouts =
                    last
                            ? new OneDnnConvolutionChoice.Layouts(
                                    OneDnnLayout.of(objects.channelsLast(x)),
                                    OneDnnLayout.of(objects.channelsLast(y)))
                            : new OneDnnConvolutionChoice.Layouts(
                                    OneDnnLayout.of(blocked(x)), OneDnnLayout.of(blocked(y)));
            assertTrue(WinogradChoice.possible(c, layouts));
            winograd =
                    new WinogradConvolution(objects, new VectorKernels(), c, layouts, relu, true);
        }

        private MemorySegment blocked(final long... dimensions) {
            return objects.create(
                    "dnnl_memory_desc",
                    "dnnl_memory_desc_create_with_tag",
                    dimensions.length,
                    objects.longs(dimensions),
                    3,
                    BLOCKS_OF_EIGHT);
        }

        Buffer of(final float... values) {
            final Buffer buffer = backend.allocate(DType.F32, values.length);
            MemorySegment.copy(
                    MemorySegment.ofArray(values), 0, buffer.segment(), 0, 4L * values.length);
            return buffer;
        }

        Buffer image(final OneDnnLayout from, final OneDnnLayout to, final float... values) {
            final Buffer image = unwritten(to.length());
            new OneDnnCopy(objects, from, to).run(of(values), image);
            return image;
        }

        float[] values(final Buffer image, final OneDnnLayout from, final OneDnnLayout to) {
            final Buffer values = unwritten(to.length());
            new OneDnnCopy(objects, from, to).run(image, values);
            return floats(values);
        }

        /** A buffer of NaN between guards, which {@link #close} looks at. */
        Buffer unwritten(final long length) {
            final Buffer all = backend.allocate(DType.F32, length + 2 * GUARD);
            backend.kernels().fill(all, Float.NaN);
            backend.kernels().fill(all.slice(0, GUARD), CANARY);
            backend.kernels().fill(all.slice(GUARD + length, GUARD), CANARY);
            guarded.add(all);
            return all.slice(GUARD, length);
        }

        private void assertGuards() {
            for (final Buffer all : guarded) {
                for (int i = 0; i < GUARD; i++) {
                    assertEquals(CANARY, floats(all.slice(i, 1))[0]);
                    assertEquals(CANARY, floats(all.slice(all.length() - 1 - i, 1))[0]);
                }
            }
        }

        @Override
        public void close() {
            assertGuards();
            winograd.close();
            backend.close();
        }
    }

    private static float[] gaussian(final long length, final long seed) {
        final Random random = new Random(seed);
        final float[] values = new float[(int) length];
        for (int i = 0; i < length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    private static float[] floats(final Buffer buffer) {
        return buffer.segment().toArray(ValueLayout.JAVA_FLOAT);
    }

    private static void assertClose(
            final float[] expected, final float[] actual, final int terms, final String what) {
        assertArrayEquals(expected, actual, TOLERANCE * Math.max(terms, 16), what);
    }
}

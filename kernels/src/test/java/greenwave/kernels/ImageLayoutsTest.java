package greenwave.kernels;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import greenwave.kernels.ImageLayouts.Layout;
import greenwave.kernels.ImageLayouts.PreparedAffine;
import greenwave.kernels.ImageLayouts.PreparedConvolution;
import greenwave.kernels.ImageLayouts.PreparedCopy;
import greenwave.kernels.ImageLayouts.PreparedNorm;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Prepared image computations against the plain loops of the reference backend, in every layout. */
class ImageLayoutsTest {
    private static final float TOLERANCE =
            4e-6f; // times the terms of a sum: they are taken in another order

    /** A cpu backend and what converts for it. */
    private static final class Images implements AutoCloseable {
        final Backend cpu = Backends.open("cpu");
        final Backend reference = Backends.open("reference");
        final ImageLayouts layouts = cpu.imageLayouts().orElseThrow();

        /** A buffer in {@code layout} that holds the row-major {@code values}. */
        Buffer in(final Layout layout, final Layout rowMajor, final float... values) {
            final Buffer buffer = cpu.allocate(DType.F32, layout.length());
            try (PreparedCopy copy = layouts.copy(rowMajor, layout);
                    Buffer plain = Memory.of(cpu, values)) {
                copy.run(plain, buffer);
            }
            return buffer;
        }

        /** The row-major values of a buffer in {@code layout}. */
        float[] out(final Buffer buffer, final Layout layout, final Layout rowMajor) {
            try (PreparedCopy copy = layouts.copy(layout, rowMajor);
                    Buffer plain = cpu.allocate(DType.F32, rowMajor.length())) {
                copy.run(buffer, plain);
                return Memory.floats(plain);
            }
        }

        /** A buffer whose every element is yet to be written. */
        Buffer unwritten(final long length) {
            final Buffer buffer = cpu.allocate(DType.F32, length);
            cpu.kernels().fill(buffer, Float.NaN);
            return buffer;
        }

        @Override
        public void close() {
            cpu.close();
            reference.close();
        }
    }

    private static Convolution convolution(
            final int batch,
            final int in,
            final int out,
            final int groups,
            final int height,
            final int width,
            final int kernel,
            final int stride,
            final int pad,
            final int dilation) {
        return new Convolution(
                batch,
                in,
                out,
                groups,
                new Window(
                        height, width, kernel, kernel, stride, stride, pad, pad, dilation,
                        dilation));
    }

    static Stream<Convolution> convolutions() {
        final List<Convolution> all = new ArrayList<>();
        for (final int in : new int[] {1, 3, 4, 8, 16, 17, 32}) {
            for (final int out : new int[] {1, 5, 8, 16, 17, 32}) {
                all.add(convolution(2, in, out, 1, 9, 11, 3, 2, 1, 1));
            }
        }
        for (final int batch : new int[] {1, 2, 7}) {
            for (final int stride : new int[] {1, 2, 3, 4}) {
                for (final int pad : new int[] {0, 2}) {
                    for (final int dilation : new int[] {1, 2}) {
                        all.add(convolution(batch, 8, 16, 1, 13, 10, 4, stride, pad, dilation));
                    }
                }
            }
            all.add(convolution(batch, 8, 16, 2, 9, 9, 3, 2, 1, 1));
            all.add(convolution(batch, 6, 10, 2, 9, 9, 3, 1, 0, 2));
            all.add(convolution(batch, 16, 16, 16, 9, 7, 3, 1, 1, 1)); // depthwise
            all.add(convolution(batch, 5, 10, 5, 9, 7, 3, 2, 1, 1));
            all.add(convolution(batch, 16, 8, 1, 5, 5, 1, 1, 0, 1)); // pointwise
            all.add(convolution(batch, 8, 16, 1, 3, 3, 3, 1, 0, 1)); // one place
            all.add(convolution(batch, 1, 1, 1, 1, 1, 1, 1, 0, 1));
        }
        all.add(convolution(2, 3, 16, 1, 40, 90, 5, 2, 0, 1));
        all.add(convolution(2, 1, 32, 1, 84, 84, 8, 4, 0, 1));
        all.add(
                new Convolution(
                        2, 8, 8, 1, new Window(9, 12, 2, 5, 1, 3, 1, 2, 2, 1))); // rectangular
        return all.stream();
    }

    @ParameterizedTest
    @MethodSource("convolutions")
    void aConvolutionAndItsGradientsAreThoseOfThePlainLoops(final Convolution c) {
        for (final boolean relu : List.of(false, true)) {
            for (final boolean bias : List.of(false, true)) {
                try (Images images = new Images()) {
                    assertConvolution(images, c, relu, bias, givenLayouts(images, c));
                }
            }
        }
    }

    /** The row-major layout of x, and the one that a convolution before would leave it in. */
    private static List<Layout> givenLayouts(final Images images, final Convolution c) {
        final Layout rowMajor = inLayout(images, c);
        final Convolution before =
                convolution(
                        c.batch(),
                        8,
                        c.inChannels(),
                        1,
                        c.window().height(),
                        c.window().width(),
                        1,
                        1,
                        0,
                        1);
        try (PreparedConvolution prepared =
                images.layouts.convolution(before, inLayout(images, before), false, true)) {
            return List.of(rowMajor, prepared.y());
        }
    }

    private static Layout inLayout(final Images images, final Convolution c) {
        return images.layouts.rowMajor(
                c.batch(), c.inChannels(), c.window().height(), c.window().width());
    }

    private static Layout outLayout(final Images images, final Convolution c) {
        return images.layouts.rowMajor(
                c.batch(), c.outChannels(), c.window().outHeight(), c.window().outWidth());
    }

    private static void assertConvolution(
            final Images images,
            final Convolution c,
            final boolean relu,
            final boolean bias,
            final List<Layout> given) {
        final Backend reference = images.reference;
        final Kernels k = reference.kernels();
        final Buffer x = Memory.of(reference, Memory.gaussian((int) c.inSize(), 1));
        final Buffer w = Memory.of(reference, Memory.gaussian((int) c.weightSize(), 2));
        final Buffer b = bias ? Memory.of(reference, Memory.gaussian(c.outChannels(), 3)) : null;
        final Buffer dy = Memory.of(reference, Memory.gaussian((int) c.outSize(), 4));
        final Buffer y = reference.allocate(DType.F32, c.outSize());
        final Buffer dx = reference.allocate(DType.F32, c.inSize());
        final Buffer dw = reference.allocate(DType.F32, c.weightSize());
        final Buffer db = reference.allocate(DType.F32, c.outChannels());
        final Buffer slope = reference.allocate(DType.F32, c.outSize());
        k.convolve(c, x, w, b, y);
        if (relu) {
            k.addReluGradient(y, dy, slope);
            k.relu(y, y);
        } else {
            k.copy(dy, slope);
        }
        k.addConvolveDataGradient(c, w, slope, dx);
        k.addConvolveWeightGradient(c, x, slope, dw);
        k.addChannelDots(
                slope,
                ones(reference, c.outSize()),
                db,
                c.batch(),
                c.outChannels(),
                Math.toIntExact(c.outSize() / c.batch() / c.outChannels()));
        final Layout xs = inLayout(images, c);
        final Layout ys = outLayout(images, c);
        final int terms = c.inPerGroup() * c.window().kernelHeight() * c.window().kernelWidth();
        final int places = (int) (c.outSize() / c.outChannels());
        for (final Layout layout : given) {
            try (PreparedConvolution prepared = images.layouts.convolution(c, layout, relu, true)) {
                final String what = prepared.describe() + " ";
                final Buffer ownX = images.in(prepared.x(), xs, Memory.floats(x));
                final Buffer ownW = Memory.of(images.cpu, Memory.floats(w));
                final Buffer ownB = bias ? Memory.of(images.cpu, Memory.floats(b)) : null;
                final Buffer ownDy = images.in(prepared.y(), ys, Memory.floats(dy));
                final Buffer ownY = images.unwritten(prepared.y().length());
                final Buffer ownDx = images.unwritten(prepared.x().length());
                final Buffer ownDw = images.unwritten(c.weightSize());
                final Buffer ownDb = bias ? images.unwritten(c.outChannels()) : null;
                assertEquals(c.inSize(), prepared.x().length(), "no padding");
                assertEquals(c.outSize(), prepared.y().length(), "no padding");
                prepared.forward(ownX, ownW, ownB, ownY);
                assertClose(y, images.out(ownY, prepared.y(), ys), terms, what + "y");
                prepared.gradients(ownX, ownW, ownY, ownDy, ownDx, ownDw, ownDb);
                assertClose(
                        dx,
                        images.out(ownDx, prepared.x(), xs),
                        terms * c.outPerGroup() / c.inPerGroup() + 1,
                        what + "dx");
                assertClose(dw, Memory.floats(ownDw), places, what + "dw");
                if (bias) {
                    assertClose(db, Memory.floats(ownDb), places, what + "db");
                }
                final List<float[]> first = all(ownY, ownDx, ownDw);
                prepared.forward(ownX, ownW, ownB, ownY);
                prepared.gradients(ownX, ownW, ownY, ownDy, ownDx, ownDw, ownDb);
                final List<float[]> second = all(ownY, ownDx, ownDw);
                for (int i = 0; i < first.size(); i++) {
                    assertArrayEquals(first.get(i), second.get(i), what + "again");
                }
                prepared.gradients(ownX, ownW, ownY, ownDy, null, ownDw, null);
                assertArrayEquals(first.get(2), Memory.floats(ownDw), what + "dw alone");
            }
        }
    }

    private static List<float[]> all(final Buffer... buffers) {
        return Arrays.stream(buffers).map(Memory::floats).toList();
    }

    private static Buffer ones(final Backend backend, final long length) {
        final Buffer ones = backend.allocate(DType.F32, length);
        backend.kernels().fill(ones, 1);
        return ones;
    }

    private static void assertClose(
            final Buffer expected, final float[] actual, final int terms, final String what) {
        assertArrayEquals(Memory.floats(expected), actual, TOLERANCE * Math.max(terms, 16), what);
    }

    /** The layouts that a first convolution and a later one leave their results in. */
    private static List<Layout> normLayouts(
            final Images images,
            final int batch,
            final int channels,
            final int height,
            final int width) {
        final Convolution first = convolution(batch, 3, channels, 1, height, width, 1, 1, 0, 1);
        final Convolution later = convolution(batch, 16, channels, 1, height, width, 1, 1, 0, 1);
        final List<Layout> layouts = new ArrayList<>();
        layouts.add(images.layouts.rowMajor(batch, channels, height, width));
        for (final Convolution c : List.of(first, later)) {
            try (PreparedConvolution prepared =
                    images.layouts.convolution(c, inLayout(images, c), false, true)) {
                layouts.add(prepared.y());
            }
        }
        return layouts;
    }

    @ParameterizedTest(name = "[{0}, {1}, {2}, {3}]")
    @CsvSource({
        "2, 1, 1, 1",
        "7, 3, 5, 3",
        "2, 4, 9, 7",
        "2, 8, 3, 3",
        "1, 16, 18, 43",
        "7, 17, 4, 5",
        "2, 32, 7, 20",
        "128, 16, 2, 3",
        "3, 20, 1, 1"
    })
    void aBatchNormAndItsGradientsAreThoseOfThePlainLoops(
            final int batch, final int channels, final int height, final int width) {
        final int inner = height * width;
        final int size = batch * channels * inner;
        final float eps = 1e-3f;
        for (final boolean relu : List.of(false, true)) {
            try (Images images = new Images()) {
                final Backend reference = images.reference;
                final Kernels k = reference.kernels();
                final Buffer x = Memory.of(reference, Memory.gaussian(size, 1));
                final Buffer scale = Memory.of(reference, Memory.gaussian(channels, 2));
                final Buffer shift = Memory.of(reference, Memory.gaussian(channels, 3));
                final Buffer dy = Memory.of(reference, Memory.gaussian(size, 4));
                final Buffer mean = reference.allocate(DType.F32, channels);
                final Buffer variance = reference.allocate(DType.F32, channels);
                final Buffer standard = reference.allocate(DType.F32, size);
                final Buffer y = reference.allocate(DType.F32, size);
                final Buffer slope = reference.allocate(DType.F32, size);
                final Buffer scaled = reference.allocate(DType.F32, size);
                final Buffer dx = reference.allocate(DType.F32, size);
                final Buffer dscale = reference.allocate(DType.F32, channels);
                final Buffer dshift = reference.allocate(DType.F32, channels);
                k.channelMoments(x, mean, variance, batch, channels, inner);
                k.standardise(x, mean, variance, eps, standard, batch, channels, inner);
                k.channelAffine(standard, scale, shift, y, batch, channels, inner);
                if (relu) {
                    k.addReluGradient(y, dy, slope);
                    k.relu(y, y);
                } else {
                    k.copy(dy, slope);
                }
                k.addChannelDots(slope, standard, dscale, batch, channels, inner);
                k.addChannelDots(slope, ones(reference, size), dshift, batch, channels, inner);
                k.addChannelScaled(slope, scale, scaled, batch, channels, inner);
                k.addStandardiseGradient(
                        variance, eps, standard, scaled, dx, batch, channels, inner);

                final Layout rowMajor = images.layouts.rowMajor(batch, channels, height, width);
                for (final Layout layout : normLayouts(images, batch, channels, height, width)) {
                    try (PreparedNorm norm = images.layouts.batchNorm(layout, eps, relu)) {
                        final Buffer ownX = images.in(layout, rowMajor, Memory.floats(x));
                        final Buffer ownScale = Memory.of(images.cpu, Memory.floats(scale));
                        final Buffer ownShift = Memory.of(images.cpu, Memory.floats(shift));
                        final Buffer ownDy = images.in(layout, rowMajor, Memory.floats(dy));
                        final Buffer ownMean = images.unwritten(channels);
                        final Buffer ownVariance = images.unwritten(channels);
                        final Buffer ownY = images.unwritten(size);
                        final Buffer ownDx = images.unwritten(size);
                        final Buffer ownDscale = images.unwritten(channels);
                        final Buffer ownDshift = images.unwritten(channels);
                        norm.forward(ownX, ownScale, ownShift, ownMean, ownVariance, ownY);
                        norm.gradients(
                                ownX,
                                ownScale,
                                ownMean,
                                ownVariance,
                                ownY,
                                ownDy,
                                ownDx,
                                ownDscale,
                                ownDshift);
                        assertClose(mean, Memory.floats(ownMean), 1, layout + " mean");
                        assertClose(variance, Memory.floats(ownVariance), 1, layout + " variance");
                        assertClose(y, images.out(ownY, layout, rowMajor), 1, layout + " y");
                        assertClose(dx, images.out(ownDx, layout, rowMajor), 300, layout + " dx");
                        final int terms = batch * inner;
                        assertClose(dscale, Memory.floats(ownDscale), terms, layout + " dscale");
                        assertClose(dshift, Memory.floats(ownDshift), terms, layout + " dshift");
                    }
                    try (PreparedAffine affine = images.layouts.channelAffine(layout, relu)) {
                        final Buffer plain = reference.allocate(DType.F32, size);
                        k.channelAffine(x, scale, shift, plain, batch, channels, inner);
                        if (relu) {
                            k.relu(plain, plain);
                        }
                        final Buffer ownX = images.in(layout, rowMajor, Memory.floats(x));
                        final Buffer ownY = images.unwritten(size);
                        affine.forward(
                                ownX,
                                Memory.of(images.cpu, Memory.floats(scale)),
                                Memory.of(images.cpu, Memory.floats(shift)),
                                ownY);
                        assertClose(plain, images.out(ownY, layout, rowMajor), 1, "affine");
                    }
                }
            }
        }
    }

    @Test
    void notANumberAndInfinityComeThroughConvolutionAndRelu() {
        for (final float poison :
                new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
            for (final int channels : new int[] {1, 3, 8, 16, 17}) {
                final Convolution c = convolution(2, channels, 16, 1, 9, 9, 3, 2, 1, 1);
                try (Images images = new Images()) {
                    final float[] x = Memory.gaussian((int) c.inSize(), 1);
                    x[c.window().width() * 2 + 3] = poison;
                    final float[] w = Memory.gaussian((int) c.weightSize(), 2);
                    final Backend reference = images.reference;
                    final Kernels k = reference.kernels();
                    final float[] dy = Memory.gaussian((int) c.outSize(), 3);
                    final Buffer expected = reference.allocate(DType.F32, c.outSize());
                    final Buffer slope = reference.allocate(DType.F32, c.outSize());
                    final Buffer dx = reference.allocate(DType.F32, c.inSize());
                    final Buffer dw = reference.allocate(DType.F32, c.weightSize());
                    k.convolve(c, Memory.of(reference, x), Memory.of(reference, w), null, expected);
                    k.relu(expected, expected);
                    k.addReluGradient(expected, Memory.of(reference, dy), slope);
                    k.addConvolveDataGradient(c, Memory.of(reference, w), slope, dx);
                    k.addConvolveWeightGradient(c, Memory.of(reference, x), slope, dw);
                    final Layout in = inLayout(images, c);
                    final Layout out = outLayout(images, c);
                    try (PreparedConvolution prepared =
                            images.layouts.convolution(c, in, true, true)) {
                        final Buffer ownX = images.in(prepared.x(), in, x);
                        final Buffer ownW = Memory.of(images.cpu, w);
                        final Buffer ownDy = images.in(prepared.y(), out, dy);
                        final Buffer ownY = images.unwritten(prepared.y().length());
                        final Buffer ownDx = images.unwritten(prepared.x().length());
                        final Buffer ownDw = images.unwritten(c.weightSize());
                        final String what = poison + ", " + channels + " channels, ";
                        prepared.forward(ownX, ownW, null, ownY);
                        prepared.gradients(ownX, ownW, ownY, ownDy, ownDx, ownDw, null);
                        assertClose(
                                expected,
                                images.out(ownY, prepared.y(), out),
                                9 * channels,
                                what + "y");
                        assertClose(dx, images.out(ownDx, prepared.x(), in), 9 * 16, what + "dx");
                        assertClose(dw, Memory.floats(ownDw), 50, what + "dw");
                    }
                }
            }
        }
    }

    @Test
    void notANumberAndInfinityComeThroughNormAndRelu() {
        for (final float poison :
                new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
            try (Images images = new Images()) {
                final Layout rowMajor = images.layouts.rowMajor(2, 16, 3, 3);
                final float[] x = Memory.gaussian(2 * 16 * 9, 1);
                x[4 * 9 + 5] = poison; // channel 4
                for (final Layout layout : normLayouts(images, 2, 16, 3, 3)) {
                    try (PreparedNorm norm = images.layouts.batchNorm(layout, 1e-5f, true);
                            PreparedAffine affine = images.layouts.channelAffine(layout, true)) {
                        final Buffer xs = images.in(layout, rowMajor, x);
                        final Buffer one = ones(images.cpu, 16);
                        final Buffer y = images.unwritten(2 * 16 * 9);
                        final Buffer mean = images.unwritten(16);
                        final Buffer variance = images.unwritten(16);
                        norm.forward(xs, one, one, mean, variance, y);
                        final float[] out = images.out(y, layout, rowMajor);
                        for (int i = 0; i < out.length; i++) {
                            assertEquals(i / 9 % 16 == 4, Float.isNaN(out[i]), "element " + i);
                        }
                        final Buffer dy = ones(images.cpu, 2 * 16 * 9);
                        final Buffer dx = images.unwritten(2 * 16 * 9);
                        final Buffer dscale = images.unwritten(16);
                        final Buffer dshift = images.unwritten(16);
                        norm.gradients(xs, one, mean, variance, y, dy, dx, dscale, dshift);
                        final float[] slopes = images.out(dx, layout, rowMajor);
                        for (int i = 0; i < slopes.length; i++) {
                            assertEquals(i / 9 % 16 == 4, Float.isNaN(slopes[i]), "dx " + i);
                        }
                        assertTrue(Float.isNaN(Memory.floats(dscale)[4]));
                        assertEquals(0, Memory.floats(dshift)[4], "ReLU lets no NaN back");
                        affine.forward(xs, one, one, y);
                        assertEquals(
                                Math.max(0, poison + 1),
                                images.out(y, layout, rowMajor)[4 * 9 + 5]);
                    }
                }
            }
        }
    }

    @Test
    void layoutsAreValuesAndARowMajorOneKnowsItself() {
        try (Images images = new Images()) {
            final Layout a = images.layouts.rowMajor(2, 16, 4, 5);
            assertEquals(a, images.layouts.rowMajor(2, 16, 4, 5));
            assertEquals(a.hashCode(), images.layouts.rowMajor(2, 16, 4, 5).hashCode());
            assertTrue(a.rowMajor());
            assertEquals(640, a.length());
            assertEquals(16, a.channels());
            final Convolution c = convolution(2, 16, 16, 1, 4, 5, 1, 1, 0, 1);
            try (PreparedConvolution one = images.layouts.convolution(c, a, false, true);
                    PreparedConvolution two = images.layouts.convolution(c, one.y(), true, true)) {
                assertFalse(one.y().rowMajor(), one.describe());
                assertEquals(one.y(), two.x(), "a later convolution takes what an earlier gives");
                assertEquals(two.x(), two.y());
            }
        }
    }

    @Test
    void onlyACpuBackendHasLayouts() {
        try (Backend reference = Backends.open("reference")) {
            assertEquals(Optional.empty(), reference.imageLayouts());
        }
    }

    @Test
    void wrongArgumentsAreRefusedBeforeAnythingIsWritten() {
        try (Images images = new Images()) {
            final ImageLayouts layouts = images.layouts;
            final Convolution c = convolution(1, 1, 2, 1, 3, 3, 3, 1, 0, 1);
            assertRefused(
                    "rowMajor: shape=[1, 0, 3, 3], expected positive dimensions",
                    () -> layouts.rowMajor(1, 0, 3, 3));
            assertRefused(
                    "convolution: layout=[1, 1, 3, 4], expected [1, 1, 3, 3]",
                    () -> layouts.convolution(c, layouts.rowMajor(1, 1, 3, 4), false, false));
            final Layout x = layouts.rowMajor(1, 1, 3, 3);
            assertRefused("batchNorm: eps=0.0, expected > 0", () -> layouts.batchNorm(x, 0, false));
            assertRefused(
                    "copy: layout=[1, 1, 3, 4], expected [1, 1, 3, 3]",
                    () -> layouts.copy(x, layouts.rowMajor(1, 1, 3, 4)));
            final Buffer image = images.unwritten(9);
            final Buffer y = images.unwritten(2);
            try (PreparedConvolution prepared = layouts.convolution(c, x, false, false)) {
                assertRefused(
                        "convolution: w=F32[9], expected F32[18]",
                        () -> prepared.forward(image, image, null, y));
                assertEquals(
                        "convolution: training=false, expected true where gradients are taken",
                        assertThrows(
                                        IllegalStateException.class,
                                        () ->
                                                prepared.gradients(
                                                        image, image, y, y, null, image, null))
                                .getMessage());
            }
            final PreparedCopy copy = layouts.copy(x, x);
            final Buffer short8 = images.unwritten(8);
            assertRefused("copy: to=F32[8], expected F32[9]", () -> copy.run(image, short8));
            copy.close();
            copy.close();
            assertThrows(IllegalStateException.class, () -> copy.run(image, image));
        }
    }

    private static void assertRefused(final String message, final Runnable call) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, call::run).getMessage());
    }

    @Test
    void scratchMemoryIsCountedAndFreedWithTheBackend() {
        final Backend cpu = Backends.open("cpu");
        final ImageLayouts layouts = cpu.imageLayouts().orElseThrow();
        final Convolution c = convolution(1, 8, 8, 1, 5, 5, 3, 1, 0, 1);
        final PreparedConvolution prepared =
                layouts.convolution(c, layouts.rowMajor(1, 8, 5, 5), true, true);
        assertTrue(cpu.allocatedBytes() > 0);
        prepared.close();
        assertEquals(0, cpu.allocatedBytes());
        final PreparedCopy copy =
                layouts.copy(layouts.rowMajor(1, 1, 2, 2), layouts.rowMajor(1, 1, 2, 2));
        cpu.close();
        assertEquals(0, cpu.allocatedBytes());
        copy.close();
        assertThrows(
                IllegalStateException.class,
                () -> layouts.convolution(c, prepared.x(), true, true));
    }

    private static long allocatedBytes() {
        final var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        return threads.getCurrentThreadAllocatedBytes();
    }

    private static long bytesPerCall(final Runnable call) {
        for (int i = 0; i < 20_000; i++) {
            call.run();
        }
        final long before = allocatedBytes();
        for (int i = 0; i < 2_000; i++) {
            call.run();
        }
        return (allocatedBytes() - before) / 2_000;
    }

    @Test
    void runningAllocatesNothing() {
        try (Images images = new Images()) {
            final ImageLayouts layouts = images.layouts;
            final Convolution c = convolution(1, 3, 8, 1, 5, 5, 3, 1, 0, 1);
            final Layout x = layouts.rowMajor(1, 3, 5, 5);
            try (PreparedConvolution prepared = layouts.convolution(c, x, true, true);
                    PreparedNorm norm = layouts.batchNorm(prepared.y(), 1e-5f, true);
                    PreparedAffine affine = layouts.channelAffine(prepared.y(), true);
                    PreparedCopy copy = layouts.copy(x, prepared.x())) {
                final Buffer plain = ones(images.cpu, 75);
                final Buffer xs = ones(images.cpu, 75);
                final Buffer dx = ones(images.cpu, 75);
                final Buffer w = ones(images.cpu, c.weightSize());
                final Buffer dw = ones(images.cpu, c.weightSize());
                final Buffer y = ones(images.cpu, prepared.y().length());
                final Buffer z = ones(images.cpu, prepared.y().length());
                final Buffer dz = ones(images.cpu, prepared.y().length());
                final Buffer dy = ones(images.cpu, prepared.y().length());
                final Buffer scale = ones(images.cpu, 8);
                final Buffer mean = ones(images.cpu, 8);
                final Buffer variance = ones(images.cpu, 8);
                final Buffer a = ones(images.cpu, 8);
                final Buffer b = ones(images.cpu, 8);
                assertEquals(
                        0,
                        bytesPerCall(
                                () -> {
                                    copy.run(plain, xs);
                                    prepared.forward(xs, w, scale, y);
                                    norm.forward(y, scale, scale, mean, variance, z);
                                    norm.gradients(y, scale, mean, variance, z, dz, dy, a, b);
                                    prepared.gradients(xs, w, y, dy, dx, dw, a);
                                    affine.forward(y, scale, scale, z);
                                }));
            }
        }
    }
}

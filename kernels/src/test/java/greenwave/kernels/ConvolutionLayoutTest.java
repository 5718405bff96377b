package greenwave.kernels;

import static greenwave.kernels.ImageBackends.assertClose;
import static greenwave.kernels.ImageBackends.convolution;
import static greenwave.kernels.ImageBackends.inLayout;
import static greenwave.kernels.ImageBackends.ones;
import static greenwave.kernels.ImageBackends.outLayout;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import greenwave.kernels.ImageLayouts.Layout;
import greenwave.kernels.ImageLayouts.PreparedConvolution;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** Prepared convolutions against the plain loops of the reference backend, in every layout. */
@Tag("backend")
class ConvolutionLayoutTest {
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
        try (ImageBackends images = new ImageBackends()) {
            for (final boolean relu : List.of(false, true)) {
                for (final boolean bias : List.of(false, true)) {
                    assertConvolution(images, c, relu, bias, givenLayouts(images, c));
                }
            }
        }
    }

    /** The row-major layout of x, and the one that a convolution before would leave it in. */
    private static List<Layout> givenLayouts(final ImageBackends images, final Convolution c) {
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

    private static void assertConvolution(
            final ImageBackends images,
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
                final Buffer ownW = Memory.of(images.tested, Memory.floats(w));
                final Buffer ownB = bias ? Memory.of(images.tested, Memory.floats(b)) : null;
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

    @Test
    void notANumberAndInfinityComeThroughConvolutionAndRelu() {
        for (final float poison :
                new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
            for (final int channels : new int[] {1, 3, 8, 16, 17}) {
                final Convolution c = convolution(2, channels, 16, 1, 9, 9, 3, 2, 1, 1);
                try (ImageBackends images = new ImageBackends()) {
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
                        final Buffer ownW = Memory.of(images.tested, w);
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
}

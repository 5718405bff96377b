package greenwave.kernels;

import static greenwave.kernels.ImageBackends.assertClose;
import static greenwave.kernels.ImageBackends.convolution;
import static greenwave.kernels.ImageBackends.inLayout;
import static greenwave.kernels.ImageBackends.ones;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import greenwave.kernels.ImageLayouts.Layout;
import greenwave.kernels.ImageLayouts.PreparedAffine;
import greenwave.kernels.ImageLayouts.PreparedConvolution;
import greenwave.kernels.ImageLayouts.PreparedNorm;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.ArrayList;
import java.util.List;

/** Prepared batch normalisations and affine maps against the plain loops of the reference backend, in every layout. */
@Tag("backend")
class NormLayoutTest {
    /** The layouts that a first convolution and a later one leave their results in. */
    private static List<Layout> normLayouts(
            final ImageBackends images,
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
            try (ImageBackends images = new ImageBackends()) {
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
                        final Buffer ownScale = Memory.of(images.tested, Memory.floats(scale));
                        final Buffer ownShift = Memory.of(images.tested, Memory.floats(shift));
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
                                Memory.of(images.tested, Memory.floats(scale)),
                                Memory.of(images.tested, Memory.floats(shift)),
                                ownY);
                        assertClose(plain, images.out(ownY, layout, rowMajor), 1, "affine");
                    }
                }
            }
        }
    }

    @Test
    void notANumberAndInfinityComeThroughNormAndRelu() {
        for (final float poison :
                new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
            try (ImageBackends images = new ImageBackends()) {
                final Layout rowMajor = images.layouts.rowMajor(2, 16, 3, 3);
                final float[] x = Memory.gaussian(2 * 16 * 9, 1);
                x[4 * 9 + 5] = poison; // channel 4
                for (final Layout layout : normLayouts(images, 2, 16, 3, 3)) {
                    try (PreparedNorm norm = images.layouts.batchNorm(layout, 1e-5f, true);
                            PreparedAffine affine = images.layouts.channelAffine(layout, true)) {
                        final Buffer xs = images.in(layout, rowMajor, x);
                        final Buffer one = ones(images.tested, 16);
                        final Buffer y = images.unwritten(2 * 16 * 9);
                        final Buffer mean = images.unwritten(16);
                        final Buffer variance = images.unwritten(16);
                        norm.forward(xs, one, one, mean, variance, y);
                        final float[] out = images.out(y, layout, rowMajor);
                        for (int i = 0; i < out.length; i++) {
                            assertEquals(i / 9 % 16 == 4, Float.isNaN(out[i]), "element " + i);
                        }
                        final Buffer dy = ones(images.tested, 2 * 16 * 9);
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
}

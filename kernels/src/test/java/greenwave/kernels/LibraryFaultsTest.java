package greenwave.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import greenwave.emulation.EmulatedCuda;
import greenwave.kernels.ImageLayouts.Layout;
import greenwave.kernels.ImageLayouts.PreparedAffine;
import greenwave.kernels.ImageLayouts.PreparedConvolution;
import greenwave.kernels.ImageLayouts.PreparedNorm;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * That two swapped arguments in any call of cuBLAS or cuDNN are noticed: as another result than the one that other tests compare with
 * the plain loops, or as a refusal. It does not show what NVIDIA's libraries make of arguments that the emulated ones take.
 */
@Tag("planted")
class LibraryFaultsTest {
    private static final Window WINDOW = new Window(6, 9, 3, 4, 2, 1, 1, 2, 1, 1);
    private static final Convolution CONVOLUTION = new Convolution(2, 3, 4, 1, WINDOW);
    private static final int X = Math.toIntExact(CONVOLUTION.inSize());
    private static final int Y = Math.toIntExact(CONVOLUTION.outSize());
    private static final int W = Math.toIntExact(CONVOLUTION.weightSize());

    @AfterEach
    void restore() {
        EmulatedCuda.mistake("");
        EmulatedCuda.recover();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "cublasGemmEx",
                "cublasGemmStridedBatchedEx",
                "cudnnConvolutionForward",
                "cudnnConvolutionBackwardData",
                "cudnnConvolutionBackwardFilter",
                "cudnnConvolutionBackwardBias",
                "cudnnBatchNormalizationForwardTraining",
                "cudnnBatchNormalizationForwardInference",
                "cudnnBatchNormalizationBackward",
                "cudnnActivationForward",
                "cudnnSetPooling2dDescriptor",
                "cudnnPoolingForward",
                "cudnnPoolingBackward"
            })
    void isNoticed(final String call) {
        final String right = results();
        assertEquals(right, results());
        EmulatedCuda.mistake(call);
        assertNotEquals(right, results());
    }

    /** What every call gives, or how the device refuses. */
    private static String results() {
        try (Backend device = EmulatedCuda.open()) {
            final ImageLayouts layouts = device.imageLayouts().orElseThrow();
            final Kernels k = device.kernels();
            final List<Buffer> all = new ArrayList<>();
            convolve(device, layouts, all);
            normalise(device, layouts, all);
            final Buffer x = of(device, X);
            final Buffer pooled = of(device, 6 * WINDOW.outHeight() * WINDOW.outWidth());
            k.maxPool(WINDOW, 6, x, pooled);
            all.add(copy(device, pooled));
            k.averagePool(WINDOW, 6, x, pooled);
            k.addAveragePoolGradient(WINDOW, 6, pooled, x);
            final Buffer product = of(device, 9);
            k.gemm(
                    1,
                    false,
                    false,
                    3,
                    3,
                    3,
                    1,
                    of(device, 9),
                    all.getFirst().slice(0, 9),
                    1,
                    product);
            final Buffer products = of(device, 18);
            k.gemm(
                    2,
                    false,
                    false,
                    3,
                    3,
                    3,
                    1,
                    of(device, 18),
                    all.getFirst().slice(0, 18),
                    1,
                    products);
            all.addAll(List.of(pooled, x, product, products));
            EmulatedCuda.idle();
            return all.stream().map(b -> Arrays.toString(Memory.floats(b))).toList().toString();
        } catch (final DeviceException | IllegalStateException e) {
            EmulatedCuda.recover();
            return e.getMessage();
        }
    }

    private static void convolve(
            final Backend device, final ImageLayouts layouts, final List<Buffer> all) {
        final Layout layout = layouts.rowMajor(2, 3, WINDOW.height(), WINDOW.width());
        final Buffer x = of(device, X);
        final Buffer w = of(device, W);
        final Buffer y = of(device, Y);
        final Buffer dx = of(device, X);
        final Buffer dw = of(device, W);
        final Buffer db = of(device, 4);
        try (PreparedConvolution convolution =
                layouts.convolution(CONVOLUTION, layout, false, true)) {
            convolution.forward(x, w, of(device, 4), y);
            convolution.gradients(x, w, y, of(device, Y), dx, dw, db);
        }
        all.addAll(List.of(y, dx, dw, db));
    }

    private static void normalise(
            final Backend device, final ImageLayouts layouts, final List<Buffer> all) {
        final Layout layout = layouts.rowMajor(2, 3, WINDOW.height(), WINDOW.width());
        final Buffer x = of(device, X);
        final Buffer scale = of(device, 3);
        final Buffer mean = of(device, 3);
        final Buffer variance = of(device, 3);
        final Buffer y = of(device, X);
        final Buffer dx = of(device, X);
        final Buffer dscale = of(device, 3);
        final Buffer dshift = of(device, 3);
        final Buffer scaled = of(device, X);
        final Buffer shift = of(device, 4).slice(0, 3); // another than scale
        try (PreparedNorm norm = layouts.batchNorm(layout, 1e-3f, true);
                PreparedAffine affine = layouts.channelAffine(layout, false)) {
            norm.forward(x, scale, shift, mean, variance, y);
            all.add(copy(device, y));
            norm.gradients(x, scale, mean, variance, y, of(device, X), dx, dscale, dshift);
            affine.forward(x, scale, shift, scaled);
        }
        all.addAll(List.of(mean, variance, dx, dscale, dshift, scaled));
    }

    private static Buffer copy(final Backend device, final Buffer x) {
        final Buffer y = device.allocate(DType.F32, x.length());
        device.kernels().copy(x, y);
        return y;
    }

    /** Numbers that depend on how many they are. */
    private static Buffer of(final Backend device, final int length) {
        return Memory.of(device, Memory.gaussian(length, length));
    }
}

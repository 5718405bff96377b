package greenwave.kernels;

import static greenwave.kernels.ImageBackends.convolution;
import static greenwave.kernels.ImageBackends.ones;

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

import java.lang.management.ManagementFactory;
import java.util.Optional;

/** What layouts and prepared computations promise: values, refusals, memory counted and freed, no allocation. */
class LayoutContractTest {
    @Test
    void layoutsAreValuesAndARowMajorOneKnowsItself() {
        try (ImageBackends images = new ImageBackends()) {
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
    void thePlainLoopsHaveNoLayouts() {
        try (Backend reference = Backends.open("reference")) {
            assertEquals(Optional.empty(), reference.imageLayouts());
        }
    }

    @Test
    void wrongArgumentsAreRefusedBeforeAnythingIsWritten() {
        try (ImageBackends images = new ImageBackends()) {
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
        try (ImageBackends images = new ImageBackends()) {
            final ImageLayouts layouts = images.layouts;
            final Convolution c = convolution(1, 3, 8, 1, 5, 5, 3, 1, 0, 1);
            final Layout x = layouts.rowMajor(1, 3, 5, 5);
            try (PreparedConvolution prepared = layouts.convolution(c, x, true, true);
                    PreparedNorm norm = layouts.batchNorm(prepared.y(), 1e-5f, true);
                    PreparedAffine affine = layouts.channelAffine(prepared.y(), true);
                    PreparedCopy copy = layouts.copy(x, prepared.x())) {
                final Buffer plain = ones(images.tested, 75);
                final Buffer xs = ones(images.tested, 75);
                final Buffer dx = ones(images.tested, 75);
                final Buffer w = ones(images.tested, c.weightSize());
                final Buffer dw = ones(images.tested, c.weightSize());
                final Buffer y = ones(images.tested, prepared.y().length());
                final Buffer z = ones(images.tested, prepared.y().length());
                final Buffer dz = ones(images.tested, prepared.y().length());
                final Buffer dy = ones(images.tested, prepared.y().length());
                final Buffer scale = ones(images.tested, 8);
                final Buffer mean = ones(images.tested, 8);
                final Buffer variance = ones(images.tested, 8);
                final Buffer a = ones(images.tested, 8);
                final Buffer b = ones(images.tested, 8);
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

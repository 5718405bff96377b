package greenwave.engine.nn;

import static greenwave.engine.NoLeak.assertNoLeak;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import greenwave.engine.Engine;
import greenwave.engine.Segments;
import greenwave.engine.Tested;
import greenwave.engine.autograd.Parameter;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

@Tag("backend")
class QNetTest {
    @TempDir Path folder;

    private static QNet net(final Engine engine, final int obsSize) {
        return QNet.builder(engine).input(obsSize).linear(7).relu().actions(3).build();
    }

    @Test
    void parametersAreNamedAndShapedAsPyTorchs() throws Exception {
        assertNoLeak(
                Tested.BACKEND,
                1,
                engine -> {
                    try (QNet net = net(engine, 4)) {
                        assertEquals(
                                List.of(
                                        "0.weight[7, 4]",
                                        "0.bias[7]",
                                        "2.weight[3, 7]",
                                        "2.bias[3]"),
                                net.parameters().all().stream()
                                        .map(p -> p.name() + p.shape())
                                        .toList());
                        assertEquals(7 * 4 + 7 + 3 * 7 + 3, net.parameters().count());
                    }
                });
    }

    @Test
    void firstWeightsAreUniformWithinOneBySqrtOfTheInputs() throws Exception {
        assertNoLeak(
                Tested.BACKEND,
                1,
                engine -> {
                    try (QNet net =
                            QNet.builder(engine).input(100).linear(400).actions(2).build()) {
                        final float[] weights =
                                Segments.floats(net.parameters().all().getFirst().value());
                        double sum = 0;
                        double squares = 0;
                        float largest = 0;
                        for (final float w : weights) {
                            sum += w;
                            squares += (double) w * w;
                            largest = Math.max(largest, Math.abs(w));
                        }
                        final int n = weights.length;
                        final double variance = 0.1 * 0.1 / 3; // of the uniform distribution
                        assertTrue(largest <= 0.1f && largest > 0.0999f, "largest=" + largest);
                        assertEquals(0, sum / n, 6 * Math.sqrt(variance / n)); // 6 sigma
                        assertEquals(variance, squares / n, 0.02 * variance);
                    }
                });
    }

    @Test
    void weightsFollowTheSeedAndNetsOfOneEngineDiffer() throws Exception {
        final float[][] first = new float[3][];
        for (int run = 0; run < 2; run++) {
            final int index = run;
            assertNoLeak(
                    run == 0 ? Tested.BACKEND : "reference",
                    5,
                    engine -> {
                        try (QNet one = net(engine, 4);
                                QNet two = net(engine, 4)) {
                            first[index] = Segments.floats(one.parameters().values());
                            first[2] = Segments.floats(two.parameters().values());
                        }
                    });
        }
        assertArrayEquals(first[0], first[1]);
        assertFalse(Arrays.equals(first[0], first[2]));
    }

    @Test
    void savedWeightsComeBackWithTheirMetadata() throws Exception {
        final Path file = folder.resolve("net.safetensors");
        assertNoLeak(
                Tested.BACKEND,
                1,
                engine -> {
                    try (QNet saved = net(engine, 4);
                            QNet loaded = net(engine, 4)) {
                        saved.save(file, Map.of("scenario", "cross"));
                        assertEquals(Map.of("scenario", "cross"), loaded.load(file));
                        assertArrayEquals(
                                Segments.bytes(saved.parameters().values()),
                                Segments.bytes(loaded.parameters().values()));
                    }
                });
        try (var files = Files.list(folder)) {
            assertEquals(List.of(file), files.toList()); // no temporary file is left
        }
    }

    @Test
    void aFileOfAnotherShapeIsRefusedAndNothingChanges() throws Exception {
        final Path file = folder.resolve("net.safetensors");
        assertNoLeak(
                Tested.BACKEND,
                1,
                engine -> {
                    try (QNet four = net(engine, 4);
                            QNet five = net(engine, 5);
                            QNet deeper =
                                    QNet.builder(engine).input(4).linear(7).actions(3).build()) {
                        four.save(file);
                        final byte[] before = Segments.bytes(five.parameters().values());
                        assertEquals(
                                "load: file=%s, tensor=0.weight, found F32[7, 4], expected F32[7, 5]"
                                        .formatted(file),
                                assertThrows(IllegalArgumentException.class, () -> five.load(file))
                                        .getMessage());
                        assertArrayEquals(before, Segments.bytes(five.parameters().values()));
                        assertEquals(
                                "load: file=%s, tensors=[0.bias, 0.weight, 2.bias, 2.weight], expected [0.bias, 0.weight, 1.bias, 1.weight]"
                                        .formatted(file),
                                assertThrows(
                                                IllegalArgumentException.class,
                                                () -> deeper.load(file))
                                        .getMessage());
                    }
                });
    }

    @Test
    void aFrozenCopyHasTheWeightsAndNoGradients() throws Exception {
        assertNoLeak(
                Tested.BACKEND,
                1,
                engine -> {
                    try (QNet net = net(engine, 4);
                            QNet copy = net.frozenCopy()) {
                        assertArrayEquals(
                                Segments.bytes(net.parameters().values()),
                                Segments.bytes(copy.parameters().values()));
                        assertFalse(copy.parameters().all().stream().anyMatch(Parameter::trained));
                        assertEquals(
                                "parameters: not trained, they have no gradients",
                                assertThrows(
                                                IllegalStateException.class,
                                                () -> copy.parameters().gradients())
                                        .getMessage());
                    }
                });
    }

    @Test
    void layersOutOfOrderAreRefused() throws Exception {
        assertNoLeak(
                Tested.BACKEND,
                1,
                engine -> {
                    assertEquals(
                            "QNet: linear=4, input=none, expected input(...) or flatten() before it",
                            assertThrows(
                                            IllegalStateException.class,
                                            () -> QNet.builder(engine).linear(4))
                                    .getMessage());
                    assertEquals(
                            "QNet: expected actions(...) as the last layer",
                            assertThrows(
                                            IllegalStateException.class,
                                            () -> QNet.builder(engine).input(4).linear(4).build())
                                    .getMessage());
                    assertEquals(
                            "QNet: input=0, earlier input=none, expected one input >= 1",
                            assertThrows(
                                            IllegalArgumentException.class,
                                            () -> QNet.builder(engine).input(0))
                                    .getMessage());
                    assertEquals(
                            "Linear: in=4, out=0, expected both >= 1",
                            assertThrows(
                                            IllegalArgumentException.class,
                                            () -> QNet.builder(engine).input(4).linear(0))
                                    .getMessage());
                });
    }
}

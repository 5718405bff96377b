package greenwave.engine.nn;

import static greenwave.engine.NoLeak.assertNoLeak;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import greenwave.engine.Segments;
import greenwave.engine.autograd.Plan;
import greenwave.engine.autograd.Trace;
import greenwave.engine.io.Safetensors;
import greenwave.engine.tensor.Tensor;
import greenwave.kernels.DType;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.Map;

/** A state dict as safetensors.torch writes it, made by src/test/python/make_state_dict.py. */
@Tag("backend")
class PyTorchFileTest {
    @TempDir Path folder;

    private static Path resource(final String name) throws Exception {
        return Path.of(PyTorchFileTest.class.getResource(name).toURI());
    }

    private static float[] floats(final Safetensors.Entry entry) {
        return entry.data().toArray(ValueLayout.JAVA_FLOAT_UNALIGNED);
    }

    @ParameterizedTest
    @MethodSource("greenwave.engine.Tested#backends")
    void aStateDictLoadsComputesAsInPyTorchAndGoesBack(final String backend) throws Exception {
        final Path theirs = resource("policy.safetensors");
        final Path ours = folder.resolve("policy.safetensors");
        final var values = Safetensors.read(resource("policy-values.safetensors")).tensors();
        assertNoLeak(
                backend,
                1,
                engine -> {
                    final Trace trace = new Trace();
                    final Tensor obs = trace.input("obs", DType.F32, 7, 6);
                    try (QNet net =
                            QNet.builder(engine)
                                    .input(6)
                                    .linear(10)
                                    .relu()
                                    .linear(5)
                                    .relu()
                                    .actions(3)
                                    .build()) {
                        assertEquals(Map.of("format", "pt"), net.load(theirs));
                        final Tensor q = net.forward(obs);
                        try (Plan plan = Plan.builder(engine.backend(), trace).build()) {
                            Segments.fill(plan.buffer(obs), floats(values.get("obs")));
                            plan.run();
                            assertArrayEquals(
                                    floats(values.get("q")),
                                    Segments.floats(plan.buffer(q)),
                                    1e-6f);
                        }
                        net.save(ours, Map.of("format", "pt"));
                    }
                });
        assertSameTensors(Safetensors.read(theirs), Safetensors.read(ours));
    }

    @ParameterizedTest
    @MethodSource("greenwave.engine.Tested#backends")
    void aStateDictWithRunningStatisticsGoesBothWays(final String backend) throws Exception {
        final Path theirs = resource("image-policy.safetensors");
        final Path ours = folder.resolve("image-policy.safetensors");
        final var values = Safetensors.read(resource("image-policy-values.safetensors")).tensors();
        assertNoLeak(
                backend,
                1,
                engine -> {
                    final Trace trace = new Trace();
                    final Tensor obs = trace.input("obs", DType.U8, 6, 2, 7, 9);
                    try (QNet net =
                            QNet.builder(engine)
                                    .image(2, 7, 9)
                                    .conv2d(3, 3, 2)
                                    .batchNorm()
                                    .relu()
                                    .flatten()
                                    .actions(4)
                                    .build()) {
                        assertEquals(Map.of("format", "pt"), net.load(theirs));
                        final Tensor q = net.forward(obs);
                        try (Plan plan = Plan.builder(engine.backend(), trace).build()) {
                            final var images = values.get("obs").data();
                            plan.buffer(obs).upload(0, images, 0, images.byteSize());
                            plan.run();
                            assertArrayEquals(
                                    floats(values.get("q")),
                                    Segments.floats(plan.buffer(q)),
                                    1e-6f);
                        }
                        net.save(ours, Map.of("format", "pt"));
                        assertEquals(Map.of("format", "pt"), net.load(ours));
                    }
                });
        final Safetensors.Contents expected = Safetensors.read(theirs);
        expected.tensors().get("1.num_batches_tracked").data().fill((byte) 0); // not counted
        assertSameTensors(expected, Safetensors.read(ours));
    }

    private static void assertSameTensors(
            final Safetensors.Contents expected, final Safetensors.Contents actual) {
        assertEquals(expected.metadata(), actual.metadata());
        assertEquals(expected.tensors().keySet(), actual.tensors().keySet());
        expected.tensors()
                .forEach(
                        (name, tensor) -> {
                            final Safetensors.Entry other = actual.tensors().get(name);
                            assertEquals(tensor.dtype(), other.dtype(), name);
                            assertEquals(tensor.shape(), other.shape(), name);
                            assertEquals(-1, tensor.data().mismatch(other.data()), name);
                        });
    }
}
